package dev.quittance.fulfillment.store;

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

  /// Begins a session, and forgets those that are over.
  ///
  /// @return the token that the browser keeps
  /// @throws SQLException when the database is away
  public String begin(String user, Duration lifetime) throws SQLException {
    byte[] random = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(random);
    String token = HexFormat.of().formatHex(random);
    OffsetDateTime now = now();
    try (Connection connection = database.getConnection();
        PreparedStatement forget =
            connection.prepareStatement("DELETE FROM console_sessions WHERE expires_at < ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO console_sessions (token_hash, user_name, created_at, expires_at)"
                    + " VALUES (?, ?, ?, ?)")) {
      forget.setObject(1, now);
      forget.executeUpdate();
      insert.setBytes(1, hash(token));
      insert.setString(2, user);
      insert.setObject(3, now);
      insert.setObject(4, now.plus(lifetime));
      insert.executeUpdate();
    }
    return token;
  }

  /// Whose session this is, while it lasts.
  ///
  /// @throws SQLException when the database is away
  public Optional<String> user(String token) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT user_name FROM console_sessions WHERE token_hash = ? AND expires_at > ?")) {
      statement.setBytes(1, hash(token));
      statement.setObject(2, now());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
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
