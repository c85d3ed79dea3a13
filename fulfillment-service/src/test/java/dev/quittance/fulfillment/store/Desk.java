package dev.quittance.fulfillment.store;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.inboxoutbox.BatchWork;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/// The store with a database of its own, taking batches the way the intake does.
final class Desk {

  static final StoreObserver DEAF =
      new StoreObserver() {
        @Override
        public void committed(Collection<OrderId> orders) {}

        @Override
        public void due(Duration sinceReceived) {}
      };

  final DataSource database;
  final Clock clock = Clock.fixed(Facts.START.plusSeconds(3600), ZoneOffset.UTC);

  /// The orders of refunds that count nowhere, as they were told of.
  final List<OrderId> uncounted = new ArrayList<>();

  /// What orders were paid that turned out to be.
  final List<Money> paid = new ArrayList<>();

  final StoreObserver listening =
      new StoreObserver() {
        @Override
        public void committed(Collection<OrderId> orders) {}

        @Override
        public void due(Duration sinceReceived) {}

        @Override
        public void paid(Money received) {
          paid.add(received);
        }

        @Override
        public void uncounted(OrderId order) {
          uncounted.add(order);
        }
      };

  final CommandDesk direct;
  private final PaymentFacts facts;
  private final FulfillmentCommands commands;
  private long offset;

  Desk(DataSource database) {
    this.database = database;
    this.direct = new CommandDesk(database, clock, listening);
    this.facts = new PaymentFacts(clock, listening);
    this.commands = new FulfillmentCommands(clock, listening);
  }

  List<Outcome> take(PaymentFact... batch) throws SQLException {
    return take(Arrays.asList(batch));
  }

  List<Outcome> take(List<PaymentFact> batch) throws SQLException {
    return apply(facts, Topic.PAYMENT_EVENTS, batch.stream().map(Records::event).toList());
  }

  /// Takes what stands on the topic.
  List<Outcome> takeEvents(CloudEvent... events) throws SQLException {
    return apply(facts, Topic.PAYMENT_EVENTS, Arrays.asList(events));
  }

  /// Takes a fact, and leaves it to the caller to commit.
  void apply(Connection transaction, PaymentFact fact) throws SQLException {
    var others = new PaymentFacts(clock, DEAF);
    Incoming record = Records.record(Topic.PAYMENT_EVENTS, offset++, Records.event(fact));
    var exchange = new Exchange(transaction);
    others.apply(exchange, List.of(others.decode(record)));
    exchange.send();
  }

  List<Outcome> take(OrderId order, String id, FulfillmentCommand command) throws SQLException {
    return apply(commands, Topic.FULFILLMENT_COMMANDS, List.of(Records.event(order, id, command)));
  }

  private <E> List<Outcome> apply(BatchWork<E> work, Topic topic, List<CloudEvent> events)
      throws SQLException {
    var decoded = new ArrayList<E>();
    for (CloudEvent event : events) {
      Incoming record = Records.record(topic, offset++, event);
      decoded.add(work.decode(record));
    }
    try (Connection transaction = database.getConnection()) {
      transaction.setAutoCommit(false);
      var exchange = new Exchange(transaction);
      List<Outcome> outcomes = work.apply(exchange, decoded);
      exchange.commit();
      work.committed();
      return outcomes;
    }
  }

  OrderView order(OrderId id) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT view FROM orders WHERE id = ?")) {
      statement.setString(1, id.value());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return WireFormat.read(row.getBytes(1), OrderView.class);
      }
    }
  }

  /// The short types of what was told about an order, in sequence.
  List<String> told(OrderId id) throws SQLException {
    return TestDatabase.ask(
        database,
        "SELECT split_part(type, '.', 3) || '.' || split_part(type, '.', 4) FROM order_events"
            + " WHERE order_id = '"
            + id
            + "' ORDER BY sequence");
  }
}
