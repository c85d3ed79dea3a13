package dev.quittance.fulfillment.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.persistence.StoredAnswer;
import dev.quittance.messaging.inbox.RecordOutcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Customers pay one cart twice: in two tabs, or by a checkout that is tried again.
class PaidTwiceTest {

  private static final FulfillmentCommand ALL =
      new FulfillmentCommand.Complete(List.of(), null, null);

  private static DataSource database;
  private static int carts;

  private final String cart = "cart-" + ++carts;
  private final OrderId first = new OrderId("stripe:pi_%d_a".formatted(carts));
  private final OrderId second = new OrderId("stripe:pi_%d_b".formatted(carts));
  private final OrderId third = new OrderId("stripe:pi_%d_c".formatted(carts));
  private ServiceUnderTest service;
  private ReleaseDuplicates duplicates;

  @BeforeAll
  static void createDatabase() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void startService() {
    service = new ServiceUnderTest(database);
    duplicates = new ReleaseDuplicates(service.transactions, service.clock);
  }

  private Facts facts(OrderId order) {
    return Facts.of(order).naming(cart);
  }

  private PaymentFact refunded(OrderId order) {
    return facts(order).refund("re_" + order.paymentReference(), RefundStatus.SUCCEEDED, 3000);
  }

  private PaymentFact refundFailed(OrderId order) {
    return facts(order).refund("re_" + order.paymentReference(), RefundStatus.FAILED, 3000);
  }

  private void assertGoesOut(OrderId order) throws SQLException {
    assertThat(service.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
    assertThat(service.order(order).duplicateOf()).isNull();
    assertThat(service.published(order)).containsOnlyOnce("fulfillment.requested");
  }

  private void assertHeld(OrderId order, OrderId behind) throws SQLException {
    assertThat(service.order(order).fulfillmentStatus()).isEqualTo(FulfillmentStatus.ON_HOLD);
    assertThat(service.order(order).duplicateOf()).isEqualTo(behind);
    assertThat(service.published(order)).doesNotContain("fulfillment.requested");
  }

  @Test
  void theSecondPaymentOfACartIsHeldAndNamesTheFirst() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());

    assertGoesOut(first);
    assertHeld(second, first);
    assertThat(service.published(second)).containsExactly("order.paid", "fulfillment.held");
    assertThat(details(second))
        .contains(
            "{\"reason\":{\"code\":\"duplicate_payment\"},\"duplicateOf\":\"%s\"}"
                .formatted(first));
    assertThat(service.duplicates).containsExactly(Map.entry(second, first));
  }

  private static List<String> details(OrderId order) throws SQLException {
    return TestDatabase.ask(
        database,
        "SELECT convert_from(detail, 'UTF8') FROM order_events WHERE order_id = '"
            + order
            + "' ORDER BY sequence");
  }

  @Test
  void whereReferencesAreAnyTextBothGoOut() throws SQLException {
    service.take(Facts.of(first).saying(cart).paid());
    service.take(Facts.of(second).saying(cart).paid());

    assertGoesOut(first);
    assertGoesOut(second);
    assertThat(claims()).isEmpty();
  }

  private List<String> claims() throws SQLException {
    return TestDatabase.ask(
        database,
        "SELECT order_id FROM reference_claims WHERE order_id IN ('%s', '%s', '%s')"
            .formatted(first, second, third));
  }

  @Test
  void ofTwoThatComeTogetherOneGoesOut() throws SQLException {
    service.take(facts(second).paid(), facts(first).paid(), facts(third).pending());

    assertGoesOut(first);
    assertHeld(second, first);
  }

  @Test
  void ofTwoAtTheSameTimeTheOneThatCommitsGoesOut() throws Exception {
    PaymentFact one = facts(second).paid();
    PaymentFact other = facts(first).paid();

    race(one, other, true);

    assertGoesOut(second);
    assertHeld(first, second);
  }

  @Test
  void whoDiesBeforeTheCommitWasNeverFirst() throws Exception {
    race(facts(first).paid(), facts(second).paid(), false);

    assertGoesOut(second);
    assertThat(claims()).containsExactly(second.value());

    service.take(facts(first).paid());
    assertHeld(first, second);
  }

  /// The first is in the middle of its transaction while the second comes.
  private void race(PaymentFact begun, PaymentFact waiting, boolean commit) throws Exception {
    try (Connection transaction = database.getConnection();
        var threads = Executors.newSingleThreadExecutor()) {
      transaction.setAutoCommit(false);
      service.apply(transaction, begun);
      Future<List<RecordOutcome>> taken = threads.submit(() -> service.take(waiting));
      await()
          .until(() ->
              !TestDatabase.ask(
                      database,
                      "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                          + " AND query LIKE '%reference_claims%'")
                  .isEmpty());
      if (commit) {
        transaction.commit();
      } else {
        transaction.rollback();
      }
      taken.get();
    }
  }

  @Test
  void manyPairsInAnyOrderOverTwoInstancesNeverBothGoOut() throws Exception {
    int pairs = 200;
    var all = new ArrayList<PaymentFact>();
    for (int i = 0; i < pairs; i++) {
      for (String tab : List.of("a", "b")) {
        var id = new OrderId("stripe:pi_pair_%d_%s".formatted(i, tab));
        all.add(Facts.of(id).naming("pair-" + i).paid());
      }
    }
    Collections.shuffle(all, new Random(7));
    List<PaymentFact> ones = all.subList(0, pairs);
    List<PaymentFact> others = all.subList(pairs, 2 * pairs);

    try (var instances = Executors.newFixedThreadPool(2)) {
      for (Future<Void> done : instances.invokeAll(List.of(instance(ones), instance(others)))) {
        done.get();
      }
    }

    assertThat(
            TestDatabase.ask(
                database,
                """
                SELECT count(*) FILTER (WHERE type LIKE '%fulfillment.requested.v1') || ' ' ||
                       count(*) FILTER (WHERE type LIKE '%fulfillment.held.v1')
                  FROM order_events WHERE order_id LIKE 'stripe:pi_pair_%'
                """))
        .containsExactly(pairs + " " + pairs);
    assertThat(
            TestDatabase.ask(
                database,
                """
                SELECT reference FROM orders JOIN order_events ON order_id = id
                 WHERE order_id LIKE 'stripe:pi_pair_%' AND type LIKE '%fulfillment.requested.v1'
                 GROUP BY reference HAVING count(*) <> 1
                """))
        .isEmpty();
  }

  private Callable<Void> instance(List<PaymentFact> facts) {
    return () -> {
      var instance = new ServiceUnderTest(database);
      for (int from = 0; from < facts.size(); from += 7) {
        instance.takeAgain(facts.subList(from, Math.min(from + 7, facts.size())));
      }
      return null;
    };
  }

  @Test
  void theSecondIsReleasedWhenTheFirstIsCanceledBeforeAnythingLeft() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());
    assertThat(duplicates.run()).isZero();

    service.take(refunded(first));
    assertHeld(second, first);
    assertThat(duplicates.run()).isEqualTo(1);
    assertThat(duplicates.run()).isZero();

    assertGoesOut(second);
    assertThat(service.published(second))
        .containsExactly("order.paid", "fulfillment.held", "fulfillment.requested");
  }

  @Test
  void itIsReleasedAtOnceWhenSomethingIsHeardOfIt() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());

    service.take(refunded(first), facts(second).dispute("dp_1", DisputeStatus.INQUIRY));

    assertGoesOut(second);
  }

  @Test
  void whoeverComesAfterACanceledOneGoesOutAtOnce() throws SQLException {
    service.take(facts(first).paid());
    service.take(refunded(first));

    service.take(facts(second).paid());

    assertGoesOut(second);
    assertThat(claims()).containsExactly(second.value());
  }

  @Test
  void theFirstThatComesBackIsHeldBehindTheSecond() throws SQLException {
    service.take(facts(first).paid());
    service.take(refunded(first));
    service.take(facts(second).paid());

    service.take(refundFailed(first));

    assertThat(service.order(first).fulfillmentStatus()).isEqualTo(FulfillmentStatus.ON_HOLD);
    assertThat(service.order(first).duplicateOf()).isEqualTo(second);
    assertThat(service.published(first)).endsWith("order.refunded", "fulfillment.held");

    service.take(refunded(second));
    assertThat(duplicates.run()).isEqualTo(1);
    assertThat(service.order(first).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
    assertThat(service.published(first)).endsWith("fulfillment.released");
    assertThat(details(first).getLast()).contains("first_canceled");
  }

  @Test
  void theSecondStaysHeldWhenSomethingOfTheFirstHadLeft() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());
    service.take(
        first,
        "ship",
        new FulfillmentCommand.Complete(List.of(new FulfilledItem("mug", 1)), null, null));
    service.take(refunded(first));
    assertThat(duplicates.run()).isZero();

    service.take(first, "back", new FulfillmentCommand.Reverse(null));
    assertThat(duplicates.run()).isZero();

    assertHeld(second, first);
  }

  @Test
  void anOperatorsReleaseStands() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());

    service.perform(
        second,
        new FulfillmentCommand.Release("both were meant"),
        null,
        _ -> new StoredAnswer(200, new byte[0]));
    new RefoldOrders(service.transactions, service.clock).next(null, 200, false);
    service.take(facts(second).dispute("dp_1", DisputeStatus.OPEN));
    service.take(facts(second).dispute("dp_1", DisputeStatus.WON));

    assertThat(service.order(second).fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
    assertThat(service.order(second).duplicateOf()).isEqualTo(first);
    assertThat(service.published(second)).containsOnlyOnce("fulfillment.requested");
    assertGoesOut(first);
  }

  @Test
  void anOperatorsOwnHoldOfTheSecondIsNotReleased() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());
    service.take(second, "go", new FulfillmentCommand.Release(null));
    service.take(second, "stop", new FulfillmentCommand.Hold(null));

    service.take(refunded(first));

    assertThat(duplicates.run()).isZero();
    assertThat(service.order(second).fulfillmentStatus()).isEqualTo(FulfillmentStatus.ON_HOLD);
  }

  @Test
  void aReleaseOfAnotherHoldDoesNotLetTheSecondGo() throws SQLException {
    service.take(facts(second).pending());
    service.take(second, "hold", new FulfillmentCommand.Hold(null));
    service.take(facts(second).paid());
    service.take(facts(first).paid());
    assertGoesOut(first);

    service.take(second, "release", new FulfillmentCommand.Release(null));

    assertHeld(second, first);
    assertThat(service.published(second))
        .as("the second time it says what for")
        .endsWith("fulfillment.held", "fulfillment.held");
    assertThat(service.duplicates).containsKey(second);
  }

  @Test
  void whoeverIsReleasedInTimeIsFirst() throws SQLException {
    service.take(facts(first).pending());
    service.take(first, "hold", new FulfillmentCommand.Hold(null));
    service.take(facts(first).paid());
    service.perform(
        first, new FulfillmentCommand.Release(null), null, _ -> new StoredAnswer(200, new byte[0]));

    service.take(facts(second).paid());

    assertGoesOut(first);
    assertHeld(second, first);
  }

  @Test
  void aThirdIsHeldBehindWhoeverGoesOut() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());
    service.take(facts(third).paid());
    assertHeld(third, first);

    service.take(refunded(first));
    assertThat(duplicates.run()).isEqualTo(1);

    assertGoesOut(second);
    assertHeld(third, second);

    service.take(refunded(second));
    assertThat(duplicates.run()).isEqualTo(1);
    assertGoesOut(third);
  }

  @Test
  void aSecondThatIsRefundedNeverGoesOut() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());
    service.take(refunded(second));
    service.take(refunded(first));

    assertThat(duplicates.run()).isZero();
    assertThat(service.published(second)).doesNotContain("fulfillment.requested");
  }

  @Test
  void aDisputedSecondWaitsForTheDisputesEnd() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());
    service.take(facts(second).dispute("dp_1", DisputeStatus.OPEN), refunded(first));
    assertThat(duplicates.run()).isZero();

    service.take(facts(second).dispute("dp_1", DisputeStatus.WON));

    assertGoesOut(second);
  }

  @Test
  void replaysChangeNothingAboutWhoIsFirst() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());
    long version = service.order(second).version();

    service.take(facts(second).paid());
    service.take(facts(first).paid(), facts(second).paid());
    new RefoldOrders(service.transactions, service.clock).next(null, 200, false);
    duplicates.run();

    assertGoesOut(first);
    assertHeld(second, first);
    assertThat(service.order(second).version()).isEqualTo(version);
  }

  @Test
  void aCorrectedTranslationChangesNothingAboutWhoIsFirst() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());

    service.take(corrected(facts(second).paid()));
    service.take(corrected(facts(first).paid()));

    assertGoesOut(first);
    assertHeld(second, first);
  }

  private static PaymentFact corrected(PaymentFact fact) {
    return new PaymentFact(fact.id(), fact.translation() + 1, fact.event());
  }

  @Test
  void factsThatMoveToAnotherOrderTakeTheirClaimAlong() throws SQLException {
    PaymentFact there = corrected(facts(second).paid());
    service.take(facts(first).paid());

    service.take(
        new PaymentFact(
            new EventId(facts(first).paid().id().value()), there.translation(), there.event()));

    assertThat(service.published(first)).endsWith("fulfillment.canceled");
    assertGoesOut(second);
  }

  @Test
  void anErasedOrderStaysFirstAndItsReferenceIsNowhereAmongTheClaims() throws SQLException {
    service.take(facts(first).paid());
    service.erase(first, "otto");

    service.take(facts(second).paid());

    assertHeld(second, first);
    service.erase(second, "otto");
    assertHeld(second, first);
    assertThat(
            TestDatabase.dump(database).stream().filter(row -> row.startsWith("reference_claims")))
        .isNotEmpty()
        .noneMatch(row -> row.contains(cart));
  }

  @Test
  void whoWentOutBeforeReferencesNamedOrdersIsFirst() throws SQLException {
    service.take(Facts.of(second).saying(cart).paid());

    service.take(facts(first).paid());

    assertHeld(first, second);
    assertThat(claims()).containsExactly(second.value());
    service.take(refunded(second));
    assertThat(duplicates.run()).isEqualTo(1);
    assertGoesOut(first);
  }

  @Test
  void whoWasCanceledBeforeReferencesNamedOrdersIsNot() throws SQLException {
    service.take(Facts.of(first).saying(cart).paid());
    service.take(Facts.of(first).saying(cart).refund("re_1", RefundStatus.SUCCEEDED, 3000));

    service.take(facts(second).paid());

    assertGoesOut(second);
  }

  @Test
  void anOrderThatChangesItsReferenceKeepsItsClaim() throws SQLException {
    var renamed = "renamed-" + cart;
    service.take(facts(first).paid());
    service.take(corrected(Facts.of(first).naming(renamed).paid()));
    assertThat(service.order(first).reference()).isEqualTo(renamed);

    service.take(facts(second).paid());
    service.take(Facts.of(third).naming(renamed).paid());

    assertHeld(second, first);
    assertHeld(third, first);
  }

  @Test
  void aSecondWhoseReferenceIsCorrectedIsReleased() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());

    service.take(corrected(Facts.of(second).naming("another-" + cart).paid()));

    assertGoesOut(second);
  }

  @Test
  void aSecondWhoseReferenceNamesNoOrderAnyMoreIsReleased() throws SQLException {
    service.take(facts(first).paid());
    service.take(facts(second).paid());

    service.take(corrected(Facts.of(second).saying(cart).paid()));

    assertGoesOut(second);
  }

  @Test
  void anotherAccountsOrTheTestModesPaymentsAreNobodysDuplicates() throws SQLException {
    service.take(facts(first).paid());
    var elsewhere = new OrderId("stripe-eu:pi_%d".formatted(carts));
    service.take(Facts.of(elsewhere).naming(cart).paid());
    service.take(
        facts(second)
            .fact(
                "test-mode",
                1,
                about ->
                    new PaymentEvent.Succeeded(
                        Facts.inTestMode(about),
                        ((PaymentEvent.Succeeded) facts(second).paid().event()).details())));

    assertGoesOut(first);
    assertGoesOut(elsewhere);
    assertGoesOut(second);
  }

  @Test
  void aFirstThatIsDoneStaysFirst() throws SQLException {
    service.take(facts(first).paid());
    service.take(first, "ship", ALL);

    service.take(facts(second).paid());

    assertHeld(second, first);
  }
}
