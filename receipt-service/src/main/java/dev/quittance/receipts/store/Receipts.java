package dev.quittance.receipts.store;

import dev.quittance.contracts.OrderId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/// The receipts, for reading.
@ApplicationScoped
public class Receipts implements PanacheRepositoryBase<ReceiptRow, String> {

  /// One payment has one receipt, and one for each of its refunds: nobody refunds oftener.
  private static final int RECEIPTS_MAX = 1_000;

  /// As many as a page for people has.
  public static final int PAGE = 200;

  private static final String UNDELIVERABLE = "status = 'undeliverable' and undeliverableAt >= ?1";

  /// The receipts whose amount the facts don't support, by their ids.
  ///
  /// @param after the last one of the page before
  public List<ReceiptRow> wrong(String after) {
    return find(
            "supportedMinor is not null and firstSentAt is not null and id > ?1 order by id", after)
        .page(0, PAGE)
        .list();
  }

  /// The receipts that were given up since a time, the latest first.
  public List<ReceiptRow> undeliverable(Instant since) {
    return find(UNDELIVERABLE + " order by undeliverableAt desc, id", since).page(0, PAGE).list();
  }

  /// How many receipts were given up since a time.
  public long countUndeliverable(Instant since) {
    return count(UNDELIVERABLE, since);
  }

  /// An order's receipts, the oldest first.
  public List<ReceiptRow> of(OrderId order) {
    return find("orderId = ?1 order by createdAt, kind, id", order.value())
        .page(0, RECEIPTS_MAX)
        .list();
  }
}
