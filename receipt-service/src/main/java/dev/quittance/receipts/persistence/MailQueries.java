package dev.quittance.receipts.persistence;

import dev.quittance.contracts.OrderId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/// The mails, for reading.
@ApplicationScoped
public class MailQueries implements PanacheRepositoryBase<MailRow, String> {

  /// One payment has one receipt, one for each of its refunds, and a code per line: nobody has
  /// more.
  private static final int OF_ORDER_MAX = 1_000;

  /// As many as a page for people has.
  public static final int PAGE = 200;

  private static final String UNDELIVERABLE =
      "kind <> 'code' and status = 'undeliverable' and undeliverableAt >= ?1";

  private static final String KEPT_CODES =
      "codeKept = true and kind = 'code' and status in ('undeliverable', 'skipped')";

  /// The receipts whose amount the facts don't support, by their ids.
  ///
  /// @param after the last one of the page before
  public List<MailRow> wrong(String after) {
    return page(
        "supportedMinor is not null and firstSentAt is not null and id > ?1 order by id", after);
  }

  /// The receipts that were given up since a time, the latest first.
  public List<MailRow> undeliverable(Instant since) {
    return page(UNDELIVERABLE + " order by undeliverableAt desc, id", since);
  }

  /// How many receipts were given up since a time.
  public long countUndeliverable(Instant since) {
    return count(UNDELIVERABLE, since);
  }

  /// The codes that are kept although nothing sends them by itself, the newest first.
  public List<MailRow> keptCodes() {
    return page(KEPT_CODES + " order by createdAt desc, id");
  }

  /// How many codes are kept although nothing sends them by itself.
  public long countKeptCodes() {
    return count(KEPT_CODES);
  }

  private List<MailRow> page(String query, Object... parameters) {
    return find(query, parameters).page(0, PAGE).list();
  }

  /// An order's receipts, the oldest first.
  public List<MailRow> receiptsOf(OrderId order) {
    return find("orderId = ?1 and kind <> 'code' order by createdAt, kind, id", order.value())
        .page(0, OF_ORDER_MAX)
        .list();
  }

  /// An order's codes, the oldest first.
  public List<MailRow> codesOf(OrderId order) {
    return find("orderId = ?1 and kind = 'code' order by createdAt, id", order.value())
        .page(0, OF_ORDER_MAX)
        .list();
  }
}
