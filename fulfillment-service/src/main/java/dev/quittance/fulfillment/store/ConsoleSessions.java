package dev.quittance.fulfillment.store;

import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/// Who is signed in. Only a hash of the browser's token is kept: reading the table signs nobody in.
public final class ConsoleSessions {

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
    OffsetDateTime now = now();
    try (Connection connection = database.getConnection();
        PreparedStatement forget =
            connection.prepareStatement("DELETE FROM console_sessions WHERE expires_at < ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO console_sessions"
                    + " (token_hash, user_name, credential, created_at, expires_at)"
                    + " VALUES (?, ?, ?, ?, ?)")) {
      forget.setObject(1, now);
      forget.executeUpdate();
      insert.setBytes(1, hash(token));
      insert.setString(2, user);
      insert.setBytes(3, credential);
      insert.setObject(4, now);
      insert.setObject(5, now.plus(lifetime));
      insert.executeUpdate();
    }
    return token;
  }

  /// Whose session this is, while it lasts.
  ///
  /// @throws SQLException when the database is away
  public Optional<SignedIn> find(String token) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT user_name, credential FROM console_sessions"
                    + " WHERE token_hash = ? AND expires_at > ?")) {
      statement.setBytes(1, hash(token));
      statement.setObject(2, now());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(new SignedIn(row.getString(1), row.getBytes(2)))
            : Optional.empty();
      }
    }
  }

  /// Ends a session everywhere.
  ///
  /// @throws SQLException when the database is away
  public void end(String token) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("DELETE FROM console_sessions WHERE token_hash = ?")) {
      statement.setBytes(1, hash(token));
      statement.executeUpdate();
    }
  }

  /// Ends the sessions of everybody else, and those that another password began.
  ///
  /// @param credentials by name
  /// @throws SQLException when the database is away
  public void keep(Map<String, byte[]> credentials) throws SQLException {
    try (Connection connection = database.getConnection()) {
      var exchange = new Exchange(connection);
      exchange.write(
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
      exchange.send();
    }
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
