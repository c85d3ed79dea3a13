package dev.quittance.receipts.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CustomerNotice;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.ReceivedAt;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.FuzzRandom;
import dev.quittance.messaging.inbox.BatchHandler;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.testkit.HandClock;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever events come in: each is unreadable, refused by the database for what it holds, or has
/// an outcome. Nothing in this room fails of it.
class IntakeFuzzTest {

  /// Texts and times that no column takes, and what a constraint forbids.
  private static final List<String> THE_RECORDS_FAULT = List.of("22", "23", "54");

  private final TestDatabase database = TestDatabase.create();
  private final HandClock clock = new HandClock(Shop.NOON);
  private final PaymentIntake payments = new PaymentIntake(new TestShop(), clock, () -> {});
  private final CustomerNoticeIntake letters =
      new CustomerNoticeIntake(new TestShop(), clock, () -> {});

  @Test
  void anyFactsHaveTheirOutcomes() {
    Fuzz.cases(200, rubbish -> take(payments, facts(rubbish)));
  }

  @Test
  void anyLettersHaveTheirOutcomes() {
    Fuzz.cases(
        150,
        rubbish -> {
          if (rubbish.inPercent(30)) {
            take(payments, facts(rubbish));
          }
          take(letters, letters(rubbish));
        });
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
    try (Connection transaction = database.source().getConnection()) {
      transaction.setAutoCommit(false);
      try {
        var exchange = new StatementPipeline(transaction);
        List<RecordOutcome> outcomes = work.apply(exchange, events);
        assertThat(outcomes).hasSameSizeAs(events);
        exchange.commit();
        work.committed();
        return true;
      } catch (Throwable e) {
        transaction.rollback();
        throw e;
      }
    } catch (SQLException e) {
      if (THE_RECORDS_FAULT.stream().noneMatch(String.valueOf(e.getSQLState())::startsWith)) {
        throw e;
      }
      return false;
    }
  }

  private static Shop shop(FuzzRandom rubbish) {
    return Shop.order("pi_" + rubbish.below(50));
  }

  private static List<IncomingRecord> facts(FuzzRandom rubbish) {
    Shop shop = shop(rubbish);
    var records = new ArrayList<IncomingRecord>();
    for (int left = 1 + rubbish.below(4); left > 0; left--) {
      int second = rubbish.below(1_000);
      records.add(
          damaged(
              rubbish,
              TestShop.incoming(
                  left,
                  switch (rubbish.below(7)) {
                    case 0, 1 -> shop.paid(second, 3000);
                    case 2 -> shop.paidItemsPending(second, 3000);
                    case 3 -> shop.itemsKnown(second, LineItem.of("li_1", "A", 1, Shop.usd(3000)));
                    case 4 -> shop.refund(second, "re_1", rubbish.of(RefundStatus.values()), 1000);
                    case 5 -> shop.refundTotal(second, rubbish.below(4000));
                    default -> shop.pending(second, 3000);
                  })));
    }
    return records;
  }

  private static List<IncomingRecord> letters(FuzzRandom rubbish) {
    Shop shop = shop(rubbish);
    var records = new ArrayList<IncomingRecord>();
    for (int left = 1 + rubbish.below(3); left > 0; left--) {
      CustomerNotice letter =
          rubbish.inPercent(80)
              ? new CustomerNotice.CodeDelivered(
                  shop.order(),
                  new EventId("cmd-" + rubbish.below(1_000)),
                  List.of(new FulfilledItem("li_1", 1)),
                  "AAAA-BBBB",
                  Shop.NOON)
              : new CustomerNotice.CustomerErased(shop.order(), Shop.NOON);
      records.add(damaged(rubbish, TestShop.incoming(letter)));
    }
    return records;
  }

  private static IncomingRecord damaged(FuzzRandom rubbish, IncomingRecord sound) {
    var headers = new HashMap<>(sound.headers());
    headers.put(ReceivedAt.HEADER, "2026-11-22T10:00:00Z".getBytes(StandardCharsets.UTF_8));
    if (rubbish.inPercent(40)) {
      String name =
          rubbish.of(
              "ce_id", "ce_source", "ce_time", "ce_translation", "traceparent", ReceivedAt.HEADER);
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
