package dev.quittance.fulfillment.usecase;

import static dev.quittance.contracts.LookUpState.KNOWN;
import static dev.quittance.contracts.LookUpState.NONE;
import static dev.quittance.contracts.LookUpState.PENDING;
import static dev.quittance.contracts.LookUpState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.messaging.inbox.RecordOutcome;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a right translation takes back, wherever it stands and whatever comes first.
class WithdrawnFactsTest {

  private static final RecordOutcome APPLIED = new RecordOutcome.Applied();
  private static final RecordOutcome DUPLICATE = new RecordOutcome.Duplicate();

  private static DataSource database;
  private static int orders;

  private final OrderId order = new OrderId("stripe:pi_w" + ++orders);
  private final String event = "evt_w" + orders;
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
  void anOrderWhoseOnlyFactIsWithdrawnIsCanceledAsCorrected() throws SQLException {
    service.takeEvents(event(facts.paid(), 0, 1, NONE));
    assertThat(service.published(order)).endsWith("fulfillment.requested");

    assertThat(service.takeEvents(withdrawal(2))).containsExactly(APPLIED);

    OrderView left = service.order(order);
    assertThat(left.paymentStatus()).isEqualTo(PaymentStatus.CANCELED);
    assertThat(left.fulfillmentStatus()).isEqualTo(FulfillmentStatus.NOT_DUE);
    assertThat(left.version()).isEqualTo(2);
    assertThat(service.published(order)).endsWith("order.payment_failed", "fulfillment.canceled");
    assertThat(reasons()).containsExactly("corrected", "corrected");
  }

  private List<String> reasons() throws SQLException {
    return TestDatabase.ask(
        database,
        "SELECT convert_from(detail, 'UTF8')::json #>> '{reason,code}' FROM order_events"
            + " WHERE order_id = '"
            + order
            + "' AND type IN ('dev.quittance.order.payment_failed.v1',"
            + " 'dev.quittance.fulfillment.canceled.v1') ORDER BY sequence");
  }

  @Test
  void aRefundThatWasNoneIsTakenBackAndTheOrderIsReleasedAsCorrected() throws SQLException {
    service.take(facts.paid());
    service.takeEvents(event(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000), 0, 1, NONE));
    assertThat(service.published(order)).endsWith("fulfillment.canceled");

    service.takeEvents(withdrawal(2));

    assertThat(service.order(order).paymentStatus()).isEqualTo(PaymentStatus.PAID);
    assertThat(service.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
    assertThat(service.published(order)).endsWith("order.refunded", "fulfillment.released");
  }

  @Test
  void aWithdrawalThatComesBeforeTheFactHoldsAndARepetitionChangesNothing() throws SQLException {
    assertThat(service.takeEvents(withdrawal(2))).containsExactly(APPLIED);
    assertThat(service.takeEvents(withdrawal(2), withdrawal(2)))
        .containsExactly(DUPLICATE, DUPLICATE);

    assertThat(service.takeEvents(event(facts.paid(), 0, 1, NONE))).containsExactly(DUPLICATE);

    assertThat(ordersStored()).containsExactly("0");
  }

  private List<String> ordersStored() throws SQLException {
    return TestDatabase.ask(database, "SELECT count(*) FROM orders WHERE id = '" + order + "'");
  }

  @Test
  void aWithdrawalAndItsFactInOneBatchLeaveNothing() throws SQLException {
    assertThat(service.takeEvents(event(facts.paid(), 0, 1, NONE), withdrawal(2)))
        .containsExactly(APPLIED, APPLIED);

    assertThat(ordersStored()).containsExactly("0");
  }

  @Test
  void aLaterTranslationBringsFactsBack() throws SQLException {
    service.takeEvents(event(facts.paid(), 0, 1, NONE), withdrawal(2));

    service.takeEvents(event(facts.paid(), 0, 3, NONE));

    assertThat(service.order(order).paymentStatus()).isEqualTo(PaymentStatus.PAID);
  }

  @Test
  void aTranslationOfTheSameEventByAnotherInstanceWaitsAndSeesWhatTheFirstStored()
      throws Exception {
    try (Connection first = database.getConnection();
        var thread = Executors.newSingleThreadExecutor()) {
      first.setAutoCommit(false);
      service.apply(first, fact(facts.paid(), 0, 1, NONE));
      var started = new CountDownLatch(1);
      Future<List<RecordOutcome>> second =
          thread.submit(() -> {
            started.countDown();
            return new ServiceUnderTest(database).takeEvents(withdrawal(2));
          });
      started.await();
      first.commit();

      assertThat(second.get()).containsExactly(APPLIED);
    }

    assertThat(service.order(order).paymentStatus()).isEqualTo(PaymentStatus.CANCELED);
    assertThat(factsStored()).isEmpty();
  }

  /// Two translations of one event in flight at the same time: the order that loses the fact is
  /// folded again, whoever comes first.
  @Test
  void factsThatTwoInstancesMoveAtTheSameTimeStandUnderOneOrderAndBothAreFolded() throws Exception {
    var other = new OrderId(order + "_other");
    var elsewhere = Facts.of(other);
    for (int round = 0; round < 20; round++) {
      String source = event + "_" + round;
      try (var threads = Executors.newFixedThreadPool(2)) {
        Future<?> one =
            threads.submit(() ->
                new ServiceUnderTest(database).takeEvents(event(source, facts.paid(), 0, 1, NONE)));
        Future<?> two =
            threads.submit(() ->
                new ServiceUnderTest(database)
                    .takeEvents(event(source, elsewhere.paid(), 0, 2, NONE)));
        settled(
            one,
            () ->
                new ServiceUnderTest(database).takeEvents(event(source, facts.paid(), 0, 1, NONE)));
        settled(
            two,
            () ->
                new ServiceUnderTest(database)
                    .takeEvents(event(source, elsewhere.paid(), 0, 2, NONE)));
      }
      assertThat(
              TestDatabase.ask(
                  database,
                  "SELECT order_id FROM payment_facts WHERE source_event = 'stripe:"
                      + source
                      + "'"))
          .containsExactly(other.value());
    }
    assertThat(
            TestDatabase.ask(
                database, "SELECT payment_status FROM orders WHERE id = '" + order + "'"))
        .isSubsetOf("canceled");
  }

  private interface Again {
    List<RecordOutcome> take() throws SQLException;
  }

  /// The intake repeats what the database refuses for another's sake.
  private static void settled(Future<?> first, Again again) throws Exception {
    try {
      first.get();
    } catch (java.util.concurrent.ExecutionException e) {
      again.take();
    }
  }

  @Test
  void aTranslationThatMakesFewerFactsLeavesNoneOfTheOthers() throws SQLException {
    service.takeEvents(
        event(facts.paid(), 0, 1, NONE),
        event(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000), 1, 1, NONE));
    assertThat(service.order(order).paymentStatus()).isEqualTo(PaymentStatus.REFUNDED);

    service.takeEvents(event(facts.paid(), 0, 2, NONE));

    assertThat(service.order(order).paymentStatus()).isEqualTo(PaymentStatus.PAID);
    assertThat(factsStored()).hasSize(1);
  }

  @Test
  void lineItemsThatAreLearnedLaterTakeThePlaceOfUnknownOnes() throws SQLException {
    service.takeEvents(
        event(facts.paidItemsPending(), 0, 1, PENDING),
        event(items(ItemsState.UNKNOWN), 1, 1, UNKNOWN));
    assertThat(service.order(order).itemsState()).isEqualTo(ItemsState.UNKNOWN);

    assertThat(
            service.takeEvents(
                event(facts.paidItemsPending(), 0, 1, PENDING),
                event(facts.itemsKnown(), 1, 1, KNOWN)))
        .containsExactly(DUPLICATE, APPLIED);
    assertThat(service.takeEvents(event(items(ItemsState.UNKNOWN), 1, 1, UNKNOWN)))
        .containsExactly(DUPLICATE);

    assertThat(service.order(order).itemsState()).isEqualTo(ItemsState.KNOWN);
    assertThat(service.order(order).lineItems()).isNotEmpty();
    assertThat(service.published(order)).containsOnlyOnce("fulfillment.requested");
  }

  @Test
  void aReplayTakesNoLineItemsAwayWhileTheProviderIsAskedAgain() throws SQLException {
    service.takeEvents(
        event(facts.paidItemsPending(), 0, 1, PENDING), event(facts.itemsKnown(), 1, 1, KNOWN));
    List<String> before = service.published(order);

    service.takeEvents(event(facts.paidItemsPending(), 0, 2, PENDING));
    assertThat(service.order(order).itemsState()).isEqualTo(ItemsState.KNOWN);
    assertThat(service.published(order)).isEqualTo(before);

    service.takeEvents(event(facts.itemsKnown(), 1, 2, KNOWN));
    assertThat(service.published(order)).isEqualTo(before);
    assertThat(factsStored()).allMatch(fact -> fact.endsWith("@2"));
  }

  @Test
  void aReplayLeavesADisputeWhereItsAnswerPutItWhileTheProviderIsAskedAgain() throws SQLException {
    Facts guessed = Facts.of(new OrderId(order + "_intent"));
    service.take(facts.paid());
    service.takeEvents(event(dispute(guessed), 0, 1, PENDING), event(dispute(facts), 0, 1, KNOWN));
    List<String> before = service.published(order);
    assertThat(before).endsWith("fulfillment.held");

    service.takeEvents(event(dispute(guessed), 0, 2, PENDING));
    service.takeEvents(event(dispute(guessed), 0, 2, UNKNOWN));
    assertThat(service.published(order)).isEqualTo(before);

    service.takeEvents(event(dispute(facts), 0, 2, KNOWN));
    assertThat(service.published(order)).isEqualTo(before);
  }

  private static PaymentFact dispute(Facts of) {
    return of.dispute("dp_1", PaymentEvent.DisputeStatus.OPEN);
  }

  @Test
  void askingForTheItemsAnewTakesNoRequestBack() throws SQLException {
    service.takeEvents(event(facts.paid(), 0, 1, NONE));
    List<String> before = service.published(order);
    assertThat(before).endsWith("fulfillment.requested");

    service.takeEvents(event(facts.paidItemsPending(), 0, 2, PENDING));
    assertThat(service.published(order)).isEqualTo(before);

    service.takeEvents(event(facts.itemsKnown(), 1, 2, KNOWN));
    assertThat(service.published(order)).isEqualTo(before);
    assertThat(service.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
  }

  @Test
  void howeverWhatWasSaidOfOneEventIsCutAndOrderedTheSameFactsAreStored() throws SQLException {
    var ends = new HashSet<String>();
    for (int seed = 0; seed < 40; seed++) {
      var id = new OrderId(order + "_" + seed);
      var here = Facts.of(id);
      String source = event + "_seed" + seed;
      var said =
          new ArrayList<>(
              List.of(
                  event(source, here.paid(), 0, 1, NONE),
                  event(source, here.refund("re_1", RefundStatus.SUCCEEDED, 100), 1, 1, NONE),
                  Records.withdrawal(source, 2, NONE),
                  event(source, here.paidItemsPending(), 0, 3, PENDING),
                  event(source, here.itemsKnown(), 1, 3, KNOWN),
                  event(source, here.paidItemsPending(), 0, 4, PENDING)));
      said.addAll(List.copyOf(said));
      var random = new Random(seed);
      Collections.shuffle(said, random);
      while (!said.isEmpty()) {
        List<CloudEvent> batch = said.subList(0, 1 + random.nextInt(said.size()));
        service.takeEvents(batch.toArray(CloudEvent[]::new));
        batch.clear();
      }
      OrderView end = service.order(id);
      ends.add(
          end.paymentStatus()
              + " "
              + end.itemsState()
              + " "
              + TestDatabase.ask(
                  database,
                  "SELECT split_part(event_id, ':', 3) || '@' || translation FROM payment_facts"
                      + " WHERE source_event = 'stripe:"
                      + source
                      + "' ORDER BY 1"));
    }

    assertThat(ends).isEqualTo(Set.of("PAID KNOWN [0@4, 1@3]"));
  }

  @Test
  void whatEachRecordCountsForDoesNotDependOnHowTheyAreCut() throws SQLException {
    for (int seed = 0; seed < 40; seed++) {
      var here = Facts.of(new OrderId(order + "_cut" + seed));
      var random = new Random(seed);
      var outcomes = new HashMap<String, List<RecordOutcome>>();
      for (String cut : List.of("_one", "_some", "_all")) {
        String source = event + "_cut" + seed + cut;
        var said =
            new ArrayList<>(
                List.of(
                    event(source, here.paidItemsPending(), 0, 1, PENDING),
                    event(source, items(ItemsState.UNKNOWN), 1, 1, UNKNOWN),
                    event(source, here.itemsKnown(), 1, 1, KNOWN),
                    Records.withdrawal(source, 2, NONE),
                    event(source, here.paid(), 0, 3, NONE)));
        said.addAll(List.copyOf(said));
        Collections.shuffle(said, new Random(seed));
        var of = new ArrayList<RecordOutcome>();
        while (!said.isEmpty()) {
          int size =
              switch (cut) {
                case "_one" -> 1;
                case "_some" -> 1 + random.nextInt(said.size());
                default -> said.size();
              };
          List<CloudEvent> batch = said.subList(0, size);
          of.addAll(service.takeEvents(batch.toArray(CloudEvent[]::new)));
          batch.clear();
        }
        outcomes.put(cut, of);
      }

      assertThat(outcomes.get("_some")).as("seed " + seed).isEqualTo(outcomes.get("_one"));
      assertThat(outcomes.get("_all")).as("seed " + seed).isEqualTo(outcomes.get("_one"));
    }
  }

  private List<String> factsStored() throws SQLException {
    return TestDatabase.ask(
        database,
        "SELECT event_id || '@' || translation FROM payment_facts WHERE source_event = 'stripe:"
            + event
            + "' ORDER BY 1");
  }

  private PaymentFact items(ItemsState state) {
    return facts.fact(
        "items", 1, 1, about -> new PaymentEvent.ItemsKnown(about, state, List.of(), null));
  }

  private CloudEvent withdrawal(int translation) {
    return Records.withdrawal(event, translation, NONE);
  }

  private CloudEvent event(PaymentFact fact, int n, int translation, LookUpState lookUp) {
    return Records.event(fact(fact, n, translation, lookUp));
  }

  private PaymentFact fact(PaymentFact fact, int n, int translation, LookUpState lookUp) {
    return fact(event, fact, n, translation, lookUp);
  }

  private static CloudEvent event(
      String source, PaymentFact fact, int n, int translation, LookUpState lookUp) {
    return Records.event(fact(source, fact, n, translation, lookUp));
  }

  private static PaymentFact fact(
      String source, PaymentFact fact, int n, int translation, LookUpState lookUp) {
    return new PaymentFact(
        EventId.canonical("stripe", source, n), translation, lookUp, fact.event());
  }
}
