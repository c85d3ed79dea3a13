package dev.quittance.fulfillment.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentCommandType;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Tracking;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.order.Planted;
import dev.quittance.fulfillment.order.RefundRequest;
import dev.quittance.fulfillment.persistence.OrderTransactions;
import dev.quittance.fulfillment.persistence.RefundRequests;
import dev.quittance.fulfillment.persistence.StoredAnswer;
import dev.quittance.fuzz.Canaries;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.outbox.CurrentStates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ErasureTest {

  private static final String CODE = "QUIT-9KX2";

  private static DataSource database;
  private static int orders;

  private final OrderId order = new OrderId("stripe:pi_" + ++orders);
  private final Facts facts = Facts.of(order);
  private ServiceUnderTest service;

  @BeforeAll
  static void createDatabase() throws SQLException, IOException {
    database = TestDatabase.create();
  }

  @BeforeEach
  void startService() {
    service = new ServiceUnderTest(database);
  }

  @Test
  void nothingThatIsStoredNamesAnErasedCustomer() throws SQLException {
    service.take(Planted.facts(facts).toList());
    service.take(
        order,
        "ship-1",
        new FulfillmentCommand.Complete(
            List.of(new FulfilledItem("mug", 1)), new Tracking("dhl", Planted.PLANTED), null));
    answer(new FulfillmentCommand.Hold("says " + Planted.PLANTED), "key-1");
    service.take(order, "hold-2", new FulfillmentCommand.Hold("again " + Planted.PLANTED));
    var refunds = new RefundRequests(database, Clock.systemUTC());
    refunds.begin(order, "before", "ada", "10.00 USD", "duplicate", "for " + Planted.PLANTED);
    publishOutbox();
    assertThat(stored()).anyMatch(row -> row.contains(Planted.PLANTED));
    OrderView before = service.order(order);

    assertThat(service.erase(order, "ada")).isTrue();

    refunds.begin(order, "after", "ada", "5.00 USD", "duplicate", "for " + Planted.PLANTED);
    assertThat(stored()).isNotEmpty().noneMatch(row -> row.contains(Planted.PLANTED));
    assertThat(refunds.of(order, PersonalData.SHOWN))
        .extracting(RefundRequest::amount)
        .containsExactly("10.00 USD", "5.00 USD");
    OrderView after = service.order(order);
    assertThat(after.customer()).isEqualTo(Customer.UNKNOWN);
    assertThat(after.version()).isGreaterThan(before.version());
    assertThat(after.amount()).isEqualTo(before.amount());
    assertThat(after.reference()).isEqualTo(before.reference());
    assertThat(after.lineItems()).extracting(OrderView.Line::fulfilled).containsExactly(0L, 1L);
    assertThat(after.fulfillmentStatus()).isEqualTo(FulfillmentStatus.ON_HOLD);
    assertThat(service.published(order)).endsWith("order.customer_erased");
    assertThat(ask("SELECT erased_by FROM orders WHERE id = '%s' AND erased_at IS NOT NULL"))
        .containsExactly("ada");
  }

  /// Every text of every kind of fact and command that may tell of a customer, and then all that is
  /// stored: whoever adds a text or a table meets this.
  @Test
  void noTextThatMayTellOfACustomerIsLeftInAnyTable() throws SQLException, IOException {
    DataSource fresh = TestDatabase.create();
    service = new ServiceUnderTest(fresh);
    var stripe = OrderId.of("stripe", "pi_1"); // whom planted facts are about
    List<PaymentFact> personal =
        Stream.of(PaymentEventType.values())
            .map(type ->
                new PaymentFact(
                    EventId.canonical("stripe", "evt_" + type, 0),
                    1,
                    Canaries.personal(type.shape())))
            .toList();
    service.take(Facts.of(stripe).paid());
    service.take(personal);
    for (FulfillmentCommandType type : FulfillmentCommandType.values()) {
      FulfillmentCommand command = Canaries.planted(type.shape());
      service.take(
          stripe,
          "cmd-" + type,
          command instanceof FulfillmentCommand.Complete(_, _, var code)
              ? new FulfillmentCommand.Complete(
                  List.of(new FulfilledItem("mug", 1)), new Tracking("dhl", Canaries.WORD), code)
              : command);
    }
    TestDatabase.run(fresh, "DELETE FROM outbox"); // published
    assertThat(TestDatabase.dump(fresh)).anyMatch(row -> row.contains(Canaries.WORD));

    service.erase(stripe, "ada");
    assertThat(TestDatabase.dump(fresh)).isNotEmpty().noneMatch(row -> row.contains(Canaries.WORD));

    service.take(
        personal.stream().map(fact -> new PaymentFact(fact.id(), 2, fact.event())).toList());
    assertThat(TestDatabase.dump(fresh)).noneMatch(row -> row.contains(Canaries.WORD));
  }

  @Test
  void theStateOfAnErasedOrderIsToldOnceMoreTwoDaysLater() throws SQLException {
    service.take(Planted.paid(facts));
    service.erase(order, "ada");
    publishOutbox();
    Instant erased = service.clock.instant();

    repeat(erased.plus(RepeatErasures.AFTER).minusMillis(1));
    assertThat(due()).isEmpty();
    repeat(erased.plus(RepeatErasures.AFTER));
    repeat(erased.plus(RepeatErasures.AFTER).plusSeconds(1));

    assertThat(outbox()).isEmpty();
    assertThat(due())
        .singleElement()
        .satisfies(state -> {
          assertThat(state.due()).hasSize(1);
          assertThat(state.topic()).isEqualTo("fulfillment.orders.v1");
          assertThat(state.headers())
              .containsEntry("ce_id", order + "@2")
              .containsEntry("ce_sequence", "3");
          OrderView view = WireFormat.read(state.value(), OrderView.class);
          assertThat(view.version()).isEqualTo(2);
          assertThat(view.customer()).isEqualTo(Customer.UNKNOWN);
        });
  }

  /// What of this order would be published as its state now.
  private List<CurrentStates.Due> due() throws SQLException {
    return DueStatesTest.due(database).stream()
        .filter(state -> state.order().equals(order))
        .toList();
  }

  private static void repeat(Instant now) throws SQLException {
    new RepeatErasures(
            new OrderTransactions(database, ServiceUnderTest.DEAF),
            Clock.fixed(now, ZoneOffset.UTC))
        .run();
  }

  @Test
  void subscribersTheLatestStateAndTheLetterWriterAreTold() throws SQLException {
    service.take(Planted.paid(facts));
    publishOutbox();

    service.erase(order, "ada");

    assertThat(
            ask(
                "SELECT sequence || ' ' || topic || ' ' || (headers::json ->> 'ce_type') || ' '"
                    + " || (headers::json ->> 'ce_id') FROM outbox WHERE order_id = '%s' ORDER BY id"))
        .containsExactly(
            "3 fulfillment.events.v1 dev.quittance.order.customer_erased.v1 " + order + "#3",
            "3 fulfillment.letters.v1 dev.quittance.letter.customer_erased.v1 " + order + "!3");
    assertThat(outbox()).noneMatch(row -> row.contains(Planted.PLANTED));
    publishOutboxOnly();
    assertThat(due())
        .singleElement()
        .satisfies(state ->
            assertThat(new String(state.value(), StandardCharsets.UTF_8))
                .doesNotContain(Planted.PLANTED)
                .contains("\"version\":2"));
  }

  @Test
  void aRepetitionChangesNothingAndSomebodyUnknownIsNobody() throws SQLException {
    service.take(Planted.paid(facts));
    service.erase(order, "ada");
    OrderView once = service.order(order);
    List<String> events = service.published(order);

    assertThat(service.erase(order, "bob")).isTrue();
    assertThat(service.erase(new OrderId("stripe:pi_nobody"), "bob")).isFalse();

    assertThat(service.order(order)).isEqualTo(once);
    assertThat(service.published(order)).isEqualTo(events);
    assertThat(ask("SELECT erased_by FROM orders WHERE id = '%s'")).containsExactly("ada");
  }

  @Test
  void factsThatComeLateAgainOrCorrectedBringNobodyBack() throws SQLException {
    PaymentFact paid = Planted.paid(facts);
    service.take(paid);
    service.erase(order, "ada");
    publishOutbox();

    service.take(Planted.facts(facts).toList());
    service.take(paid);
    PaymentFact corrected = new PaymentFact(paid.id(), 2, paid.event());
    assertThat(service.take(corrected)).containsExactly(new RecordOutcome.Applied());

    assertThat(stored()).noneMatch(row -> row.contains(Planted.PLANTED));
    assertThat(outbox()).noneMatch(row -> row.contains(Planted.PLANTED));
    assertThat(service.order(order).customer()).isEqualTo(Customer.UNKNOWN);
  }

  @Test
  void aFactThatACorrectionMovesToAnotherOrderIsStillAnErasedCustomers() throws SQLException {
    PaymentFact paid = Planted.paid(facts);
    service.take(paid);
    service.erase(order, "ada");
    publishOutbox();
    var other = new OrderId(order + "_moved");
    PaymentFact moved = new PaymentFact(paid.id(), 2, Planted.paid(Facts.of(other)).event());

    service.take(moved);

    assertThat(stored()).noneMatch(row -> row.contains(Planted.PLANTED));
    assertThat(outbox()).noneMatch(row -> row.contains(Planted.PLANTED));
    assertThat(service.published(other)).contains("order.customer_erased", "fulfillment.requested");
  }

  @Test
  void aFirstAnswerIsGivenAgainWithoutTheCustomer() throws SQLException {
    service.take(Planted.paid(facts));
    var hold = new FulfillmentCommand.Hold(null);
    assertThat(answer(hold, "key-1")).contains(Planted.PLANTED);

    service.erase(order, "ada");

    String again = answer(hold, "key-1");
    assertThat(again).doesNotContain(Planted.PLANTED);
    assertThat(WireFormat.read(again.getBytes(StandardCharsets.UTF_8), OrderView.class).version())
        .isEqualTo(2);
    assertThat(service.published(order)).containsOnlyOnce("fulfillment.held");
  }

  @Test
  void aDeliveredCodeLeavesInALetterAndIsKeptNowhere() throws SQLException {
    service.take(facts.paid());
    var complete =
        new FulfillmentCommand.Complete(List.of(new FulfilledItem("mug", 1)), null, CODE);
    publishOutbox();

    assertThat(service.take(order, "licence-1", complete))
        .containsExactly(new RecordOutcome.Applied());
    assertThat(service.take(order, "licence-1", complete))
        .containsExactly(new RecordOutcome.Duplicate());

    assertThat(
            ask(
                "SELECT topic || ' ' || (headers::json ->> 'ce_id') || ' ' || convert_from(value, 'UTF8')"
                    + " FROM outbox WHERE order_id = '%s' AND convert_from(value, 'UTF8') LIKE '%%"
                    + CODE
                    + "%%'"))
        .containsExactly(
            "fulfillment.letters.v1 "
                + order
                + "!3 {\"order\":\""
                + order
                + "\",\"delivery\":\"licence-1\",\"items\":[{\"id\":\"mug\",\"quantity\":1}],\"code\":\""
                + CODE
                + "\",\"deliveredAt\":\"2026-11-22T11:00:00Z\"}");
    assertThat(stored()).noneMatch(row -> row.contains(CODE));
  }

  @Test
  void aCodeForAllThatRemainsNamesWhatRemained() throws SQLException {
    service.take(facts.paid());
    publishOutbox();

    answer(new FulfillmentCommand.Complete(List.of(), null, CODE), "key-1");
    answer(new FulfillmentCommand.Complete(List.of(), null, CODE), "key-1");
    String refused = answer(new FulfillmentCommand.Complete(List.of(), null, "OTHER"), "key-2");

    assertThat(refused).isEqualTo("already_fulfilled");
    assertThat(
            ask(
                "SELECT convert_from(value, 'UTF8')::json ->> 'items' FROM outbox WHERE order_id = '%s'"
                    + " AND topic = 'fulfillment.letters.v1'"))
        .containsExactly("[{\"id\":\"shirt\",\"quantity\":2},{\"id\":\"mug\",\"quantity\":1}]");
    assertThat(stored()).noneMatch(row -> row.contains(CODE) || row.contains("OTHER"));
  }

  private String answer(FulfillmentCommand command, String key) throws SQLException {
    StoredAnswer answer =
        service.perform(
            order,
            command,
            key,
            performed ->
                switch (performed) {
                  case CommandResult.Taken(_, var view) ->
                      new StoredAnswer(
                          200,
                          WireFormat.write(
                              command instanceof FulfillmentCommand.Hold
                                  ? view
                                  : Map.of("order", view)));
                  case CommandResult.Refused(var refusal) ->
                      new StoredAnswer(409, refusal.code().getBytes(StandardCharsets.UTF_8));
                  case CommandResult.NoSuchOrder() -> new StoredAnswer(404, new byte[0]);
                  case CommandResult.KeyReused() -> new StoredAnswer(422, new byte[0]);
                });
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /// What was published is with the brokers, and no longer here.
  private static void publishOutbox() throws SQLException {
    publishOutboxOnly();
    TestDatabase.run(database, "DELETE FROM states_due");
  }

  private static void publishOutboxOnly() throws SQLException {
    TestDatabase.run(database, "DELETE FROM outbox");
  }

  private List<String> outbox() throws SQLException {
    return ask("SELECT convert_from(value, 'UTF8') FROM outbox WHERE order_id LIKE '%s%%'");
  }

  /// Every row of every table that tells of the order, the outbox apart.
  private List<String> stored() throws SQLException {
    return Stream.of(
            ask("SELECT convert_from(data, 'UTF8') FROM payment_facts WHERE order_id LIKE '%s%%'"),
            ask("SELECT convert_from(data, 'UTF8') FROM commands WHERE order_id LIKE '%s%%'"),
            ask("SELECT convert_from(detail, 'UTF8') FROM order_events WHERE order_id LIKE '%s%%'"),
            ask(
                "SELECT convert_from(body, 'UTF8') FROM idempotency_keys WHERE order_id LIKE '%s%%'"),
            ask("SELECT coalesce(note, '') FROM refund_requests WHERE order_id LIKE '%s%%'"),
            ask(
                "SELECT convert_from(view, 'UTF8') || convert_from(told, 'UTF8') || search::text"
                    + " FROM orders WHERE id LIKE '%s%%'"))
        .flatMap(List::stream)
        .toList();
  }

  private List<String> ask(String sql) throws SQLException {
    return TestDatabase.ask(database, sql.formatted(order));
  }
}
