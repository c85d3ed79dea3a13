package dev.quittance.simulation;

import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.receipts.receipt.MailStatus;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.ReceiptPlan;
import dev.quittance.receipts.receipt.ReceiptPolicy;
import dev.quittance.receipts.receipt.ReceiptSummary;
import dev.quittance.receipts.receipt.Seller;
import dev.quittance.receipts.receipt.SendTurn;
import dev.quittance.simulation.Broker.Delivered;
import dev.quittance.simulation.Database.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// receipt-service: the real plan, in the protocol of its store, and a mail room under leases.
final class Receipts {

  /// A receipt as it is stored.
  ///
  /// @param next when it may be tried, or when its lease runs out
  record Row(
      ReceiptKey key,
      MailStatus status,
      Money amount,
      boolean drafted,
      @Nullable String reason,
      @Nullable String number,
      @Nullable String owner,
      int attempts,
      long next) {

    ReceiptSummary standing() {
      return new ReceiptSummary(status, amount, drafted, reason, null, number != null);
    }

    Row sending(String taken, String by, long until) {
      return new Row(
          key, MailStatus.SENDING, amount, drafted, null, taken, by, attempts + 1, until);
    }

    Row to(MailStatus now, long at) {
      return new Row(key, now, amount, drafted, reason, number, null, attempts, at);
    }
  }

  /// What is published about a receipt.
  record Told(String order, long sequence, String receipt, MailStatus status) {}

  /// Longer than a letter takes, shorter than the longest stall.
  private static final int LEASE_MS = 600;

  private static final int RETRY_MS = 30;

  /// A total waits so long for the refund itself to be heard of.
  private static final Duration SETTLE = Duration.ofMillis(100);

  private static final ReceiptPolicy POLICY =
      new ReceiptPolicy() {
        @Override
        public boolean sends(String endpoint) {
          return true;
        }

        @Override
        public String series(Seller seller, String account) {
          return "shop";
        }

        @Override
        public Duration totalsSettle() {
          return SETTLE;
        }
      };

  final Database database;
  private final World world;
  private final Broker broker;
  private final Smtp smtp;
  private final Set<Flaw> flaws;

  Receipts(World world, Broker broker, Smtp smtp, Set<Flaw> flaws) {
    this.world = world;
    this.broker = broker;
    this.smtp = smtp;
    this.flaws = flaws;
    this.database = new Database(world);
  }

  /// Starts one instance.
  void boot(Host host) {
    host.spawn(
        "facts", new Intake(broker.group("receipts"), Names.PAYMENTS, database, this::take, flaws));
    host.spawn("mail", this::mail);
    host.spawn("relay", new Relay("receipts", database, broker, flaws));
  }

  // --- intake

  private int take(Transaction transaction, List<Delivered> batch) {
    List<PaymentMessage> messages =
        batch.stream().map(record -> heard((PaymentMessage) record.value())).toList();
    var changed = new TreeSet<String>();
    int claimed = Claims.take(transaction, messages, changed, flaws);
    if (!flaws.contains(Flaw.NO_ORDER_LOCK)) {
      changed.forEach(order -> transaction.lock("order/" + order));
    }
    changed.forEach(order -> plan(transaction, order));
    return claimed;
  }

  /// All that a dispute does to receipts is to take the place of what a lower translation said.
  private static PaymentMessage heard(PaymentMessage message) {
    return message instanceof PaymentMessage.Fact(var fact)
            && fact.event() instanceof PaymentEvent.DisputeUpdated
        ? new PaymentMessage.Withdrawal(
            fact.id().sourceEvent(),
            fact.translation(),
            fact.lookUp().asked() ? LookUpState.UNKNOWN : fact.lookUp())
        : message;
  }

  private void plan(Transaction transaction, String order) {
    List<PaymentFact> facts =
        transaction.scan("fact/", PaymentFact.class).values().stream()
            .filter(fact -> fact.event().about().order().value().equals(order))
            .toList();
    Map<ReceiptKey, ReceiptSummary> standings = standings(transaction, order);
    ReceiptPlan plan = ReceiptPlan.of(facts, standings, POLICY, Instant.ofEpochMilli(world.now()));
    for (ReceiptKey gone : plan.withdrawn()) {
      Row row = transaction.get(key(gone), Row.class);
      if (row != null && row.status().untouched()) {
        transaction.remove(key(gone));
      }
    }
    for (Receipt receipt : plan.written()) {
      Row old = transaction.get(key(receipt.key()), Row.class);
      if (old == null || old.status().untouched() || old.status() == MailStatus.SKIPPED) {
        transaction.put(key(receipt.key()), row(receipt, old));
      }
    }
  }

  private static Row row(Receipt receipt, @Nullable Row old) {
    long since = old != null && old.status() == MailStatus.DUE ? old.next() : -1;
    return switch (receipt) {
      case Receipt.Waiting(var key, var amount, var draft, var notBefore) ->
          fresh(
              key,
              MailStatus.WAITING,
              amount,
              draft != null,
              null,
              notBefore.toEpochMilli(),
              since);
      case Receipt.Due(var key, var draft, var at) ->
          fresh(
              key, MailStatus.DUE, draft.content().amount(), true, null, at.toEpochMilli(), since);
      case Receipt.Skipped(var key, var amount, var reason, _, _) ->
          fresh(key, MailStatus.SKIPPED, amount, true, reason.code(), 0, since);
    };
  }

  private static Row fresh(
      ReceiptKey key,
      MailStatus status,
      Money amount,
      boolean drafted,
      @Nullable String reason,
      long at,
      long since) {
    return new Row(key, status, amount, drafted, reason, null, null, 0, since >= 0 ? since : at);
  }

  /// How the receipts of an order stand, locked as `FOR UPDATE` does.
  private static Map<ReceiptKey, ReceiptSummary> standings(Transaction transaction, String order) {
    var standings = new HashMap<ReceiptKey, ReceiptSummary>();
    for (String key : transaction.scan("receipt/" + order + "/", Row.class).keySet()) {
      transaction.lock(key);
      Row row = transaction.get(key, Row.class);
      if (row != null) {
        standings.put(row.key(), row.standing());
      }
    }
    return standings;
  }

  private static String key(ReceiptKey key) {
    return "receipt/" + key.order() + "/" + key.kind() + "/" + key.subject();
  }

  // --- the mail room

  private void mail(Strand strand) {
    while (true) {
      long next = nextWork();
      // as the mail room looks now and then: what is put down meanwhile may be due at another time
      strand.awaitUntil(() -> hasWork() || nextWork() != next, next);
      if (!hasWork()) {
        continue;
      }
      try {
        Optional<Row> claimed = claim(strand);
        if (claimed.isPresent()) {
          deliver(strand, claimed.get());
        }
      } catch (Database.ConnectionLost | Database.Deadlock _) {
        strand.step("mail room in trouble, again");
      }
    }
  }

  private boolean hasWork() {
    return nextWork() <= world.now();
  }

  private long nextWork() {
    return database.rows("receipt/", Row.class).values().stream()
        .filter(this::sendable)
        .mapToLong(Row::next)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private boolean sendable(Row row) {
    return switch (row.status()) {
      case DUE, RETRYING, SENDING -> true;
      case WAITING, SENT, UNDELIVERABLE, SKIPPED -> false;
    };
  }

  private Optional<Row> claim(Strand strand) {
    Database.Session session = database.connect(strand);
    Transaction transaction = session.begin(strand);
    try {
      for (String key : database.rows("receipt/", Row.class).keySet()) {
        if (!transaction.tryLock(key)) {
          continue;
        }
        Row row = transaction.get(key, Row.class);
        boolean due = row != null && sendable(row) && row.next() <= world.now();
        boolean stolen =
            flaws.contains(Flaw.LEASE_IS_IGNORED)
                && row != null
                && row.status() == MailStatus.SENDING;
        if (row == null || !(due || stolen)) {
          continue;
        }
        String number = row.number() == null ? number(strand, transaction) : row.number();
        Row claimed = row.sending(number, strand.host.incarnation(), world.now() + LEASE_MS);
        transaction.put(key, claimed);
        if (flaws.contains(Flaw.SENT_BEFORE_SENDING)) {
          transaction.put(key, claimed.to(MailStatus.SENT, 0));
        }
        transaction.commit("lease");
        return Optional.of(claimed);
      }
      return Optional.empty();
    } finally {
      session.lose();
    }
  }

  /// The counter is part of the transaction that uses the number, so that none is lost.
  private String number(Strand strand, Transaction transaction) {
    if (flaws.contains(Flaw.NUMBERS_TAKEN_APART)) {
      Database.Session session = database.connect(strand);
      Transaction apart = session.begin(strand);
      String number = count(apart);
      apart.commit("number");
      session.lose();
      return number;
    }
    return count(transaction);
  }

  private static String count(Transaction transaction) {
    transaction.lock("counter");
    Long last = transaction.get("counter", Long.class);
    long next = last == null ? 1 : last + 1;
    transaction.put("counter", next);
    return "shop-" + next;
  }

  private void deliver(Strand strand, Row sending) {
    String receipt = key(sending.key());
    String messageId =
        flaws.contains(Flaw.MESSAGE_ID_PER_ATTEMPT)
            ? sending.key().id() + "." + sending.attempts()
            : sending.key().id().toString();
    String number = sending.number() == null ? "" : sending.number();
    var mail =
        new Smtp.Mail(receipt, messageId, number, sending.owner() + "/" + sending.attempts());
    Smtp.Answer answer = smtp.send(strand, mail);
    while (true) {
      try {
        settle(strand, sending, answer);
        if (answer == Smtp.Answer.ACCEPTED && world.now() <= sending.next()) {
          smtp.settled(receipt);
        }
        return;
      } catch (Database.ConnectionLost | Database.Deadlock _) {
        strand.step("can't settle, again");
      }
    }
  }

  private void settle(Strand strand, Row sending, Smtp.Answer answer) {
    Database.Session session = database.connect(strand);
    Transaction transaction = session.begin(strand);
    try {
      OrderId order = sending.key().order();
      transaction.lock("order/" + order);
      String key = key(sending.key());
      transaction.lock(key);
      Row row = transaction.get(key, Row.class);
      if (row != null) {
        settled(transaction, row, sending, answer);
      }
      turns(transaction, order.value());
      transaction.commit("what became of a letter");
    } finally {
      session.lose();
    }
  }

  private void settled(Transaction transaction, Row row, Row sending, Smtp.Answer answer) {
    boolean ours =
        row.status() == MailStatus.SENDING
            && sending.owner() != null
            && sending.owner().equals(row.owner())
            && row.attempts() == sending.attempts();
    Row now =
        switch (answer) {
          case ACCEPTED -> row.status() == MailStatus.SENT ? null : row.to(MailStatus.SENT, 0);
          case NEVER -> ours ? row.to(MailStatus.UNDELIVERABLE, 0) : null;
          case LATER, SILENCE -> ours ? row.to(MailStatus.RETRYING, world.now() + RETRY_MS) : null;
        };
    if (now == null) {
      return;
    }
    String key = key(row.key());
    transaction.put(key, now);
    if (now.status() != MailStatus.RETRYING) {
      String order = row.key().order().value();
      Long last = transaction.get("told/" + order, Long.class);
      long sequence = last == null ? 1 : last + 1;
      transaction.put("told/" + order, sequence);
      Relay.append(
          transaction,
          order,
          sequence,
          Names.RECEIPTS,
          new Told(order, sequence, key, now.status()));
    }
  }

  private void turns(Transaction transaction, String order) {
    SendTurn.Turns turns = SendTurn.after(standings(transaction, order));
    for (ReceiptKey never : turns.never()) {
      transaction.remove(key(never));
    }
    for (ReceiptKey now : turns.now()) {
      Row row = transaction.get(key(now), Row.class);
      if (row != null && row.status() == MailStatus.WAITING) {
        transaction.put(key(now), row.to(MailStatus.DUE, Math.max(row.next(), world.now())));
      }
    }
  }

  // --- for the checker

  Map<String, Row> stored() {
    return database.rows("receipt/", Row.class);
  }

  List<PaymentFact> facts(String order) {
    return database.rows("fact/", PaymentFact.class).values().stream()
        .filter(fact -> fact.event().about().order().value().equals(order))
        .toList();
  }

  /// What would still have to be done about an order's receipts.
  ReceiptPlan open(String order) {
    var standings = new HashMap<ReceiptKey, ReceiptSummary>();
    database
        .rows("receipt/" + order + "/", Row.class)
        .values()
        .forEach(row -> standings.put(row.key(), row.standing()));
    return ReceiptPlan.of(facts(order), standings, POLICY, Instant.ofEpochMilli(world.now()));
  }
}
