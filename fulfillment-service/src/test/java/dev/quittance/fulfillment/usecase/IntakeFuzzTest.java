package dev.quittance.fulfillment.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.ReceivedAt;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.Tracking;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.OrderObserver;
import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.FuzzRandom;
import dev.quittance.messaging.inbox.BatchHandler;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/// Whatever events come in: each is unreadable, refused by the database for what it holds, or has
/// an outcome. Nothing in this room fails of it, neither in the transaction nor after.
class IntakeFuzzTest {

  /// Texts and times that no column takes, and what a constraint forbids.
  private static final List<String> THE_RECORDS_FAULT = List.of("22", "23", "54");

  private final DataSource database = TestDatabase.create();
  private final Clock clock = Clock.fixed(Facts.START.plusSeconds(3600), ZoneOffset.UTC);

  @Test
  void anyFactsHaveTheirOutcomes() {
    var meters = new Meters();
    Fuzz.cases(200, rubbish -> take(new HandlePaymentFacts(clock, meters), facts(rubbish)));
  }

  @Test
  void anyCommandsHaveTheirOutcomes() {
    var meters = new Meters();
    Fuzz.cases(
        200,
        rubbish -> {
          if (rubbish.inPercent(20)) {
            take(new HandlePaymentFacts(clock, meters), facts(rubbish));
          }
          take(new HandleIncomingCommands(clock, meters), commands(rubbish));
        });
  }

  /// Does with a time what the service's own does.
  private static final class Meters implements OrderObserver {
    @Override
    public void committed(Collection<OrderId> orders) {}

    @Override
    public void due(Duration sinceReceived) {
      var _ = sinceReceived.toNanos();
    }
  }

  /// All at once, then each by itself where they don't go together: as the intake does.
  private <E> void take(BatchHandler<E> work, List<IncomingRecord> records) throws SQLException {
    var events = new ArrayList<E>();
    for (IncomingRecord record : records) {
      try {
        events.add(work.decode(record));
      } catch (UnreadableEvent e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    if (!events.isEmpty() && !apply(work, events)) {
      for (E event : events) {
        apply(work, List.of(event));
      }
    }
  }

  private <E> boolean apply(BatchHandler<E> work, List<E> events) throws SQLException {
    try (Connection transaction = database.getConnection()) {
      transaction.setAutoCommit(false);
      var pipeline = new StatementPipeline(transaction);
      List<RecordOutcome> outcomes = work.apply(pipeline, events);
      assertThat(outcomes).hasSameSizeAs(events);
      pipeline.commit();
      work.committed();
      return true;
    } catch (SQLException e) {
      if (THE_RECORDS_FAULT.stream().noneMatch(String.valueOf(e.getSQLState())::startsWith)) {
        throw e;
      }
      return false;
    }
  }

  private static List<IncomingRecord> facts(FuzzRandom rubbish) {
    var facts = Facts.of(order(rubbish));
    var records = new ArrayList<IncomingRecord>();
    for (int left = 1 + rubbish.below(4); left > 0; left--) {
      CloudEvent event =
          Records.event(
              switch (rubbish.below(12)) {
                case 0, 1, 2 -> facts.paid();
                case 3 -> facts.paidItemsPending();
                case 4 -> facts.itemsKnown();
                case 5 -> facts.refund("re_1", RefundStatus.SUCCEEDED, 1 + rubbish.below(3000));
                case 6 -> facts.refundTotal(rubbish.below(4000));
                case 7 -> facts.dispute("dp_1", rubbish.of(DisputeStatus.values()));
                case 8 -> facts.pending();
                case 9 -> facts.failed();
                case 10 -> facts.expired();
                default -> facts.uncarried();
              });
      records.add(damaged(rubbish, Records.record(Topic.PAYMENT_EVENTS, left, event)));
    }
    return records;
  }

  private static List<IncomingRecord> commands(FuzzRandom rubbish) {
    var records = new ArrayList<IncomingRecord>();
    for (int left = 1 + rubbish.below(4); left > 0; left--) {
      FulfillmentCommand command =
          switch (rubbish.below(4)) {
            case 0, 1 ->
                new FulfillmentCommand.Complete(
                    List.of(new FulfilledItem("shirt", 1), new FulfilledItem("mug", 1)),
                    new Tracking("DHL", "1Z"),
                    rubbish.inPercent(50) ? "AAAA-BBBB" : null);
            case 2 -> new FulfillmentCommand.Hold("fraud");
            default ->
                rubbish.of(
                    new FulfillmentCommand.Release("fine"),
                    new FulfillmentCommand.Reverse("came back"));
          };
      records.add(
          damaged(
              rubbish,
              Records.record(
                  Topic.FULFILLMENT_COMMANDS,
                  left,
                  Records.event(order(rubbish), "cmd-" + rubbish.below(10_000), command))));
    }
    return records;
  }

  /// Few, so that what was damaged before meets what comes after.
  private static OrderId order(FuzzRandom rubbish) {
    return new OrderId("stripe:pi_" + rubbish.below(50));
  }

  private static IncomingRecord damaged(FuzzRandom rubbish, IncomingRecord sound) {
    var headers = new HashMap<>(sound.headers());
    headers.put(ReceivedAt.HEADER, "2026-11-22T10:00:00Z".getBytes(StandardCharsets.UTF_8));
    if (rubbish.inPercent(40)) {
      String name =
          rubbish.of(
              "ce_id",
              "ce_source",
              "ce_time",
              "ce_translation",
              "ce_sequence",
              "traceparent",
              ReceivedAt.HEADER);
      headers.put(name, rubbish.text().getBytes(StandardCharsets.UTF_8));
    }
    byte[] value = sound.value();
    return new IncomingRecord(
        sound.topic(),
        sound.partition(),
        sound.offset(),
        sound.key(),
        headers,
        value != null && rubbish.inPercent(80) ? rubbish.damagedJson(value) : value);
  }
}
