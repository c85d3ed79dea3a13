package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.Sha256;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/// Who is signed in. Only a hash of the browser's token is kept: reading the table signs nobody in.
@Singleton
public class ConsoleSessions {

  /// 256 bits: not to be guessed.
  private static final int TOKEN_BYTES = 32;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final DataSource database;
  private final Clock clock;

  public ConsoleSessions(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Somebody's session.
  ///
  /// @param credential tells the password that began it from others
  @SuppressWarnings("ArrayRecordComponent") // compared by hand
  public record SignedIn(String user, byte[] credential) {}

  /// Begins a session, and forgets those that are over.
  ///
  /// @param credential tells the password from others
  /// @return the token that the browser keeps
  /// @throws SQLException when the database is away
  public String begin(String user, byte[] credential, Duration lifetime) throws SQLException {
    byte[] random = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(random);
    String token = HexFormat.of().formatHex(random);
    Instant now = clock.instant();
    Sql.update(
        database,
        "DELETE FROM console_sessions WHERE expires_at < ?",
        Parameters.none().instant(now));
    Sql.update(
        database,
        """
        INSERT INTO console_sessions (token_hash, user_name, credential, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?)
        """,
        Parameters.none()
            .bytes(Sha256.of(token))
            .text(user)
            .bytes(credential)
            .instant(now)
            .instant(now.plus(lifetime)));
    return token;
  }

  /// Whose session this is, while it lasts.
  ///
  /// @throws SQLException when the database is away
  public Optional<SignedIn> find(String token) throws SQLException {
    return Sql.first(
        database,
        "SELECT user_name, credential FROM console_sessions WHERE token_hash = ? AND expires_at > ?",
        Parameters.none().bytes(Sha256.of(token)).instant(clock.instant()),
        row -> new SignedIn(row.getString(1), row.getBytes(2)));
  }

  /// Ends a session everywhere.
  ///
  /// @throws SQLException when the database is away
  public void end(String token) throws SQLException {
    Sql.update(
        database,
        "DELETE FROM console_sessions WHERE token_hash = ?",
        Parameters.none().bytes(Sha256.of(token)));
  }

  /// Ends the sessions of everybody else, and those that another password began.
  ///
  /// @param credentials by name
  /// @throws SQLException when the database is away
  public void keep(Map<String, byte[]> credentials) throws SQLException {
    Sql.update(
        database,
        """
        DELETE FROM console_sessions AS session
         WHERE NOT EXISTS (
                 SELECT 1
                   FROM unnest(?::text[], ?::bytea[]) AS known (user_name, credential)
                  WHERE known.user_name = session.user_name
                    AND known.credential = session.credential)
        """,
        Parameters.none()
            .rows(credentials.entrySet())
            .text(Map.Entry::getKey)
            .bytes(Map.Entry::getValue)
            .end());
  }
}
