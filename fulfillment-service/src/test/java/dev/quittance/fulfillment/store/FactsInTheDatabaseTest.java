package dev.quittance.fulfillment.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.contracts.UncountedRefund;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.inboxoutbox.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FactsInTheDatabaseTest {

  private static final Outcome APPLIED = new Outcome.Applied();
  private static final Outcome DUPLICATE = new Outcome.Duplicate();
  private static final FulfillmentCommand ALL =
      new FulfillmentCommand.Complete(List.of(), null, null);

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
  void aPaidOrderIsDueAndTold() throws SQLException {
    assertThat(desk.take(facts.paid())).containsExactly(APPLIED);

    assertThat(desk.order(order).paymentStatus()).isEqualTo(PaymentStatus.PAID);
    assertThat(desk.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
    assertThat(desk.told(order)).containsExactly("order.paid", "fulfillment.requested");
    assertThat(outbox())
        .containsExactly(
            "1 fulfillment.events.v1 dev.quittance.order.paid.v1",
            "2 fulfillment.events.v1 dev.quittance.fulfillment.requested.v1");
  }

  private List<String> outbox() throws SQLException {
    return TestDatabase.ask(
        database,
        "SELECT sequence || ' ' || topic || ' ' || (headers::json ->> 'ce_type') FROM outbox"
            + " WHERE order_id = '"
            + order
            + "' ORDER BY sequence, id");
  }

  @Test
  void aRefundInAForeignCurrencyIsOnTheOrderAndToldOfOnce() throws SQLException {
    Money euros = Money.ofMinor(700, "EUR");
    desk.take(facts.refundIn(euros, "re_1"));
    assertThat(desk.uncounted).isEmpty();

    desk.take(facts.paid());
    desk.take(facts.refund("re_2", RefundStatus.SUCCEEDED, 1000));

    assertThat(desk.order(order).uncountedRefunds())
        .containsExactly(new UncountedRefund("re_1", euros));
    assertThat(desk.order(order).refunded()).isEqualTo(Facts.usd(1000));
    assertThat(desk.uncounted).containsExactly(order);
  }

  /// As an older fold left it behind, which didn't look for them.
  private void refundInAForeignCurrencyThatNobodyNoticed() throws SQLException {
    desk.take(facts.paid(), facts.refundIn(Money.ofMinor(700, "EUR"), "re_1"));
    TestDatabase.run(
        database,
        "UPDATE orders SET told = convert_to((convert_from(told, 'UTF8')::jsonb - 'uncounted')::text, 'UTF8'),"
            + " view = convert_to((convert_from(view, 'UTF8')::jsonb - 'uncountedRefunds')::text, 'UTF8')");
    desk.uncounted.clear();
  }

  @Test
  void aRefundInAForeignCurrencyIsToldOfAlsoWhereARefoldFindsIt() throws SQLException {
    refundInAForeignCurrencyThatNobodyNoticed();
    var refold = new RefoldOrders(database, desk.clock, desk.listening);

    refold.next(null, 10, true);
    assertThat(desk.uncounted).isEmpty();

    refold.next(null, 10, false);
    refold.next(null, 10, false);
    assertThat(desk.uncounted).containsExactly(order);
  }

  @Test
  void aRefundInAForeignCurrencyIsToldOfAlsoWhereACommandFindsIt() throws SQLException {
    refundInAForeignCurrencyThatNobodyNoticed();

    desk.take(order, "cmd_1", new FulfillmentCommand.Hold(null));
    assertThat(desk.uncounted).containsExactly(order);

    refundInAForeignCurrencyThatNobodyNoticed();
    desk.direct.perform(
        order,
        new FulfillmentCommand.Release(null),
        "rest",
        null,
        _ -> new Answer(200, new byte[0]));
    assertThat(desk.uncounted).containsExactly(order);
  }

  @Test
  void whatWasReceivedIsStoredBesideWhatWasAgreed() throws SQLException {
    desk.take(facts.pending(), facts.captured(PaymentDetails.Origin.CHARGE, 1000));

    assertThat(desk.order(order).amount()).isEqualTo(Facts.PRICE);
    assertThat(desk.order(order).received()).isEqualTo(Facts.usd(1000));
    assertThat(
            TestDatabase.ask(
                database,
                "SELECT amount_minor || ' ' || received_minor || ' ' || refunded_minor FROM orders"
                    + " WHERE id = '"
                    + order
                    + "'"))
        .containsExactly("3000 1000 0");
  }

  @Test
  void redeliveredFactsChangeNothing() throws SQLException {
    desk.take(facts.paid(), facts.paid());
    long version = desk.order(order).version();

    assertThat(desk.take(facts.paid(), facts.paid())).containsExactly(DUPLICATE, DUPLICATE);
    assertThat(desk.take(facts.paid(), facts.itemsKnown())).containsExactly(DUPLICATE, APPLIED);

    assertThat(desk.order(order).version()).isEqualTo(version);
    assertThat(desk.told(order)).containsExactly("order.paid", "fulfillment.requested");
  }

  @Test
  void aRefundBeforeItsPaymentIsKept() throws SQLException {
    desk.take(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000));
    assertThat(desk.told(order)).isEmpty();

    desk.take(facts.paid());

    assertThat(desk.order(order).paymentStatus()).isEqualTo(PaymentStatus.REFUNDED);
    assertThat(desk.told(order))
        .containsExactly("order.paid", "order.refunded", "fulfillment.canceled");
  }

  @Test
  void everyWayOfCuttingFactsIntoBatchesLeadsToTheSameOrder() throws SQLException {
    List<PaymentStatus> payments = new ArrayList<>();
    List<FulfillmentStatus> fulfillments = new ArrayList<>();
    for (int seed = 0; seed < 20; seed++) {
      var id = new OrderId("stripe:pi_cut_" + seed);
      var here = Facts.of(id);
      var all =
          new ArrayList<>(
              List.of(
                  here.pending(),
                  here.paidItemsPending(),
                  here.itemsKnown(),
                  here.refund("re_1", RefundStatus.SUCCEEDED, 3000),
                  here.refund("re_1", RefundStatus.FAILED, 3000),
                  here.dispute("dp_1", DisputeStatus.OPEN)));
      all.addAll(List.copyOf(all));
      var random = new Random(seed);
      Collections.shuffle(all, random);
      while (!all.isEmpty()) {
        List<PaymentFact> batch = all.subList(0, 1 + random.nextInt(all.size()));
        desk.take(List.copyOf(batch));
        batch.clear();
      }
      payments.add(desk.order(id).paymentStatus());
      fulfillments.add(desk.order(id).fulfillmentStatus());
      assertThat(desk.told(id)).endsWith("fulfillment.held");
    }
    assertThat(Set.copyOf(payments)).containsExactly(PaymentStatus.DISPUTED);
    assertThat(Set.copyOf(fulfillments)).containsExactly(FulfillmentStatus.ON_HOLD);
  }

  @Test
  void aCorrectedTranslationReplacesAllFactsOfItsSourceEvent() throws SQLException {
    PaymentFact first = translated(order, 0, 1);
    PaymentFact second = translated(order, 1, 1);
    desk.take(first, second);

    assertThat(desk.take(translated(order, 0, 2))).containsExactly(APPLIED);

    assertThat(factsOf(order)).containsExactly("stripe:evt_" + order.paymentReference() + ":0@2");
    assertThat(desk.take(second)).containsExactly(DUPLICATE);
    assertThat(factsOf(order)).hasSize(1);
    assertThat(desk.told(order)).containsOnlyOnce("fulfillment.requested");
  }

  @Test
  void aCorrectedTranslationMayMoveFactsToAnotherOrder() throws SQLException {
    var other = new OrderId(order + "_moved");
    desk.take(translated(order, 0, 1));
    assertThat(desk.told(order)).endsWith("fulfillment.requested");

    desk.take(translated(other, order, 0, 2));

    assertThat(desk.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.NOT_DUE);
    assertThat(desk.told(order)).endsWith("fulfillment.canceled");
    assertThat(desk.told(other)).endsWith("fulfillment.requested");
  }

  @Test
  void onlyTheHighestTranslationOfABatchCounts() throws SQLException {
    assertThat(desk.take(translated(order, 0, 2), translated(order, 0, 1), translated(order, 1, 1)))
        .containsExactly(APPLIED, DUPLICATE, DUPLICATE);

    assertThat(factsOf(order)).containsExactly("stripe:evt_" + order.paymentReference() + ":0@2");
  }

  private static PaymentFact translated(OrderId order, int n, int translation) {
    return translated(order, order, n, translation);
  }

  private static PaymentFact translated(OrderId order, OrderId source, int n, int translation) {
    PaymentFact paid =
        Facts.of(order)
            .fact("evt", translation, 1, about -> new PaymentEvent.Succeeded(about, details()));
    return new PaymentFact(
        EventId.canonical("stripe", "evt_" + source.paymentReference(), n),
        translation,
        paid.event());
  }

  private static PaymentDetails details() {
    var paid = (PaymentEvent.Succeeded) Facts.here().paid().event();
    return paid.details();
  }

  private List<String> factsOf(OrderId id) throws SQLException {
    return TestDatabase.ask(
        database,
        "SELECT event_id || '@' || translation FROM payment_facts WHERE order_id = '"
            + id
            + "' ORDER BY 1");
  }

  @Test
  void commandsFromTheTopicHappenOnce() throws SQLException {
    desk.take(facts.paid());

    assertThat(desk.take(order, "ship-1", ALL)).containsExactly(APPLIED);
    assertThat(desk.take(order, "ship-1", ALL)).containsExactly(DUPLICATE);

    assertThat(desk.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.FULFILLED);
    assertThat(desk.told(order))
        .containsExactly("order.paid", "fulfillment.requested", "fulfillment.completed");
  }

  @Test
  void anImpossibleCommandIsAnsweredOnceAndChangesNothing() throws SQLException {
    desk.take(facts.paid());
    var tooMuch = new FulfillmentCommand.Complete(List.of(new FulfilledItem("mug", 2)), null, null);

    assertThat(desk.take(order, "ship-2", tooMuch)).containsExactly(APPLIED);
    assertThat(desk.take(order, "ship-2", tooMuch)).containsExactly(DUPLICATE);

    assertThat(desk.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
    assertThat(desk.order(order).version()).isEqualTo(1);
    assertThat(desk.told(order))
        .containsExactly("order.paid", "fulfillment.requested", "fulfillment.rejected");
  }

  @Test
  void whatAnOlderVersionWroteDownIsNotToldAgain() throws SQLException {
    desk.take(facts.paid());
    OrderView today = desk.order(order);
    TestDatabase.run(
        database,
        "UPDATE orders SET view = convert_to((convert_from(view, 'UTF8')::jsonb"
            + " || '{\"reference\": \"as it was\"}')::text, 'UTF8') WHERE id = '"
            + order
            + "'");

    desk.take(
        order,
        "ship-2",
        new FulfillmentCommand.Complete(List.of(new FulfilledItem("mug", 2)), null, null));

    List<String> told =
        TestDatabase.ask(
            database,
            "SELECT convert_from(value, 'UTF8') FROM outbox WHERE order_id = '"
                + order
                + "' AND headers LIKE '%rejected%'");
    assertThat(told).hasSize(1);
    assertThat(
            WireFormat.read(
                    told.getFirst().getBytes(StandardCharsets.UTF_8),
                    FulfillmentEvent.Rejected.class)
                .order())
        .isEqualTo(today);
  }

  @Test
  void aCommandToNobodyIsDeadLettered() throws SQLException {
    assertThat(desk.take(new OrderId("stripe:pi_nowhere"), "ship-3", ALL))
        .containsExactly(new Outcome.Dead(DeadLetter.Why.UNPROCESSABLE, "no such order"));
  }

  @Test
  void directCommandsAnswerARepeatedKeyWithTheFirstAnswer() throws SQLException {
    desk.take(facts.paid());

    Answer first = desk.direct.perform(order, ALL, "/test", "key-1", FactsInTheDatabaseTest::say);
    Answer again = desk.direct.perform(order, ALL, "/test", "key-1", FactsInTheDatabaseTest::say);
    Answer reused =
        desk.direct.perform(
            order,
            new FulfillmentCommand.Hold(null),
            "/test",
            "key-1",
            FactsInTheDatabaseTest::say);
    Answer other = desk.direct.perform(order, ALL, "/test", "key-2", FactsInTheDatabaseTest::say);

    assertThat(first.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(reused.status()).isEqualTo(422);
    assertThat(other.status()).isEqualTo(409);
    assertThat(desk.told(order)).containsOnlyOnce("fulfillment.completed");
  }

  @Test
  void concurrentCommandsFulfillOnce() throws Exception {
    desk.take(facts.paid());
    var calls = new ArrayList<Callable<Answer>>();
    for (int i = 0; i < 20; i++) {
      String key = i % 2 == 0 ? "same" : null;
      calls.add(() -> desk.direct.perform(order, ALL, "/test", key, FactsInTheDatabaseTest::say));
    }

    try (var threads = Executors.newFixedThreadPool(20)) {
      var statuses = new ArrayList<Integer>();
      for (Future<Answer> answer : threads.invokeAll(calls)) {
        statuses.add(answer.get().status());
      }
      assertThat(statuses.stream().collect(Collectors.toSet())).isSubsetOf(201, 409);
    }

    assertThat(desk.told(order)).containsOnlyOnce("fulfillment.completed");
  }

  private static Answer say(Performed performed) {
    return switch (performed) {
      case Performed.Taken(var command, _) ->
          new Answer(201, command.id().value().getBytes(StandardCharsets.UTF_8));
      case Performed.Refused(var refusal) ->
          new Answer(409, refusal.code().getBytes(StandardCharsets.UTF_8));
      case Performed.NoSuchOrder() -> new Answer(404, new byte[0]);
      case Performed.KeyReused() -> new Answer(422, new byte[0]);
    };
  }

  @Test
  void whoeverCreatesAnOrderThatAnotherCreatesAtTheSameTimeIsToldToTryAgain() throws Exception {
    try (Connection first = database.getConnection();
        var thread = Executors.newSingleThreadExecutor()) {
      first.setAutoCommit(false);
      try (PreparedStatement insert =
          first.prepareStatement("INSERT INTO orders (id, version) VALUES (?, 1)")) {
        insert.setString(1, order.value());
        insert.executeUpdate();
      }

      Future<List<Outcome>> second = thread.submit(() -> desk.take(facts.paid()));
      await().atMost(Duration.ofMinutes(2)).until(this::somebodyWaits);
      first.commit();

      assertThatThrownBy(second::get)
          .hasCauseInstanceOf(SQLException.class)
          .cause()
          .extracting(failure -> ((SQLException) failure).getSQLState())
          .isEqualTo("40001");
    }
    assertThat(
            TestDatabase.ask(
                database, "SELECT event_id FROM payment_facts WHERE order_id = '" + order + "'"))
        .isEmpty();
  }

  /// Neither of the two facts makes the order due: whoever comes second has to see the first's.
  @Test
  void whoeverTriesAgainFoldsWhatTheOtherStored() throws Exception {
    try (Connection first = database.getConnection();
        var thread = Executors.newSingleThreadExecutor()) {
      first.setAutoCommit(false);
      desk.apply(first, facts.paidItemsPending());

      Future<List<Outcome>> second = thread.submit(() -> desk.take(facts.itemsKnown()));
      await().atMost(Duration.ofMinutes(2)).until(this::somebodyWaits);
      first.commit();
      assertThatThrownBy(second::get).hasCauseInstanceOf(SQLException.class);
    }

    assertThat(desk.take(facts.itemsKnown())).containsExactly(APPLIED);

    assertThat(desk.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
  }

  private boolean somebodyWaits() throws SQLException {
    return TestDatabase.ask(
                database,
                "SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    + " AND datname = current_database()")
            .size()
        == 1;
  }

  @Test
  void theDatabaseItselfRefusesASecondRequest() throws SQLException {
    desk.take(facts.paid());

    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(() ->
                TestDatabase.run(
                    database,
                    "INSERT INTO order_events SELECT order_id, 99, event_id, type, occurred_at,"
                        + " version, detail FROM order_events WHERE order_id = '"
                        + order
                        + "' AND type LIKE '%requested%'")))
        .hasMessageContaining("requested_once");
  }

  @Test
  void oddTextsAreKeptOutOfTheColumnsAndStayInTheOrder() throws SQLException {
    String odd = "a\u0000b" + "x".repeat(5000) + " 'quoted\\ ";
    PaymentFact fact =
        facts.fact(
            "odd",
            1,
            about ->
                new PaymentEvent.Succeeded(
                    about,
                    new PaymentDetails(
                        PaymentDetails.Origin.CHECKOUT,
                        true,
                        Facts.PRICE,
                        null,
                        null,
                        null,
                        dev.quittance.contracts.ItemsState.KNOWN,
                        Facts.LINES,
                        null,
                        dev.quittance.contracts.Customer.UNKNOWN,
                        odd,
                        odd,
                        null,
                        null,
                        null,
                        null,
                        java.util.Map.of())));

    assertThat(desk.take(fact)).containsExactly(APPLIED);

    assertThat(desk.order(order).reference()).isEqualTo(odd);
  }

  @Test
  void anOrderIsFoundByTheIdsOfItsRefundsAndDisputes() throws SQLException {
    desk.take(
        facts.paid(),
        facts.refund("re_Found", RefundStatus.SUCCEEDED, 1000),
        facts.dispute("dp_found", DisputeStatus.OPEN));
    desk.take(order, "too-late", ALL);

    for (String id : List.of("re_found", "dp_fou", "cs_1", "a-1001", "ada@")) {
      assertThat(
              TestDatabase.ask(
                  database,
                  "SELECT id FROM orders WHERE search @@ cast('%s' AS tsquery) AND id = '%s'"
                      .formatted(
                          String.valueOf(SearchWords.query(id, PersonalData.SHOWN))
                              .replace("'", "''"),
                          order)))
          .as(id)
          .containsExactly(order.value());
    }
  }

  @Test
  void sequencesHaveNoGaps() throws SQLException {
    desk.take(facts.paid());
    desk.take(facts.dispute("dp_1", DisputeStatus.OPEN));
    desk.take(facts.dispute("dp_1", DisputeStatus.WON));
    desk.take(order, "ship-4", ALL);

    assertThat(
            TestDatabase.ask(
                database,
                "SELECT sequence FROM order_events WHERE order_id = '"
                    + order
                    + "' ORDER BY sequence"))
        .containsExactly("1", "2", "3", "4", "5", "6", "7");
  }
}
