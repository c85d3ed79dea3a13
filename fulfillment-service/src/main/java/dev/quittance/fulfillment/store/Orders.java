package dev.quittance.fulfillment.store;

import static java.util.Comparator.comparing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.RefundCount;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.AcceptedCommand;
import dev.quittance.fulfillment.order.OrderState;
import dev.quittance.fulfillment.order.PersonalData;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.hibernate.Session;
import org.hibernate.query.NativeQuery;
import org.jspecify.annotations.Nullable;

/// The orders, to be read.
@ApplicationScoped
public class Orders implements PanacheRepositoryBase<OrderRow, String> {

  /// The order as it is now.
  public Optional<OrderView> view(OrderId id) {
    return find("id = ?1 and view is not null", id.value())
        .firstResultOptional()
        .map(OrderRow::toView);
  }

  /// The order as it was at a moment, by what we knew then. Its version is the number of what was
  /// known, not the one that it had.
  public Optional<OrderView> view(OrderId id, Instant asOf) {
    List<PaymentFact> facts =
        rows(FactRow.class, "orderId = ?1 and recordedAt <= ?2", id.value(), asOf)
            .flatMap(row -> fact(row).stream())
            .toList();
    if (facts.isEmpty()) {
      return Optional.empty();
    }
    List<AcceptedCommand> commands =
        rows(
                CommandRow.class,
                "orderId = ?1 and recordedAt <= ?2 and number is not null order by number",
                id.value(),
                asOf)
            .map(CommandRow::accepted)
            .toList();
    long version = facts.size() + (long) commands.size();
    return Optional.of(OrderState.of(facts, commands).view(version, asOf));
  }

  /// The state that the order's facts and commands lead to; none where there is no such order.
  public Optional<OrderState> state(OrderId id) {
    List<PaymentFact> facts =
        rows(FactRow.class, "orderId = ?1", id.value()).flatMap(row -> fact(row).stream()).toList();
    return facts.isEmpty()
        ? Optional.empty()
        : Optional.of(OrderState.of(facts, commands(id, PersonalData.SHOWN)));
  }

  /// The commands that the order took, the earliest first.
  ///
  /// @param personal what may be seen of them
  public List<AcceptedCommand> commands(OrderId id, PersonalData personal) {
    return rows(CommandRow.class, "orderId = ?1 and number is not null order by number", id.value())
        .map(CommandRow::accepted)
        .map(taken ->
            new AcceptedCommand(
                taken.number(),
                taken.id(),
                taken.source(),
                taken.acceptedAt(),
                personal.in(taken.command())))
        .toList();
  }

  /// A page of the orders that are wanted. Which they are is found in an index alone; then only the
  /// page's own rows are read.
  ///
  /// @param after where to go on, or null to begin
  public OrderPage page(OrderFilter filter, OrderPage.@Nullable Place after, int limit) {
    String way = filter.oldestFirst() ? "ASC" : "DESC";
    OrderSearch search = new OrderSearch(filter).after(after, filter.oldestFirst());
    String sql =
        """
        SELECT o.id AS id, o.placed_at AS placed_at, o.view AS view
          FROM (SELECT id, placed_at FROM orders WHERE %s
                 ORDER BY placed_at %s, id %s LIMIT :rows) page
          JOIN orders o ON o.id = page.id
         ORDER BY page.placed_at %s, page.id %s
        """
            .formatted(search.where(), way, way, way, way);
    NativeQuery<Object[]> query =
        getEntityManager()
            .unwrap(Session.class)
            .createNativeQuery(sql, Object[].class)
            .addScalar("id", String.class)
            .addScalar("placed_at", Instant.class)
            .addScalar("view", byte[].class)
            .setParameter("rows", limit + 1);
    search.values().forEach(query::setParameter);
    return page(query.getResultList(), limit);
  }

  /// One more than the page's size was asked for, to know whether there is a next page.
  private static OrderPage page(List<Object[]> rows, int limit) {
    List<OrderView> orders =
        rows.stream()
            .limit(limit)
            .map(row -> WireFormat.read((byte[]) row[2], OrderView.class))
            .toList();
    if (rows.size() <= limit) {
      return new OrderPage(orders, null);
    }
    Object[] last = rows.get(limit - 1);
    return new OrderPage(
        orders, new OrderPage.Place((Instant) last[1], new OrderId((String) last[0])));
  }

  /// All that happened to an order: facts by the provider's time, events by ours.
  ///
  /// @param personal what may be seen of them
  public List<TimelineEntry> timeline(OrderId id, PersonalData personal) {
    List<FactRow> facts = rows(FactRow.class, "orderId = ?1", id.value()).toList();
    Map<String, String> uncounted =
        uncounted(facts.stream().flatMap(row -> fact(row).stream()).toList());
    return Stream.concat(
            facts.stream().flatMap(row -> entry(row, uncounted, personal).stream()),
            rows(EventRow.class, "orderId = ?1", id.value()).map(row -> entry(row, personal)))
        .sorted(
            comparing(TimelineEntry::occurredAt)
                .thenComparing(TimelineEntry::recordedAt)
                .thenComparingLong(entry -> entry.sequence() == null ? 0 : entry.sequence()))
        .toList();
  }

  /// Which refunds count in no sum, and why.
  private static Map<String, String> uncounted(List<PaymentFact> facts) {
    RefundCount count = facts.isEmpty() ? null : PaymentPicture.of(facts).refundCount();
    if (count == null) {
      return Map.of();
    }
    var why = new HashMap<String, String>();
    count.uncounted().forEach(refund -> why.put(String.valueOf(refund.refund()), "other_currency"));
    if (count.release() != null) {
      why.put(count.release(), "release");
    }
    return why;
  }

  private <T> Stream<T> rows(Class<T> shape, String where, Object... values) {
    var query =
        getEntityManager().createQuery("from " + shape.getSimpleName() + " where " + where, shape);
    for (int i = 0; i < values.length; i++) {
      query.setParameter(i + 1, values[i]);
    }
    return query.getResultList().stream();
  }

  private static Optional<PaymentFact> fact(FactRow row) {
    return Optional.ofNullable(
        LockedOrders.fact(row.eventId, row.translation, row.lookup, row.type, row.data));
  }

  private static Optional<TimelineEntry> entry(
      FactRow row, Map<String, String> uncounted, PersonalData personal) {
    return fact(row)
        .map(personal::in)
        .map(fact -> {
          var about = fact.event().about();
          var said = Said.of(fact.event());
          return new TimelineEntry(
              row.eventId,
              row.type,
              about.occurredAt(),
              row.recordedAt,
              row.source,
              row.origin,
              null,
              about.sourceEvent(),
              about.sourceType(),
              said.amount,
              said.refund,
              said.dispute,
              said.status,
              said.reason,
              said.refund == null ? null : uncounted.get(said.refund),
              null);
        });
  }

  private static TimelineEntry entry(EventRow row, PersonalData personal) {
    JsonNode detail = WireFormat.read(row.detail, JsonNode.class);
    if (detail instanceof ObjectNode fields) {
      Erasure.mask(fields, personal);
    }
    return new TimelineEntry(
        row.eventId,
        row.type,
        row.occurredAt,
        row.occurredAt,
        Changes.SOURCE,
        null,
        row.sequence,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        detail);
  }

  /// The few fields of a payment event that a timeline shows.
  private record Said(
      @Nullable Money amount,
      @Nullable String refund,
      @Nullable String dispute,
      @Nullable String status,
      @Nullable Reason reason) {

    static Said of(PaymentEvent event) {
      return switch (event) {
        case PaymentEvent.Pending(_, var details) ->
            new Said(details.amount(), null, null, null, null);
        case PaymentEvent.Succeeded(_, var details) ->
            new Said(
                details.received() != null ? details.received() : details.amount(),
                null,
                null,
                null,
                null);
        case PaymentEvent.AttemptFailed(_, var details, var reason) ->
            new Said(details.amount(), null, null, null, reason);
        case PaymentEvent.Failed(_, var details, var reason) ->
            new Said(details.amount(), null, null, null, reason);
        case PaymentEvent.Canceled(_, var details, var reason) ->
            new Said(details.amount(), null, null, null, reason);
        case PaymentEvent.ItemsKnown(_, var itemsState, _, _) ->
            new Said(null, null, null, Changes.wireName(itemsState), null);
        case PaymentEvent.RefundUpdated(
                _,
                var refund,
                var status,
                var amount,
                _,
                _,
                _,
                var reason) ->
            new Said(amount, refund, null, Changes.wireName(status), reason);
        case PaymentEvent.RefundTotalUpdated(_, var total, _) ->
            new Said(total, null, null, null, null);
        case PaymentEvent.DisputeUpdated(_, var dispute, var status, var amount, var reason) ->
            new Said(amount, null, dispute, Changes.wireName(status), reason);
      };
    }
  }
}
