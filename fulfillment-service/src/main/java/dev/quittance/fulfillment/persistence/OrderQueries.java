package dev.quittance.fulfillment.persistence;

import static java.util.Comparator.comparing;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.AcceptedCommand;
import dev.quittance.fulfillment.order.OrderState;
import dev.quittance.fulfillment.order.PersonalData;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.hibernate.Session;
import org.hibernate.query.NativeQuery;
import org.jspecify.annotations.Nullable;

/// What pages and REST read of orders.
@ApplicationScoped
public class OrderQueries implements PanacheRepositoryBase<OrderRow, String> {

  private static final String TAKEN = "orderId = ?1 and number is not null";

  private static final Sort BY_NUMBER = Sort.by("number");

  private static final int DUPLICATES_MAX = 100;

  private final Facts facts;
  private final Commands commands;
  private final Events events;

  OrderQueries(Facts facts, Commands commands, Events events) {
    this.facts = facts;
    this.commands = commands;
    this.events = events;
  }

  @ApplicationScoped
  static class Facts implements PanacheRepositoryBase<FactRow, String> {}

  @ApplicationScoped
  static class Commands implements PanacheRepositoryBase<CommandRow, CommandRow.Key> {}

  @ApplicationScoped
  static class Events implements PanacheRepositoryBase<EventRow, EventRow.Key> {}

  /// The order as it is now.
  public Optional<OrderView> view(OrderId id) {
    return find("id = ?1 and view is not null", id.value())
        .firstResultOptional()
        .map(OrderRow::toView);
  }

  /// The orders that were found to be paid after this one under the same reference, by their ids.
  /// More would be no mistake of a customer's.
  public List<OrderId> duplicates(OrderId first) {
    return find("duplicateOf", Sort.by("id"), first.value()).page(0, DUPLICATES_MAX).list().stream()
        .map(row -> new OrderId(row.id))
        .toList();
  }

  /// The order as it was at a moment, by what we knew then. Its version is the number of what was
  /// known, not the one that it had.
  public Optional<OrderView> view(OrderId id, Instant asOf) {
    List<PaymentFact> known =
        read(facts.list("orderId = ?1 and recordedAt <= ?2", id.value(), asOf));
    if (known.isEmpty()) {
      return Optional.empty();
    }
    List<AcceptedCommand> taken =
        commands.list(TAKEN + " and recordedAt <= ?2", BY_NUMBER, id.value(), asOf).stream()
            .map(CommandRow::accepted)
            .toList();
    long version = known.size() + (long) taken.size();
    return Optional.of(OrderState.of(known, taken).view(version, asOf));
  }

  /// The state that the order's facts and commands lead to; none where there is no such order.
  public Optional<OrderState> state(OrderId id) {
    List<PaymentFact> known = read(facts.list("orderId", id.value()));
    return known.isEmpty()
        ? Optional.empty()
        : Optional.of(OrderState.of(known, commands(id, PersonalData.SHOWN)));
  }

  /// The commands that the order took, the earliest first.
  ///
  /// @param personal what may be seen of them
  public List<AcceptedCommand> commands(OrderId id, PersonalData personal) {
    return commands.list(TAKEN, BY_NUMBER, id.value()).stream()
        .map(CommandRow::accepted)
        .map(taken ->
            new AcceptedCommand(
                taken.number(),
                taken.id(),
                taken.source(),
                taken.acceptedAt(),
                personal.in(taken.command()),
                taken.duplicateOf()))
        .toList();
  }

  /// A page of the orders that are wanted. Which they are is found in an index alone; then only the
  /// page's own rows are read.
  ///
  /// @param after where to go on, or null to begin
  public OrderSlice page(OrderFilter filter, OrderSlice.@Nullable Place after, int limit) {
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
  private static OrderSlice page(List<Object[]> rows, int limit) {
    List<OrderView> orders =
        rows.stream()
            .limit(limit)
            .map(row -> WireFormat.read((byte[]) row[2], OrderView.class))
            .toList();
    if (rows.size() <= limit) {
      return new OrderSlice(orders, null);
    }
    Object[] last = rows.get(limit - 1);
    return new OrderSlice(
        orders, new OrderSlice.Place((Instant) last[1], new OrderId((String) last[0])));
  }

  /// All that happened to an order: facts by the provider's time, events by ours.
  ///
  /// @param personal what may be seen of them
  public List<TimelineEntry> timeline(OrderId id, PersonalData personal) {
    List<FactRow> rows = facts.list("orderId", id.value());
    Map<String, String> uncounted = TimelineEntry.uncounted(read(rows));
    return Stream.concat(
            rows.stream().flatMap(row -> TimelineEntry.of(row, uncounted, personal).stream()),
            events.list("orderId", id.value()).stream().map(row -> TimelineEntry.of(row, personal)))
        .sorted(
            comparing(TimelineEntry::occurredAt)
                .thenComparing(TimelineEntry::recordedAt)
                .thenComparingLong(entry -> entry.sequence() == null ? 0 : entry.sequence()))
        .toList();
  }

  private static List<PaymentFact> read(List<FactRow> rows) {
    return rows.stream().flatMap(row -> row.fact().stream()).toList();
  }

  /// The facts that an order rests on, with the way that each came, the earliest first.
  public List<ReceivedFact> receivedFacts(OrderId order, int limit) {
    return facts
        .find("orderId", Sort.by("recordedAt").and("eventId"), order.value())
        .page(0, limit)
        .list()
        .stream()
        .map(FactRow::received)
        .toList();
  }

  /// Whether anything rests on a webhook that a provider delivered.
  public boolean restOnWebhooks() {
    return facts.find("origin", "webhook").firstResultOptional().isPresent();
  }

  /// Whether the order's customer was erased: then nothing may bring them back.
  public boolean isErased(OrderId order) {
    return count("id = ?1 and erasedAt is not null", order.value()) > 0;
  }
}
