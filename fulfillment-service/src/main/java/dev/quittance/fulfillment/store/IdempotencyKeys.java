package dev.quittance.fulfillment.store;

import dev.quittance.contracts.OrderId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The first answers to requests that carried a key. Read and written under the order's lock.
final class IdempotencyKeys {

  /// A first answer, and what was asked.
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record First(byte[] request, Answer answer) {}

  private IdempotencyKeys() {}

  static @Nullable First find(Connection transaction, OrderId order, String key)
      throws SQLException {
    try (PreparedStatement statement =
        transaction.prepareStatement(
            "SELECT request, status, body FROM idempotency_keys WHERE order_id = ? AND key = ?")) {
      statement.setString(1, order.value());
      statement.setString(2, key);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new First(row.getBytes(1), new Answer(row.getInt(2), row.getBytes(3)))
            : null;
      }
    }
  }

  static void insert(
      Connection transaction, OrderId order, String key, byte[] request, Answer answer, Instant now)
      throws SQLException {
    try (PreparedStatement statement =
        transaction.prepareStatement(
            "INSERT INTO idempotency_keys (order_id, key, request, status, body, created_at)"
                + " VALUES (?, ?, ?, ?, ?, ?)")) {
      statement.setString(1, order.value());
      statement.setString(2, key);
      statement.setBytes(3, request);
      statement.setInt(4, answer.status());
      statement.setBytes(5, answer.body());
      statement.setTimestamp(6, Timestamp.from(now));
      statement.executeUpdate();
    }
  }

  /// What identifies a request: its kind and its content.
  static byte[] fingerprint(String kind, byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(kind.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return digest.digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
