package dev.quittance.fulfillment.store;

import dev.quittance.contracts.OrderId;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first answers to requests that carried a key. Read and written under the order's lock.
final class IdempotencyKeys {

  /// A first answer, and what was asked.
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record First(byte[] request, Answer answer) {}

  private IdempotencyKeys() {}

  static @Nullable First find(Exchange exchange, OrderId order, String key) throws SQLException {
    List<First> found =
        exchange
            .ask(
                "SELECT request, status, body FROM idempotency_keys WHERE order_id = ? AND key = ?",
                Parameters.none().text(order.value()).text(key),
                row -> new First(row.getBytes(1), new Answer(row.getInt(2), row.getBytes(3))))
            .rows();
    return found.isEmpty() ? null : found.getFirst();
  }

  static void insert(
      Exchange exchange, OrderId order, String key, byte[] request, Answer answer, Instant now)
      throws SQLException {
    exchange.write(
        """
        INSERT INTO idempotency_keys (order_id, key, request, status, body, created_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        Parameters.none()
            .text(order.value())
            .text(key)
            .bytes(request)
            .number(answer.status())
            .bytes(answer.body())
            .instant(now));
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
