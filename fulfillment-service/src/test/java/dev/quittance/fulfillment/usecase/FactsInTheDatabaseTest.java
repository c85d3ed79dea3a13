package dev.quittance.fulfillment.usecase;

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
import dev.quittance.fulfillment.persistence.SearchWords;
import dev.quittance.fulfillment.persistence.StoredAnswer;
import dev.quittance.messaging.inbox.RecordOutcome;
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

  private static final RecordOutcome APPLIED = new RecordOutcome.Applied();
  private static final RecordOutcome DUPLICATE = new RecordOutcome.Duplicate();
  private static final FulfillmentCommand ALL =
      new FulfillmentCommand.Complete(List.of(), null, null);

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
  void aPaidOrderIsDueAndTold() throws SQLException {
    assertThat(service.take(facts.paid())).containsExactly(APPLIED);

    assertThat(service.order(order).paymentStatus()).isEqualTo(PaymentStatus.PAID);
    assertThat(service.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
    assertThat(service.published(order)).containsExactly("order.paid", "fulfillment.requested");
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
    service.take(facts.refundIn(euros, "re_1"));
    assertThat(service.uncounted).isEmpty();

    service.take(facts.paid());
    service.take(facts.refund("re_2", RefundStatus.SUCCEEDED, 1000));

    assertThat(service.order(order).uncountedRefunds())
        .containsExactly(new UncountedRefund("re_1", euros));
    assertThat(service.order(order).refunded()).isEqualTo(Facts.usd(1000));
    assertThat(service.uncounted).containsExactly(order);
  }

  /// As an older fold left it behind, which didn't look for them.
  private void refundInAForeignCurrencyThatNobodyNoticed() throws SQLException {
    service.take(facts.paid(), facts.refundIn(Money.ofMinor(700, "EUR"), "re_1"));
    TestDatabase.run(
        database,
        "UPDATE orders SET told = convert_to((convert_from(told, 'UTF8')::jsonb - 'uncounted')::text, 'UTF8'),"
            + " view = convert_to((convert_from(view, 'UTF8')::jsonb - 'uncountedRefunds')::text, 'UTF8')");
    service.uncounted.clear();
  }

  @Test
  void aRefundInAForeignCurrencyIsToldOfAlsoWhereARefoldFindsIt() throws SQLException {
    refundInAForeignCurrencyThatNobodyNoticed();
    var refold = new RefoldOrders(service.transactions, service.clock);

    refold.next(null, 10, true);
    assertThat(service.uncounted).isEmpty();

    refold.next(null, 10, false);
    refold.next(null, 10, false);
    assertThat(service.uncounted).containsExactly(order);
  }

  @Test
  void aRefundInAForeignCurrencyIsToldOfAlsoWhereACommandFindsIt() throws SQLException {
    refundInAForeignCurrencyThatNobodyNoticed();

    service.take(order, "cmd_1", new FulfillmentCommand.Hold(null));
    assertThat(service.uncounted).containsExactly(order);

    refundInAForeignCurrencyThatNobodyNoticed();
    service.perform(
        order, new FulfillmentCommand.Release(null), null, _ -> new StoredAnswer(200, new byte[0]));
    assertThat(service.uncounted).containsExactly(order);
  }

  @Test
  void whatWasReceivedIsStoredBesideWhatWasAgreed() throws SQLException {
    service.take(facts.pending(), facts.captured(PaymentDetails.Origin.CHARGE, 1000));

    assertThat(service.order(order).amount()).isEqualTo(Facts.PRICE);
    assertThat(service.order(order).received()).isEqualTo(Facts.usd(1000));
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
    service.take(facts.paid(), facts.paid());
    long version = service.order(order).version();

    assertThat(service.take(facts.paid(), facts.paid())).containsExactly(DUPLICATE, DUPLICATE);
    assertThat(service.take(facts.paid(), facts.itemsKnown())).containsExactly(DUPLICATE, APPLIED);

    assertThat(service.order(order).version()).isEqualTo(version);
    assertThat(service.published(order)).containsExactly("order.paid", "fulfillment.requested");
  }

  @Test
  void aRefundBeforeItsPaymentIsKept() throws SQLException {
    service.take(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000));
    assertThat(service.published(order)).isEmpty();

    service.take(facts.paid());

    assertThat(service.order(order).paymentStatus()).isEqualTo(PaymentStatus.REFUNDED);
    assertThat(service.published(order))
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
        service.take(List.copyOf(batch));
        batch.clear();
      }
      payments.add(service.order(id).paymentStatus());
      fulfillments.add(service.order(id).fulfillmentStatus());
      assertThat(service.published(id)).endsWith("fulfillment.held");
    }
    assertThat(Set.copyOf(payments)).containsExactly(PaymentStatus.DISPUTED);
    assertThat(Set.copyOf(fulfillments)).containsExactly(FulfillmentStatus.ON_HOLD);
  }

  @Test
  void aCorrectedTranslationReplacesAllFactsOfItsSourceEvent() throws SQLException {
    PaymentFact first = translated(order, 0, 1);
    PaymentFact second = translated(order, 1, 1);
    service.take(first, second);

    assertThat(service.take(translated(order, 0, 2))).containsExactly(APPLIED);

    assertThat(factsOf(order)).containsExactly("stripe:evt_" + order.paymentReference() + ":0@2");
    assertThat(service.take(second)).containsExactly(DUPLICATE);
    assertThat(factsOf(order)).hasSize(1);
    assertThat(service.published(order)).containsOnlyOnce("fulfillment.requested");
  }

  @Test
  void aCorrectedTranslationMayMoveFactsToAnotherOrder() throws SQLException {
    var other = new OrderId(order + "_moved");
    service.take(translated(order, 0, 1));
    assertThat(service.published(order)).endsWith("fulfillment.requested");

    service.take(translated(other, order, 0, 2));

    assertThat(service.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.NOT_DUE);
    assertThat(service.published(order)).endsWith("fulfillment.canceled");
    assertThat(service.published(other)).endsWith("fulfillment.requested");
  }

  @Test
  void onlyTheHighestTranslationOfABatchCounts() throws SQLException {
    assertThat(
            service.take(translated(order, 0, 2), translated(order, 0, 1), translated(order, 1, 1)))
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
    service.take(facts.paid());

    assertThat(service.take(order, "ship-1", ALL)).containsExactly(APPLIED);
    assertThat(service.take(order, "ship-1", ALL)).containsExactly(DUPLICATE);

    assertThat(service.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.FULFILLED);
    assertThat(service.published(order))
        .containsExactly("order.paid", "fulfillment.requested", "fulfillment.completed");
  }

  @Test
  void anImpossibleCommandIsAnsweredOnceAndChangesNothing() throws SQLException {
    service.take(facts.paid());
    var tooMuch = new FulfillmentCommand.Complete(List.of(new FulfilledItem("mug", 2)), null, null);

    assertThat(service.take(order, "ship-2", tooMuch)).containsExactly(APPLIED);
    assertThat(service.take(order, "ship-2", tooMuch)).containsExactly(DUPLICATE);

    assertThat(service.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
    assertThat(service.order(order).version()).isEqualTo(1);
    assertThat(service.published(order))
        .containsExactly("order.paid", "fulfillment.requested", "fulfillment.rejected");
  }

  @Test
  void whatAnOlderVersionWroteDownIsNotToldAgain() throws SQLException {
    service.take(facts.paid());
    OrderView today = service.order(order);
    TestDatabase.run(
        database,
        "UPDATE orders SET view = convert_to((convert_from(view, 'UTF8')::jsonb"
            + " || '{\"reference\": \"as it was\"}')::text, 'UTF8') WHERE id = '"
            + order
            + "'");

    service.take(
        order,
        "ship-2",
        new FulfillmentCommand.Complete(List.of(new FulfilledItem("mug", 2)), null, null));

    List<String> published =
        TestDatabase.ask(
            database,
            "SELECT convert_from(value, 'UTF8') FROM outbox WHERE order_id = '"
                + order
                + "' AND headers LIKE '%rejected%'");
    assertThat(published).hasSize(1);
    assertThat(
            WireFormat.read(
                    published.getFirst().getBytes(StandardCharsets.UTF_8),
                    FulfillmentEvent.Rejected.class)
                .order())
        .isEqualTo(today);
  }

  @Test
  void aCommandToNobodyIsDeadLettered() throws SQLException {
    assertThat(service.take(new OrderId("stripe:pi_nowhere"), "ship-3", ALL))
        .containsExactly(new RecordOutcome.Dead(DeadLetter.Why.UNPROCESSABLE, "no such order"));
  }

  @Test
  void directCommandsAnswerARepeatedKeyWithTheFirstAnswer() throws SQLException {
    service.take(facts.paid());

    StoredAnswer first = service.perform(order, ALL, "key-1", FactsInTheDatabaseTest::say);
    StoredAnswer again = service.perform(order, ALL, "key-1", FactsInTheDatabaseTest::say);
    StoredAnswer reused =
        service.perform(
            order, new FulfillmentCommand.Hold(null), "key-1", FactsInTheDatabaseTest::say);
    StoredAnswer other = service.perform(order, ALL, "key-2", FactsInTheDatabaseTest::say);

    assertThat(first.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(reused.status()).isEqualTo(422);
    assertThat(other.status()).isEqualTo(409);
    assertThat(service.published(order)).containsOnlyOnce("fulfillment.completed");
  }

  @Test
  void concurrentCommandsFulfillOnce() throws Exception {
    service.take(facts.paid());
    var calls = new ArrayList<Callable<StoredAnswer>>();
    for (int i = 0; i < 20; i++) {
      String key = i % 2 == 0 ? "same" : null;
      calls.add(() -> service.perform(order, ALL, key, FactsInTheDatabaseTest::say));
    }

    try (var threads = Executors.newFixedThreadPool(20)) {
      var statuses = new ArrayList<Integer>();
      for (Future<StoredAnswer> answer : threads.invokeAll(calls)) {
        statuses.add(answer.get().status());
      }
      assertThat(statuses.stream().collect(Collectors.toSet())).isSubsetOf(201, 409);
    }

    assertThat(service.published(order)).containsOnlyOnce("fulfillment.completed");
  }

  private static StoredAnswer say(CommandResult performed) {
    return switch (performed) {
      case CommandResult.Taken(var command, _) ->
          new StoredAnswer(201, command.id().value().getBytes(StandardCharsets.UTF_8));
      case CommandResult.Refused(var refusal) ->
          new StoredAnswer(409, refusal.code().getBytes(StandardCharsets.UTF_8));
      case CommandResult.NoSuchOrder() -> new StoredAnswer(404, new byte[0]);
      case CommandResult.KeyReused() -> new StoredAnswer(422, new byte[0]);
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

      Future<List<RecordOutcome>> second = thread.submit(() -> service.take(facts.paid()));
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
      service.apply(first, facts.paidItemsPending());

      Future<List<RecordOutcome>> second = thread.submit(() -> service.take(facts.itemsKnown()));
      await().atMost(Duration.ofMinutes(2)).until(this::somebodyWaits);
      first.commit();
      assertThatThrownBy(second::get).hasCauseInstanceOf(SQLException.class);
    }

    assertThat(service.take(facts.itemsKnown())).containsExactly(APPLIED);

    assertThat(service.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
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
    service.take(facts.paid());

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

    assertThat(service.take(fact)).containsExactly(APPLIED);

    assertThat(service.order(order).reference()).isEqualTo(odd);
  }

  @Test
  void anOrderIsFoundByTheIdsOfItsRefundsAndDisputes() throws SQLException {
    service.take(
        facts.paid(),
        facts.refund("re_Found", RefundStatus.SUCCEEDED, 1000),
        facts.dispute("dp_found", DisputeStatus.OPEN));
    service.take(order, "too-late", ALL);

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
    service.take(facts.paid());
    service.take(facts.dispute("dp_1", DisputeStatus.OPEN));
    service.take(facts.dispute("dp_1", DisputeStatus.WON));
    service.take(order, "ship-4", ALL);

    assertThat(
            TestDatabase.ask(
                database,
                "SELECT sequence FROM order_events WHERE order_id = '"
                    + order
                    + "' ORDER BY sequence"))
        .containsExactly("1", "2", "3", "4", "5", "6", "7");
  }
}
