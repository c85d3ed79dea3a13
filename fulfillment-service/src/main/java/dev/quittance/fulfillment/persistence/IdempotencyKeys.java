package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Sha256;
import dev.quittance.contracts.WireFormat;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first answers to requests that carried a key. Read and written under the order's lock.
public final class IdempotencyKeys {

  private final StatementPipeline transaction;

  IdempotencyKeys(StatementPipeline transaction) {
    this.transaction = transaction;
  }

  /// What was answered first to whoever used the key.
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record First(byte[] request, StoredAnswer answer) {

    /// Whether the same was asked for.
    public boolean isFor(FulfillmentCommand command) {
      return Arrays.equals(request, fingerprint(command));
    }
  }

  /// Null when the key wasn't used yet.
  public @Nullable First find(OrderId order, String key) throws SQLException {
    List<First> found =
        transaction
            .ask(
                "SELECT request, status, body FROM idempotency_keys WHERE order_id = ? AND key = ?",
                Parameters.none().text(order.value()).text(key),
                row -> new First(row.getBytes(1), new StoredAnswer(row.getInt(2), row.getBytes(3))))
            .rows();
    return found.isEmpty() ? null : found.getFirst();
  }

  /// Keeps the first answer.
  public void insert(
      OrderId order, String key, FulfillmentCommand command, StoredAnswer answer, Instant now)
      throws SQLException {
    transaction.write(
        """
        INSERT INTO idempotency_keys (order_id, key, request, status, body, created_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        Parameters.none()
            .text(order.value())
            .text(key)
            .bytes(fingerprint(command))
            .number(answer.status())
            .bytes(answer.body())
            .instant(now));
  }

  /// What identifies a request: its kind and its content.
  private static byte[] fingerprint(FulfillmentCommand command) {
    MessageDigest digest = Sha256.begin();
    digest.update(command.type().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return digest.digest(WireFormat.write(command));
  }
}
