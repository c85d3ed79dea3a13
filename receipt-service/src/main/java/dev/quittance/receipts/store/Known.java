package dev.quittance.receipts.store;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.quittance.contracts.Forgetting;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.receipts.receipt.CodeLetter;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.Standing;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is known of some orders, whose locks the caller holds: all that their letters follow from.
///
/// @param facts none of an order without any
/// @param standings how their receipts stand
/// @param erasures when their customers were erased
/// @param open their letters with codes that still wait for facts
public record Known(
    Map<OrderId, List<PaymentFact>> facts,
    Map<OrderId, Map<ReceiptKey, Standing>> standings,
    Map<OrderId, Instant> erasures,
    List<CodeLetter> open) {

  /// Asks for all of it, together with what waits to be sent.
  public static Known of(Exchange exchange, Collection<OrderId> orders) throws SQLException {
    Exchange.Answer<PaymentFact> facts = Facts.ask(exchange, orders);
    Exchange.Answer<Book.Entry> receipts = Book.ask(exchange, orders);
    Exchange.Answer<Map.Entry<OrderId, Instant>> erasures = Erasure.ask(exchange, orders);
    Exchange.Answer<CodeLetter> open = Codes.ask(exchange, orders);
    return new Known(
        facts.rows().stream().collect(groupingBy(fact -> fact.event().about().order())),
        Book.standings(receipts),
        erasures.rows().stream().collect(toMap(Map.Entry::getKey, Map.Entry::getValue)),
        open.rows());
  }

  /// The same, with facts that are being stored.
  public Known with(List<HeardFact> added) {
    var all = new HashMap<OrderId, List<PaymentFact>>();
    facts.forEach((order, of) -> all.put(order, new ArrayList<>(of)));
    for (HeardFact heard : added) {
      all.computeIfAbsent(heard.order(), _ -> new ArrayList<>())
          .add(erased().contains(heard.order()) ? Forgetting.in(heard.fact()) : heard.fact());
    }
    return new Known(all, standings, erasures, open);
  }

  /// The orders whose customers were erased.
  public Set<OrderId> erased() {
    return erasures.keySet();
  }
}
