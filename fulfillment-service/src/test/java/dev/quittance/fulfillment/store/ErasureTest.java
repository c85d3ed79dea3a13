package dev.quittance.fulfillment.store;

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
import dev.quittance.fuzz.Canaries;
import dev.quittance.inboxoutbox.CurrentStates;
import dev.quittance.inboxoutbox.Outcome;
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
  private Desk desk;

  @BeforeAll
  static void createDatabase() throws SQLException, IOException {
    database = TestDatabase.create();
  }

  @BeforeEach
  void openDesk() {
    desk = new Desk(database);
  }

  @Test
  void nothingThatIsStoredNamesAnErasedCustomer() throws SQLException {
    desk.take(Planted.facts(facts).toList());
    desk.take(
        order,
        "ship-1",
        new FulfillmentCommand.Complete(
            List.of(new FulfilledItem("mug", 1)), new Tracking("dhl", Planted.PLANTED), null));
    answer(new FulfillmentCommand.Hold("says " + Planted.PLANTED), "key-1");
    desk.take(order, "hold-2", new FulfillmentCommand.Hold("again " + Planted.PLANTED));
    var refunds = new RefundRequests(database, Clock.systemUTC());
    refunds.begin(order, "before", "ada", "10.00 USD", "duplicate", "for " + Planted.PLANTED);
    publishOutbox();
    assertThat(stored()).anyMatch(row -> row.contains(Planted.PLANTED));
    OrderView before = desk.order(order);

    assertThat(desk.direct.erase(order, "ada")).isTrue();

    refunds.begin(order, "after", "ada", "5.00 USD", "duplicate", "for " + Planted.PLANTED);
    assertThat(stored()).isNotEmpty().noneMatch(row -> row.contains(Planted.PLANTED));
    assertThat(refunds.of(order, PersonalData.SHOWN))
        .extracting(RefundRequest::amount)
        .containsExactly("10.00 USD", "5.00 USD");
    OrderView after = desk.order(order);
    assertThat(after.customer()).isEqualTo(Customer.UNKNOWN);
    assertThat(after.version()).isGreaterThan(before.version());
    assertThat(after.amount()).isEqualTo(before.amount());
    assertThat(after.reference()).isEqualTo(before.reference());
    assertThat(after.lineItems()).extracting(OrderView.Line::fulfilled).containsExactly(0L, 1L);
    assertThat(after.fulfillmentStatus()).isEqualTo(FulfillmentStatus.ON_HOLD);
    assertThat(desk.told(order)).endsWith("order.customer_erased");
    assertThat(ask("SELECT erased_by FROM orders WHERE id = '%s' AND erased_at IS NOT NULL"))
        .containsExactly("ada");
  }

  /// Every text of every kind of fact and command that may tell of a customer, and then all that is
  /// stored: whoever adds a text or a table meets this.
  @Test
  void noTextThatMayTellOfACustomerIsLeftInAnyTable() throws SQLException, IOException {
    DataSource fresh = TestDatabase.create();
    desk = new Desk(fresh);
    var stripe = OrderId.of("stripe", "pi_1"); // whom planted facts are about
    List<PaymentFact> personal =
        Stream.of(PaymentEventType.values())
            .map(type ->
                new PaymentFact(
                    EventId.canonical("stripe", "evt_" + type, 0),
                    1,
                    Canaries.personal(type.shape())))
            .toList();
    desk.take(Facts.of(stripe).paid());
    desk.take(personal);
    for (FulfillmentCommandType type : FulfillmentCommandType.values()) {
      FulfillmentCommand command = Canaries.planted(type.shape());
      desk.take(
          stripe,
          "cmd-" + type,
          command instanceof FulfillmentCommand.Complete(_, _, var code)
              ? new FulfillmentCommand.Complete(
                  List.of(new FulfilledItem("mug", 1)), new Tracking("dhl", Canaries.WORD), code)
              : command);
    }
    TestDatabase.run(fresh, "DELETE FROM outbox"); // published
    assertThat(TestDatabase.dump(fresh)).anyMatch(row -> row.contains(Canaries.WORD));

    desk.direct.erase(stripe, "ada");
    assertThat(TestDatabase.dump(fresh)).isNotEmpty().noneMatch(row -> row.contains(Canaries.WORD));

    desk.take(personal.stream().map(fact -> new PaymentFact(fact.id(), 2, fact.event())).toList());
    assertThat(TestDatabase.dump(fresh)).noneMatch(row -> row.contains(Canaries.WORD));
  }

  @Test
  void theStateOfAnErasedOrderIsToldOnceMoreTwoDaysLater() throws SQLException {
    desk.take(Planted.paid(facts));
    desk.direct.erase(order, "ada");
    publishOutbox();
    Instant erased = desk.clock.instant();

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
    new RepeatErasures(database, Clock.fixed(now, ZoneOffset.UTC), Desk.DEAF).run();
  }

  @Test
  void subscribersTheLatestStateAndTheLetterWriterAreTold() throws SQLException {
    desk.take(Planted.paid(facts));
    publishOutbox();

    desk.direct.erase(order, "ada");

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
    desk.take(Planted.paid(facts));
    desk.direct.erase(order, "ada");
    OrderView once = desk.order(order);
    List<String> told = desk.told(order);

    assertThat(desk.direct.erase(order, "bob")).isTrue();
    assertThat(desk.direct.erase(new OrderId("stripe:pi_nobody"), "bob")).isFalse();

    assertThat(desk.order(order)).isEqualTo(once);
    assertThat(desk.told(order)).isEqualTo(told);
    assertThat(ask("SELECT erased_by FROM orders WHERE id = '%s'")).containsExactly("ada");
  }

  @Test
  void factsThatComeLateAgainOrCorrectedBringNobodyBack() throws SQLException {
    PaymentFact paid = Planted.paid(facts);
    desk.take(paid);
    desk.direct.erase(order, "ada");
    publishOutbox();

    desk.take(Planted.facts(facts).toList());
    desk.take(paid);
    PaymentFact corrected = new PaymentFact(paid.id(), 2, paid.event());
    assertThat(desk.take(corrected)).containsExactly(new Outcome.Applied());

    assertThat(stored()).noneMatch(row -> row.contains(Planted.PLANTED));
    assertThat(outbox()).noneMatch(row -> row.contains(Planted.PLANTED));
    assertThat(desk.order(order).customer()).isEqualTo(Customer.UNKNOWN);
  }

  @Test
  void aFactThatACorrectionMovesToAnotherOrderIsStillAnErasedCustomers() throws SQLException {
    PaymentFact paid = Planted.paid(facts);
    desk.take(paid);
    desk.direct.erase(order, "ada");
    publishOutbox();
    var other = new OrderId(order + "_moved");
    PaymentFact moved = new PaymentFact(paid.id(), 2, Planted.paid(Facts.of(other)).event());

    desk.take(moved);

    assertThat(stored()).noneMatch(row -> row.contains(Planted.PLANTED));
    assertThat(outbox()).noneMatch(row -> row.contains(Planted.PLANTED));
    assertThat(desk.told(other)).contains("order.customer_erased", "fulfillment.requested");
  }

  @Test
  void aFirstAnswerIsGivenAgainWithoutTheCustomer() throws SQLException {
    desk.take(Planted.paid(facts));
    var hold = new FulfillmentCommand.Hold(null);
    assertThat(answer(hold, "key-1")).contains(Planted.PLANTED);

    desk.direct.erase(order, "ada");

    String again = answer(hold, "key-1");
    assertThat(again).doesNotContain(Planted.PLANTED);
    assertThat(WireFormat.read(again.getBytes(StandardCharsets.UTF_8), OrderView.class).version())
        .isEqualTo(2);
    assertThat(desk.told(order)).containsOnlyOnce("fulfillment.held");
  }

  @Test
  void aDeliveredCodeLeavesInALetterAndIsKeptNowhere() throws SQLException {
    desk.take(facts.paid());
    var complete =
        new FulfillmentCommand.Complete(List.of(new FulfilledItem("mug", 1)), null, CODE);
    publishOutbox();

    assertThat(desk.take(order, "licence-1", complete)).containsExactly(new Outcome.Applied());
    assertThat(desk.take(order, "licence-1", complete)).containsExactly(new Outcome.Duplicate());

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
    desk.take(facts.paid());
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
    Answer answer =
        desk.direct.perform(
            order,
            command,
            "/test",
            key,
            performed ->
                switch (performed) {
                  case Performed.Taken(_, var view) ->
                      new Answer(
                          200,
                          WireFormat.write(
                              command instanceof FulfillmentCommand.Hold
                                  ? view
                                  : Map.of("order", view)));
                  case Performed.Refused(var refusal) ->
                      new Answer(409, refusal.code().getBytes(StandardCharsets.UTF_8));
                  case Performed.NoSuchOrder() -> new Answer(404, new byte[0]);
                  case Performed.KeyReused() -> new Answer(422, new byte[0]);
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
