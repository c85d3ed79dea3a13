package dev.quittance.receipts.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.LetterEvent;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.ReceivedAt;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.Rubbish;
import dev.quittance.inboxoutbox.BatchWork;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.Outcome;
import dev.quittance.receipts.HandClock;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
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
  private final LetterIntake letters = new LetterIntake(new TestShop(), clock, () -> {});

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
  private <E> void take(BatchWork<E> work, List<Incoming> records) throws SQLException {
    var events = new ArrayList<E>();
    for (Incoming record : records) {
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

  private <E> boolean apply(BatchWork<E> work, List<E> events) throws SQLException {
    try (Connection transaction = database.source().getConnection()) {
      transaction.setAutoCommit(false);
      try {
        var exchange = new Exchange(transaction);
        List<Outcome> outcomes = work.apply(exchange, events);
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

  private static Shop shop(Rubbish rubbish) {
    return Shop.order("pi_" + rubbish.below(50));
  }

  private static List<Incoming> facts(Rubbish rubbish) {
    Shop shop = shop(rubbish);
    var records = new ArrayList<Incoming>();
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

  private static List<Incoming> letters(Rubbish rubbish) {
    Shop shop = shop(rubbish);
    var records = new ArrayList<Incoming>();
    for (int left = 1 + rubbish.below(3); left > 0; left--) {
      LetterEvent letter =
          rubbish.inPercent(80)
              ? new LetterEvent.CodeDelivered(
                  shop.order(),
                  new EventId("cmd-" + rubbish.below(1_000)),
                  List.of(new FulfilledItem("li_1", 1)),
                  "AAAA-BBBB",
                  Shop.NOON)
              : new LetterEvent.CustomerErased(shop.order(), Shop.NOON);
      records.add(damaged(rubbish, TestShop.incoming(letter)));
    }
    return records;
  }

  private static Incoming damaged(Rubbish rubbish, Incoming sound) {
    var headers = new HashMap<>(sound.headers());
    headers.put(ReceivedAt.HEADER, "2026-11-22T10:00:00Z".getBytes(StandardCharsets.UTF_8));
    if (rubbish.inPercent(40)) {
      String name =
          rubbish.of(
              "ce_id", "ce_source", "ce_time", "ce_translation", "traceparent", ReceivedAt.HEADER);
      headers.put(name, rubbish.text().getBytes(StandardCharsets.UTF_8));
    }
    byte[] value = sound.value();
    return new Incoming(
        sound.topic(),
        sound.partition(),
        sound.offset(),
        sound.key(),
        headers,
        value != null && rubbish.inPercent(80) ? rubbish.damagedJson(value) : value);
  }
}
