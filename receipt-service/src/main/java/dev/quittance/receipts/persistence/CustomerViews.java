package dev.quittance.receipts.persistence;

import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.util.Optional;
import java.util.UUID;

/// What customers may see of their receipts.
public final class CustomerViews {

  private static final String OPENED =
      """
      SELECT receipt.content, receipt.number, o.erased_at IS NOT NULL
        FROM mails AS receipt
        JOIN orders AS o ON o.id = receipt.order_id
       WHERE receipt.token = ?::uuid AND receipt.kind <> 'code'
         AND (o.erased_at IS NOT NULL OR (receipt.content IS NOT NULL AND receipt.number IS NOT NULL))
      """;

  private final Database database;

  public CustomerViews(Database database) {
    this.database = database;
  }

  /// What a customer may see.
  public sealed interface View {
    /// The receipt.
    record Shown(ReceiptContent content, String number) implements View {}

    /// It is forgotten, at the customer's wish.
    record Gone() implements View {}
  }

  /// The receipt that a token opens, once it has its number.
  ///
  /// @throws DatabaseUnavailable when the database doesn't answer
  public Optional<View> opened(UUID token) {
    return database
        .<View>query(
            OPENED,
            Parameters.none().text(token.toString()),
            row ->
                row.getBoolean(3)
                    ? new View.Gone()
                    : new View.Shown(
                        Columns.read(row.getString(1), ReceiptContent.class), row.getString(2)))
        .stream()
        .findFirst();
  }
}
