package dev.quittance.fulfillment.usecase;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.OrderObserver;
import dev.quittance.fulfillment.order.ReceivedMessage;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.persistence.Audit.Person;
import dev.quittance.fulfillment.persistence.OrderTransactions;
import dev.quittance.fulfillment.persistence.StoredAnswer;
import dev.quittance.messaging.inbox.BatchHandler;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.messaging.jdbc.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The use cases with a database of their own, taking batches the way the intake does.
final class ServiceUnderTest {

  static final OrderObserver DEAF = _ -> {};

  final DataSource database;
  final Clock clock = Clock.fixed(Facts.START.plusSeconds(3600), ZoneOffset.UTC);

  /// The orders of refunds that count nowhere, as the observer heard of them.
  final List<OrderId> uncounted = new ArrayList<>();

  /// What orders were paid that turned out to be.
  final List<Money> paid = new ArrayList<>();

  /// The orders that were held as paid twice, with those that were paid before.
  final Map<OrderId, OrderId> duplicates = new TreeMap<>();

  final OrderTransactions transactions;
  private final HandlePaymentFacts facts;
  private final HandleIncomingCommands commands;
  private final HandleCommand direct;
  private final EraseCustomer customers;
  private long offset;

  ServiceUnderTest(DataSource database) {
    this.database = database;
    var listening =
        new OrderObserver() {
          @Override
          public void committed(Collection<OrderId> orders) {}

          @Override
          public void paid(Money received) {
            paid.add(received);
          }

          @Override
          public void uncounted(OrderId order) {
            uncounted.add(order);
          }

          @Override
          public void duplicate(OrderId order, OrderId first) {
            duplicates.put(order, first);
          }
        };
    var audit = new Audit(database, clock);
    this.transactions = new OrderTransactions(database, listening);
    this.facts = new HandlePaymentFacts(clock, listening);
    this.commands = new HandleIncomingCommands(clock, listening);
    this.direct = new HandleCommand(transactions, audit, clock);
    this.customers = new EraseCustomer(transactions, audit, clock);
  }

  /// Gives a command as pages and REST do.
  StoredAnswer perform(
      OrderId order,
      FulfillmentCommand command,
      @Nullable String key,
      Function<CommandResult, StoredAnswer> answering)
      throws SQLException {
    return direct.perform(person("otto"), order, command, "", key, answering);
  }

  boolean erase(OrderId order, String by) throws SQLException {
    return customers.erase(person(by), order);
  }

  private static Person person(String name) {
    return new Person(name, "operator", "token", Person.API);
  }

  List<RecordOutcome> take(PaymentFact... batch) throws SQLException {
    return take(Arrays.asList(batch));
  }

  List<RecordOutcome> take(List<PaymentFact> batch) throws SQLException {
    return apply(facts, Topic.PAYMENT_EVENTS, batch.stream().map(Records::event).toList());
  }

  /// The same as the intake does it: again, where the database ended the transaction for another
  /// one's sake.
  void takeAgain(List<PaymentFact> batch) throws SQLException {
    List<ReceivedMessage> decoded =
        batch.stream()
            .map(fact ->
                facts.decode(Records.record(Topic.PAYMENT_EVENTS, offset++, Records.event(fact))))
            .toList();
    Transactions.inExchange(database, pipeline -> facts.apply(pipeline, decoded));
    facts.committed();
  }

  /// Takes what stands on the topic.
  List<RecordOutcome> takeEvents(CloudEvent... events) throws SQLException {
    return apply(facts, Topic.PAYMENT_EVENTS, Arrays.asList(events));
  }

  /// Takes a fact, and leaves it to the caller to commit.
  void apply(Connection transaction, PaymentFact fact) throws SQLException {
    var others = new HandlePaymentFacts(clock, DEAF);
    IncomingRecord record = Records.record(Topic.PAYMENT_EVENTS, offset++, Records.event(fact));
    var pipeline = new StatementPipeline(transaction);
    others.apply(pipeline, List.of(others.decode(record)));
    pipeline.send();
  }

  List<RecordOutcome> take(OrderId order, String id, FulfillmentCommand command)
      throws SQLException {
    return apply(commands, Topic.FULFILLMENT_COMMANDS, List.of(Records.event(order, id, command)));
  }

  private <E> List<RecordOutcome> apply(
      BatchHandler<E> handler, Topic topic, List<CloudEvent> events) throws SQLException {
    var decoded = new ArrayList<E>();
    for (CloudEvent event : events) {
      IncomingRecord record = Records.record(topic, offset++, event);
      decoded.add(handler.decode(record));
    }
    try (Connection transaction = database.getConnection()) {
      transaction.setAutoCommit(false);
      var pipeline = new StatementPipeline(transaction);
      List<RecordOutcome> outcomes = handler.apply(pipeline, decoded);
      pipeline.commit();
      handler.committed();
      return outcomes;
    }
  }

  OrderView order(OrderId id) throws SQLException {
    return Sql.first(
            database,
            "SELECT view FROM orders WHERE id = ?",
            Parameters.none().text(id.value()),
            row -> WireFormat.read(row.getBytes(1), OrderView.class))
        .orElseThrow();
  }

  /// The short types of what was published about an order, in sequence.
  List<String> published(OrderId id) throws SQLException {
    return TestDatabase.ask(
        database,
        "SELECT split_part(type, '.', 3) || '.' || split_part(type, '.', 4) FROM order_events"
            + " WHERE order_id = '"
            + id
            + "' ORDER BY sequence");
  }
}
