package dev.quittance.receipts.store;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.Transactions;
import dev.quittance.receipts.receipt.ReceiptContent;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.receipt.Status;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// What people do with single receipts: have them sent again, and look at them.
public final class ByHand {

  /// Orders are locked before what belongs to them, here as everywhere.
  private static final String LOCK =
      "SELECT id FROM orders WHERE id = (SELECT order_id FROM receipts WHERE id = ?) FOR UPDATE";

  private static final String FIND =
      """
      SELECT %s, receipt.content IS NOT NULL, o.erased_at IS NOT NULL, receipt.first_sent_at
        FROM receipts AS receipt
        JOIN orders AS o ON o.id = receipt.order_id
       WHERE receipt.id = ?
         FOR UPDATE OF receipt
      """
          .formatted(Resends.BEFORE);

  private static final String ASKED =
      """
      SELECT at, recipient, request, edition
        FROM receipt_resends
       WHERE receipt_id = ? AND idempotency_key = ?
      """;

  private static final String VIEW =
      """
      SELECT receipt.content, receipt.number, o.erased_at IS NOT NULL
        FROM receipts AS receipt
        JOIN orders AS o ON o.id = receipt.order_id
       WHERE receipt.token = ?
         AND (o.erased_at IS NOT NULL OR (receipt.content IS NOT NULL AND receipt.number IS NOT NULL))
      """;

  private final DataSource database;
  private final Clock clock;

  public ByHand(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// What became of a request to send a receipt again.
  public sealed interface Answer {

    /// It is due, or was made so by the same request before.
    ///
    /// @param sending how often it was sent then, or was to be
    /// @param to masked
    /// @param firstSentAt when the receipt had been sent first, if it had
    record Due(int sending, String to, @Nullable Instant firstSentAt) implements Answer {}

    /// There is no such receipt.
    record Unknown() implements Answer {}

    /// It is on its way anyhow.
    record UnderWay(Status status) implements Answer {}

    /// Its customer was erased: there is nothing left to send.
    record Erased() implements Answer {}

    /// Nobody has said where to.
    record Addressless() implements Answer {}

    /// The key was used for another request.
    record KeyReused() implements Answer {}
  }

  /// What a customer may see.
  public sealed interface View {
    /// The receipt.
    record Shown(ReceiptContent content, String number) implements View {}

    /// It is forgotten, at the customer's wish.
    record Gone() implements View {}
  }

  /// Makes a receipt due once more, as a new edition, and writes down who wanted it.
  public Answer resend(ReceiptId id, ResendRequest request) {
    try {
      return Transactions.in(database, transaction -> resend(transaction, id, request));
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  private Answer resend(Connection transaction, ReceiptId id, ResendRequest request)
      throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(LOCK)) {
      statement.setString(1, id.value());
      statement.execute();
    }
    Resends.Before before;
    boolean complete;
    Instant firstSentAt;
    try (PreparedStatement statement = transaction.prepareStatement(FIND)) {
      statement.setString(1, id.value());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return new Answer.Unknown();
        }
        if (row.getBoolean(11)) {
          return new Answer.Erased();
        }
        before = Resends.Before.of(row);
        complete = row.getBoolean(10);
        firstSentAt = instant(row, 12);
      }
    }
    Answer first = first(transaction, id, request, firstSentAt);
    if (first != null) {
      return first;
    }
    Status status = Status.named(before.status());
    boolean ready =
        switch (status) {
          case SENT, UNDELIVERABLE, SKIPPED, RETRYING -> complete;
          case WAITING, DUE, SENDING -> false;
        };
    if (!ready) {
      return new Answer.UnderWay(status);
    }
    String recipient = request.to().isPresent() ? request.to().get() : before.recipient();
    if (recipient == null) {
      return new Answer.Addressless();
    }
    Resends.make(
        transaction,
        List.of(new Resends.Again(before, recipient)),
        request.by(),
        request.key().orElse(null),
        request.digest(),
        clock.instant());
    return new Answer.Due(before.edition() + 1, Customer.masked(recipient), firstSentAt);
  }

  /// What the same request was told before, if it was made before.
  private static @Nullable Answer first(
      Connection transaction, ReceiptId id, ResendRequest request, @Nullable Instant firstSentAt)
      throws SQLException {
    if (request.key().isEmpty()) {
      return null;
    }
    try (PreparedStatement statement = transaction.prepareStatement(ASKED)) {
      statement.setString(1, id.value());
      statement.setString(2, request.key().get());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        if (!row.getString(3).equals(request.digest())) {
          return new Answer.KeyReused();
        }
        Instant at = row.getObject(1, OffsetDateTime.class).toInstant();
        boolean sentBefore = firstSentAt != null && !firstSentAt.isAfter(at);
        return new Answer.Due(row.getInt(4), row.getString(2), sentBefore ? firstSentAt : null);
      }
    }
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  /// The receipt that a token opens, once it has its number.
  public Optional<View> view(UUID token) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(VIEW)) {
      statement.setObject(1, token);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        if (row.getBoolean(3)) {
          return Optional.of(new View.Gone());
        }
        byte[] json = row.getString(1).getBytes(StandardCharsets.UTF_8);
        return Optional.of(
            new View.Shown(WireFormat.read(json, ReceiptContent.class), row.getString(2)));
      }
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }
}
