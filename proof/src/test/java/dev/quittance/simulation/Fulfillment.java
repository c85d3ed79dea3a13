package dev.quittance.simulation;

import dev.quittance.contracts.About;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.Reason;
import dev.quittance.fulfillment.order.AcceptedCommand;
import dev.quittance.fulfillment.order.AnnouncedState;
import dev.quittance.fulfillment.order.Decision;
import dev.quittance.fulfillment.order.OrderState;
import dev.quittance.fulfillment.order.Transition;
import dev.quittance.simulation.Broker.Delivered;
import dev.quittance.simulation.Database.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// fulfillment-service: the real fold and the real transitions, in the protocol of its store.
final class Fulfillment {

  /// What is stored with an order.
  record Row(AnnouncedState told, long version, long sequence, @Nullable OrderView view) {
    static final Row NEW = new Row(AnnouncedState.NOTHING, 0, 0, null);
  }

  /// What is published about an order.
  record Published(EventId id, String order, long sequence, FulfillmentEvent event) {}

  /// What is published as an order's latest state.
  record State(String order, long version, long sequence, OrderView view) {}

  /// A command on its way.
  record Asked(EventId id, String order, FulfillmentCommand command) {}

  final Database database;
  private final World world;
  private final Broker broker;
  private final Set<Flaw> flaws;

  Fulfillment(World world, Broker broker, Set<Flaw> flaws) {
    this.world = world;
    this.broker = broker;
    this.flaws = flaws;
    this.database = new Database(world);
  }

  /// Starts one instance.
  void boot(Host host) {
    var group = broker.group("fulfillment");
    host.spawn("facts", new Intake(group, Names.PAYMENTS, database, this::takeFacts, flaws));
    host.spawn("commands", new Intake(group, Names.COMMANDS, database, this::takeCommands, flaws));
    host.spawn("relay", new Relay("fulfillment", database, broker, flaws));
    host.spawn("states", new States(database, broker, flaws));
  }

  private int takeFacts(Transaction transaction, List<Delivered> batch) {
    List<PaymentMessage> messages =
        batch.stream().map(record -> (PaymentMessage) record.value()).toList();
    var orders = new TreeSet<String>();
    int claimed = Claims.take(transaction, messages, orders, flaws);
    locked(
        transaction,
        orders,
        (order, row) -> {
          OrderState state = state(transaction, order, row);
          return tell(transaction, order, row, Transition.byFacts(told(row), state), state);
        });
    return claimed;
  }

  private static String orderOf(PaymentFact fact) {
    return fact.event().about().order().value();
  }

  private int takeCommands(Transaction transaction, List<Delivered> batch) {
    List<Asked> commands = batch.stream().map(record -> (Asked) record.value()).toList();
    var orders = new TreeSet<String>();
    commands.forEach(asked -> orders.add(asked.order()));
    int[] applied = {0};
    locked(
        transaction,
        orders,
        (order, row) -> {
          Row now = row;
          for (Asked asked : commands) {
            if (asked.order().equals(order) && !knows(transaction, asked)) {
              applied[0]++;
              now = decide(transaction, asked, now);
            }
          }
          return now;
        });
    return applied[0];
  }

  private static boolean knows(Transaction transaction, Asked asked) {
    return transaction.get("command/" + asked.order() + "/" + asked.id(), Object.class) != null;
  }

  private Row decide(Transaction transaction, Asked asked, Row row) {
    OrderState before = state(transaction, asked.order(), row);
    List<AcceptedCommand> accepted = commands(transaction, asked.order());
    String key = "command/" + asked.order() + "/" + asked.id();
    return switch (before.decide(asked.command())) {
      case Decision.Accepted() -> {
        transaction.put(
            key,
            new AcceptedCommand(
                accepted.size() + 1L, asked.id(), "shipping", at(), asked.command()));
        OrderState after = state(transaction, asked.order(), row);
        yield tell(
            transaction,
            asked.order(),
            row,
            Transition.byCommand(told(row), before, after, asked.command()),
            after);
      }
      case Decision.Refused(var refusal) -> {
        transaction.put(key, refusal);
        long sequence = row.sequence() + 1;
        OrderView view = before.view(row.version(), at());
        publish(
            transaction,
            asked.order(),
            sequence,
            new FulfillmentEvent.Rejected(
                view, asked.id(), asked.command().type(), refusal.reason()));
        yield new Row(row.told(), row.version(), sequence, row.view());
      }
    };
  }

  /// Locks orders in the order of their ids, and writes what becomes of each.
  private void locked(
      Transaction transaction, SortedSet<String> orders, BiFunction<String, Row, Row> change) {
    for (String order : orders) {
      if (!flaws.contains(Flaw.NO_ORDER_LOCK)) {
        transaction.lock("order/" + order);
      }
    }
    for (String order : orders) {
      Row row = transaction.get("order/" + order, Row.class);
      boolean known = row != null || !facts(transaction, order).isEmpty();
      if (known) {
        transaction.put("order/" + order, change.apply(order, row == null ? Row.NEW : row));
      }
    }
  }

  private AnnouncedState told(Row row) {
    return flaws.contains(Flaw.TOLD_IS_FORGOTTEN) ? AnnouncedState.NOTHING : row.told();
  }

  private Row tell(
      Transaction transaction, String order, Row row, Transition transition, OrderState state) {
    OrderView last = row.view();
    Instant updated = last == null ? Instant.EPOCH : last.updatedAt();
    boolean changed =
        !transition.announcements().isEmpty() || !state.view(row.version(), updated).equals(last);
    if (!changed) {
      return new Row(transition.announced(), row.version(), row.sequence(), last);
    }
    long version = row.version() + 1;
    OrderView view = state.view(version, at());
    long sequence = row.sequence();
    for (FulfillmentEvent event : transition.events(view)) {
      sequence++;
      publish(transaction, order, sequence, event);
    }
    States.mark(transaction, order);
    return new Row(transition.announced(), version, sequence, view);
  }

  private static void publish(
      Transaction transaction, String order, long sequence, FulfillmentEvent event) {
    Relay.append(
        transaction,
        order,
        sequence,
        Names.EVENTS,
        new Published(new EventId(order + "#" + sequence), order, sequence, event));
  }

  private Instant at() {
    return Instant.ofEpochMilli(world.now());
  }

  private static OrderState state(Transaction transaction, String order, Row row) {
    List<PaymentFact> facts = facts(transaction, order);
    return OrderState.of(
        facts.isEmpty() ? List.of(superseded(order, row)) : facts, commands(transaction, order));
  }

  /// An order whose facts were all taken back stays, canceled as corrected.
  private static PaymentFact superseded(String order, Row row) {
    OrderView view = row.view();
    if (view == null) {
      throw new IllegalStateException("an order without facts was never shown");
    }
    return new PaymentFact(
        new EventId("superseded"),
        0,
        new PaymentEvent.Canceled(
            new About(
                new OrderId(order),
                "stripe",
                "stripe",
                "stripe",
                true,
                view.placedAt(),
                "superseded",
                "superseded"),
            PaymentDetails.of(PaymentDetails.Origin.CHARGE, false, view.amount()),
            Reason.of("corrected")));
  }

  private static List<PaymentFact> facts(Transaction transaction, String order) {
    return transaction.scan("fact/", PaymentFact.class).values().stream()
        .filter(fact -> orderOf(fact).equals(order))
        .toList();
  }

  private static List<AcceptedCommand> commands(Transaction transaction, String order) {
    return accepted(transaction.scan("command/" + order + "/", Object.class).values());
  }

  private static List<AcceptedCommand> accepted(Iterable<Object> rows) {
    var commands = new ArrayList<AcceptedCommand>();
    for (Object row : rows) {
      if (row instanceof AcceptedCommand command) {
        commands.add(command);
      }
    }
    commands.sort(Comparator.comparingLong(AcceptedCommand::number));
    return commands;
  }

  // --- for the checker

  List<AcceptedCommand> acceptedCommands(String order) {
    return accepted(database.rows("command/" + order + "/", Object.class).values());
  }

  @Nullable Row stored(String order) {
    return database.rows("order/" + order, Row.class).get("order/" + order);
  }
}
