package dev.quittance.fulfillment.access;

import dev.quittance.fulfillment.persistence.ConsoleSessions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the sessions of those who were taken out of the users' file or got another password, so
/// that who is put in again, or gets the old password back, doesn't find them still open.
@ApplicationScoped
class UsersWatch {

  private static final Logger LOG = LoggerFactory.getLogger(UsersWatch.class);

  /// Nobody is taken out and put in again within it by hand. A look costs one `stat`.
  static final int LOOK_SECONDS = 5;

  private final Users users;
  private final ConsoleSessions sessions;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("users-watch").factory());

  /// Whose sessions were left alone when it was looked last.
  private @Nullable Map<String, Users.User> known;

  UsersWatch(Users users, ConsoleSessions sessions) {
    this.users = users;
    this.sessions = sessions;
  }

  void start(@Observes StartupEvent started) {
    if (users.exist()) {
      var _ = looks.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
    }
  }

  void stop(@Observes ShutdownEvent stopping) {
    looks.shutdownNow();
  }

  /// Looks whether the file names others than before.
  synchronized void look() {
    try {
      Map<String, Users.User> now = users.withPasswords();
      if (now.equals(known)) {
        return;
      }
      var credentials = new HashMap<String, byte[]>();
      now.forEach((name, user) -> credentials.put(name, user.hash().fingerprint()));
      sessions.keep(credentials);
      known = now;
    } catch (SQLException | RuntimeException e) { // or it would never look again
      LOG.warn("users.sessions_not_ended cause={}", e.getClass().getSimpleName());
    }
  }
}
