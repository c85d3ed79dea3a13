package dev.quittance.fulfillment.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.About;
import dev.quittance.contracts.BodyFormat;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Topic;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.OrderObserver;
import dev.quittance.fulfillment.order.ReceivedMessage;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What comes under the id of another event is reported, and never swallowed as its repetition.
class ReusedIdsTest {

  private static final RecordOutcome APPLIED = new RecordOutcome.Applied();
  private static final RecordOutcome DUPLICATE = new RecordOutcome.Duplicate();

  private static DataSource database;
  private static int orders;

  private final OrderId order = new OrderId("standard:reused-" + ++orders);
  private final List<Integer> reused = new ArrayList<>();
  private final HandlePaymentFacts facts =
      new HandlePaymentFacts(
          Clock.fixed(Facts.START.plusSeconds(3600), ZoneOffset.UTC),
          new OrderObserver() {
            @Override
            public void committed(Collection<OrderId> changed) {}

            @Override
            public void idsReused(int events) {
              reused.add(events);
            }
          });
  private long offset;

  @BeforeAll
  static void createDatabase() throws SQLException, IOException {
    database = TestDatabase.create();
  }

  @BeforeEach
  void anOrderIsPaid() throws SQLException {
    assertThat(take("1", Facts.of(order).paid())).containsExactly(APPLIED);
    reused.clear();
  }

  @Test
  void anotherRefundUnderTheIdOfTheFirstIsADeadLetterAndCounted() throws SQLException {
    assertThat(take("1", refund("r-1", 500))).containsExactly(APPLIED);

    List<RecordOutcome> outcomes = take("1", refund("r-2", 700));

    assertIdReused(outcomes.getFirst());
    assertThat(reused).containsExactly(0, 1);
  }

  @Test
  void theSameInOneBatchIsToldAsWell() throws SQLException {
    List<RecordOutcome> outcomes =
        take("1", refund("r-1", 500), refund("r-2", 700), refund("r-1", 500));

    assertThat(outcomes.get(0)).isEqualTo(APPLIED);
    assertIdReused(outcomes.get(1));
    assertThat(outcomes.get(2)).isEqualTo(DUPLICATE);
  }

  @Test
  void itIsToldAgainWhenTheBatchIsRepeated() throws SQLException {
    take("1", refund("r-1", 500), refund("r-2", 700));

    List<RecordOutcome> again = take("1", refund("r-1", 500), refund("r-2", 700));

    assertThat(again.get(0)).isEqualTo(DUPLICATE);
    assertIdReused(again.get(1));
  }

  @Test
  void anEventOfAnotherTypeUnderTheSameIdIsTold() throws SQLException {
    take("1", refund("r-1", 500));
    PaymentFact total =
        under(
            "said", new PaymentEvent.RefundTotalUpdated(about(Facts.START), Facts.usd(500), null));

    assertIdReused(take("1", total).getFirst());
  }

  @Test
  void anEventOfAnotherOrderUnderTheSameIdIsTold() throws SQLException {
    take("1", refund("r-1", 500));
    var other =
        new About(
            new OrderId("standard:another-" + orders),
            "standard",
            "standard",
            "standard",
            true,
            Facts.START,
            "said",
            "refund.updated");
    PaymentFact ofAnother =
        under(
            "said",
            new PaymentEvent.RefundUpdated(
                other, "r-1", RefundStatus.SUCCEEDED, Facts.usd(500), null, false, null, null));

    assertIdReused(take("1", ofAnother).getFirst());
  }

  @Test
  void aRetryThatBearsANewTimeIsARepetition() throws SQLException {
    take("1", refund("r-1", 500));

    assertThat(take("1", refund("r-1", 500, Facts.START.plusSeconds(600))))
        .containsExactly(DUPLICATE);
    assertThat(reused).containsExactly(0, 0);
  }

  @Test
  void whatIsWrittenInAnotherFormatIsNotCompared() throws SQLException {
    take("2019-01-01", refund("r-1", 500));

    assertThat(take("2025-03-31.basil", refund("r-2", 700))).containsExactly(DUPLICATE);
  }

  @Test
  void whatWasAskedForIsNotCompared() throws SQLException {
    take("1", refund("r-1", 500));

    assertThat(take(null, refund("r-2", 700))).containsExactly(DUPLICATE);
  }

  @Test
  void aHigherTranslationReplacesAndIsNoReuse() throws SQLException {
    take("1", refund("r-1", 500));
    PaymentFact corrected = new PaymentFact(refund("r-1", 500).id(), 2, refund("r-2", 700).event());

    assertThat(take("1", corrected)).containsExactly(APPLIED);
    assertThat(take("1", refund("r-1", 500))).containsExactly(DUPLICATE);
  }

  private static void assertIdReused(RecordOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            RecordOutcome.Dead.class,
            dead -> assertThat(dead.why()).isEqualTo(DeadLetter.Why.ID_REUSED));
  }

  private PaymentFact refund(String id, long cents) {
    return refund(id, cents, Facts.START);
  }

  private PaymentFact refund(String id, long cents, Instant at) {
    return under(
        "said",
        new PaymentEvent.RefundUpdated(
            about(at), id, RefundStatus.SUCCEEDED, Facts.usd(cents), null, false, null, null));
  }

  private About about(Instant at) {
    return new About(order, "standard", "standard", "standard", true, at, "said", "refund.updated");
  }

  private PaymentFact under(String id, PaymentEvent event) {
    return new PaymentFact(EventId.canonical("standard", id + "-" + order, 0), 1, event);
  }

  private List<RecordOutcome> take(@Nullable String format, PaymentFact... batch)
      throws SQLException {
    var decoded = new ArrayList<ReceivedMessage>();
    for (PaymentFact fact : Arrays.asList(batch)) {
      IncomingRecord plain = Records.record(Topic.PAYMENT_EVENTS, offset, Records.event(fact));
      var headers = new HashMap<>(plain.headers());
      if (format != null) {
        headers.put(BodyFormat.HEADER, format.getBytes(StandardCharsets.UTF_8));
      }
      decoded.add(
          facts.decode(
              new IncomingRecord(plain.topic(), 0, offset++, plain.key(), headers, plain.value())));
    }
    try (Connection transaction = database.getConnection()) {
      transaction.setAutoCommit(false);
      var pipeline = new StatementPipeline(transaction);
      List<RecordOutcome> outcomes = facts.apply(pipeline, decoded);
      pipeline.commit();
      facts.committed();
      return outcomes;
    }
  }
}
