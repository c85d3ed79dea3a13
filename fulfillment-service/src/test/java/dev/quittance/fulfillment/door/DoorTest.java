package dev.quittance.fulfillment.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.access.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Passwords, the users' file, and how often somebody may guess.
class DoorTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  /// As `openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt pass:secret -kdfopt
  /// hexsalt:00112233445566778899aabbccddeeff -kdfopt iter:600000 PBKDF2` prints it.
  private static final String BY_OPENSSL =
      "pbkdf2-sha256:600000:00112233445566778899aabbccddeeff:96666a043e8f5c98df6e3babfd926c3bf48788e81ed82927b71dd7ece1da7d6a";

  @TempDir Path directory;

  @Test
  void aHashMadeByOpensslIsUnderstood() {
    Passwords hash = Passwords.read(BY_OPENSSL).orElseThrow();

    assertThat(hash.matches("secret")).isTrue();
    assertThat(hash.matches("Secret")).isFalse();
    assertThat(hash.matches("x".repeat(Passwords.PASSWORD_LENGTH_MAX + 1))).isFalse();
    assertThat(hash.text()).isEqualTo(BY_OPENSSL);
    assertThat(hash.toString()).doesNotContain("0011");
  }

  @Test
  void weakOrBrokenHashesAreNone() {
    String salt = "00112233445566778899aabbccddeeff";
    for (String text :
        List.of(
            "",
            "secret",
            "pbkdf2-sha256:1000:" + salt + ":" + "00".repeat(32),
            "pbkdf2-sha256:99999999:" + salt + ":" + "00".repeat(32),
            "pbkdf2-sha256:600000:" + salt + "0:" + "00".repeat(32),
            "pbkdf2-sha256:600000:" + salt + ":" + "00".repeat(31))) {
      assertThat(Passwords.read(text)).as(text).isEmpty();
    }
  }

  @Test
  void theUsersFileIsReadAgainWhenItChanges() throws Exception {
    Path file = directory.resolve("users");
    Files.writeString(file, "# people\n\notto operator " + BY_OPENSSL + "\n");
    var users = new Users(Optional.of(file.toString()));
    assertThat(users.find("otto").orElseThrow().role()).isEqualTo(Role.OPERATOR);
    assertThat(users.find("vera")).isEmpty();
    assertThat(users.find("vera", "secret")).isEmpty();

    Files.writeString(file, "vera viewer " + BY_OPENSSL + "\n");
    Files.setLastModifiedTime(file, FileTime.from(NOW));
    assertThat(users.find("otto")).isEmpty();
    assertThat(users.find("vera", "secret")).isPresent();

    Files.writeString(file, "half a li");
    Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(1)));
    assertThat(users.find("vera")).isPresent();
  }

  @Test
  void aUsersFileThatSaysNothingStopsTheStart() throws Exception {
    Path file = directory.resolve("users");
    for (String line :
        List.of("otto", "otto boss " + BY_OPENSSL, "otto admin secret", "o\u00f6 admin x")) {
      Files.write(file, line.getBytes(UTF_8));
      assertThatThrownBy(() -> new Users(Optional.of(file.toString())))
          .as(line)
          .hasMessageContaining("line 1")
          .hasMessageNotContaining("secret");
    }
    assertThatThrownBy(() -> new Users(Optional.of(directory.resolve("none").toString())))
        .hasMessageContaining("QUITTANCE_CONSOLE_USERS");
    assertThat(new Users(Optional.empty()).exist()).isFalse();
  }

  @Test
  void rolesIncludeThoseBelow() {
    assertThat(Role.ADMIN.includes(Role.OPERATOR)).isTrue();
    assertThat(Role.OPERATOR.includes(Role.OPERATOR)).isTrue();
    assertThat(Role.VIEWER.includes(Role.OPERATOR)).isFalse();
    assertThat(Role.read("Admin")).isEmpty();
  }

  @Test
  void guessesAreCountedPerNameAndPerAddressForAWhile() {
    var now = new AtomicReference<>(NOW);
    var throttle = new SignInThrottle(clock(now::get));
    for (int i = 0; i < SignInThrottle.FAILURES_PER_NAME_MAX; i++) {
      assertThat(throttle.attempt("otto", "192.0.2." + i)).isTrue();
    }
    assertThat(throttle.attempt("otto", "192.0.2.99")).isFalse();
    assertThat(throttle.attempt("vera", "192.0.2.99")).isTrue();
    for (int i = 0; i < SignInThrottle.FAILURES_PER_ADDRESS_MAX; i++) {
      throttle.attempt("name" + i, "198.51.100.1");
    }
    assertThat(throttle.attempt("ada", "198.51.100.1")).isFalse();

    now.set(NOW.plus(SignInThrottle.WINDOW).plus(Duration.ofSeconds(1)));
    assertThat(throttle.attempt("otto", "192.0.2.99")).isTrue();
    assertThat(throttle.attempt("ada", "198.51.100.1")).isTrue();
  }

  @Test
  void whoSucceedsIsForgiven() {
    var throttle = new SignInThrottle(Clock.fixed(NOW, ZoneOffset.UTC));
    for (int i = 0; i < 3 * SignInThrottle.FAILURES_PER_ADDRESS_MAX; i++) {
      assertThat(throttle.attempt("otto", "192.0.2.1")).isTrue();
      throttle.succeeded("otto", "192.0.2.1");
    }
  }

  private static Clock clock(InstantSource source) {
    return source.withZone(ZoneId.of("UTC"));
  }
}
