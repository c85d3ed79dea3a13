package dev.quittance.fulfillment.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.fulfillment.persistence.ConsoleSessions;
import dev.quittance.fulfillment.usecase.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose sessions end with a change of the users' file.
class UsersWatchTest {

  private static final Duration DAY = Duration.ofDays(1);

  private final String otto = "otto operator " + Passwords.of("one", new byte[16]).text() + "\n";
  private final String vera = "vera viewer " + Passwords.of("two", new byte[16]).text() + "\n";

  @TempDir Path directory;

  @Test
  void whoIsPutInAgainFindsNoOldSession() throws Exception {
    Path file = directory.resolve("users");
    Files.writeString(file, otto + vera);
    var users = new Users(Optional.of(file.toString()));
    var sessions = new ConsoleSessions(TestDatabase.at(TestDatabase.prepare()), Clock.systemUTC());
    var watch = new UsersWatch(users, sessions);
    String ottos = begin(sessions, users, "otto");
    String veras = begin(sessions, users, "vera");
    watch.look();
    assertThat(sessions.find(ottos)).isPresent();

    Files.writeString(file, vera);
    watch.look();
    Files.writeString(file, otto + vera);
    watch.look();

    assertThat(sessions.find(ottos)).isEmpty();
    assertThat(sessions.find(veras)).isPresent();
    Files.writeString(file, "vera viewer " + Passwords.of("three", new byte[16]).text());
    watch.look();
    Files.writeString(file, vera);
    watch.look();
    assertThat(sessions.find(veras)).as("the old password is back, its session isn't").isEmpty();
  }

  @Test
  void whoWasTakenOutWhileNothingRanIsOut() throws Exception {
    Path file = directory.resolve("users");
    Files.writeString(file, otto + vera);
    var sessions = new ConsoleSessions(TestDatabase.at(TestDatabase.prepare()), Clock.systemUTC());
    String ottos = begin(sessions, new Users(Optional.of(file.toString())), "otto");

    Files.writeString(file, vera);
    new UsersWatch(new Users(Optional.of(file.toString())), sessions).look();

    assertThat(sessions.find(ottos)).isEmpty();
  }

  private static String begin(ConsoleSessions sessions, Users users, String name) throws Exception {
    return sessions.begin(name, users.find(name).orElseThrow().hash().fingerprint(), DAY);
  }
}
