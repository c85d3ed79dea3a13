package dev.quittance.simulation;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.SourceEventState;
import dev.quittance.fulfillment.order.OrderState;
import dev.quittance.fulfillment.order.Transition;
import dev.quittance.receipts.receipt.MailStatus;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.ReceiptPlan;
import dev.quittance.simulation.Broker.Delivered;
import dev.quittance.simulation.Fulfillment.Published;
import dev.quittance.simulation.Fulfillment.State;
import dev.quittance.simulation.Scenario.ProviderEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// The laws, looked at when everything has come to rest.
final class Checker {

  private final Scenario scenario;
  private final Broker broker;
  private final Edge edge;
  private final Fulfillment fulfillment;
  private final Receipts receipts;
  private final Smtp smtp;
  private final Set<Flaw> flaws;

  Checker(
      Scenario scenario,
      Broker broker,
      Edge edge,
      Fulfillment fulfillment,
      Receipts receipts,
      Smtp smtp,
      Set<Flaw> flaws) {
    this.scenario = scenario;
    this.broker = broker;
    this.edge = edge;
    this.fulfillment = fulfillment;
    this.receipts = receipts;
    this.smtp = smtp;
    this.flaws = flaws;
  }

  void check() {
    everyAnsweredEventWasTranslated();
    for (OrderId order : scenario.orders) {
      List<PaymentFact> facts = canonical(order.value());
      if (!facts.isEmpty()) {
        theOrderIsTheFoldOfItsFacts(order.value(), facts);
        receiptsAreWhatIsCalledFor(order.value(), facts);
      }
      theMoneyIsWhatTheStorySays(order.value());
      publishedWithoutGapsAndOnce(order.value(), broker.committed(Names.EVENTS));
      publishedWithoutGapsAndOnce(order.value(), broker.everything(Names.EVENTS));
      theLatestStateIsTheLast(order.value());
    }
    nothingWaits();
    conserved(fulfillment.database, Names.PAYMENTS);
    conserved(fulfillment.database, Names.COMMANDS);
    conserved(receipts.database, Names.PAYMENTS);
    mailsAreSentOnce();
    numbersHaveNoGaps();
    everySettledReceiptIsTold();
  }

  private void everyAnsweredEventWasTranslated() {
    Set<Object> there = new HashSet<>();
    broker.committed(Names.PAYMENTS).forEach(record -> there.add(record.value()));
    for (ProviderEvent event : edge.acknowledged()) {
      for (PaymentMessage message : event.translated(edge.revision(), flaws)) {
        require(there.contains(message), "answered with 200 but lost: " + message);
      }
      require(
          event.answer() == null || there.contains(event.answered(edge.revision())),
          "never asked for: " + event);
    }
  }

  private List<PaymentFact> canonical(String order) {
    return counted().stream()
        .filter(fact -> fact.event().about().order().value().equals(order))
        .toList();
  }

  /// All facts that count, whatever came when: the highest of each id, by all that was said of its
  /// provider event.
  private List<PaymentFact> counted() {
    var states = new HashMap<String, SourceEventState>();
    var facts = new ArrayList<PaymentFact>();
    for (Delivered record : broker.committed(Names.PAYMENTS)) {
      switch ((PaymentMessage) record.value()) {
        case PaymentMessage.Fact(var fact) -> {
          facts.add(fact);
          states.merge(
              fact.id().sourceEvent(),
              SourceEventState.ofFact(fact.translation(), fact.lookUp()),
              SourceEventState::merge);
        }
        case PaymentMessage.Withdrawal withdrawal ->
            states.merge(withdrawal.sourceEvent(), withdrawal.state(), SourceEventState::merge);
        case PaymentMessage.Foreign() -> {}
      }
    }
    var best = new HashMap<EventId, PaymentFact>();
    for (PaymentFact fact : facts) {
      if (states
          .getOrDefault(fact.id().sourceEvent(), SourceEventState.NOTHING)
          .counts(fact.translation(), fact.lookUp())) {
        best.merge(fact.id(), fact, (one, other) -> other.outranks(one) ? other : one);
      }
    }
    return List.copyOf(best.values());
  }

  private void theOrderIsTheFoldOfItsFacts(String order, List<PaymentFact> facts) {
    OrderState expected = OrderState.of(facts, fulfillment.acceptedCommands(order));
    Fulfillment.Row row = fulfillment.stored(order);
    require(row != null && row.view() != null, "no order for its facts: " + order);
    if (row == null || row.view() == null) {
      return;
    }
    require(
        row.view().paymentStatus() == expected.paymentStatus(),
        order + " is " + row.view().paymentStatus() + " and not " + expected.paymentStatus());
    require(
        row.view().fulfillmentStatus() == expected.fulfillmentStatus(),
        order + " is " + row.view().fulfillmentStatus() + ", not " + expected.fulfillmentStatus());
    require(
        Transition.byFacts(row.told(), expected).announcements().isEmpty(),
        order + " has more to tell than it told");
  }

  /// Told by the story and not by the fold, which can't be asked whether it is right.
  private void theMoneyIsWhatTheStorySays(String order) {
    Scenario.Expected expected = scenario.expected.get(order);
    Fulfillment.Row row = fulfillment.stored(order);
    if (expected == null || row == null || row.view() == null) {
      return;
    }
    var received = row.view().received();
    var refunded = row.view().refunded();
    require(
        received != null && received.minorUnits() == expected.received(),
        order + " received " + received + " and not " + expected);
    require(
        (refunded == null ? 0 : refunded.minorUnits()) == expected.refunded(),
        order + " refunded " + refunded + " and not " + expected);
  }

  private void publishedWithoutGapsAndOnce(String order, List<Delivered> records) {
    long last = 0;
    int requested = 0;
    var byId = new HashMap<String, Published>();
    for (Delivered record : records) {
      var told = (Published) record.value();
      if (!told.order().equals(order)) {
        continue;
      }
      Published first = byId.putIfAbsent(told.id().value(), told);
      require(first == null || first.equals(told), "two events of one id: " + told.id());
      if (told.sequence() <= last) {
        continue;
      }
      require(told.sequence() == last + 1, order + " goes from " + last + " to " + told.sequence());
      last = told.sequence();
      if (told.event() instanceof FulfillmentEvent.Requested(var view)) {
        requested++;
        require(
            view.paymentStatus() == PaymentStatus.PAID
                || view.paymentStatus() == PaymentStatus.PARTIALLY_REFUNDED,
            "requested while " + view.paymentStatus());
      }
    }
    require(requested <= 1, order + " was requested " + requested + " times");
    Fulfillment.Row row = fulfillment.stored(order);
    require(row == null || row.sequence() == last, order + " told " + last + " events");
    require(
        row == null || row.told().requested() == (requested == 1), order + " was never requested");
  }

  /// A reader of the compacted topic is left with the newest state, and finds all events that a
  /// state holds on their topic before it.
  private void theLatestStateIsTheLast(String order) {
    Fulfillment.Row row = fulfillment.stored(order);
    State last = null;
    for (Delivered record : broker.committed(Names.STATES)) {
      var state = (State) record.value();
      if (!state.order().equals(order)) {
        continue;
      }
      require(
          last == null || state.version() >= last.version(),
          order + " goes back from " + last + " to " + state);
      require(
          eventsBefore(order, broker.serial(record)) >= state.sequence(),
          "a state of " + order + " comes before its events");
      last = state;
    }
    require(
        row == null
            || row.view() == null
            || (last != null && last.version() == row.version() && last.view().equals(row.view())),
        "after compaction " + last + " of " + order + " remains");
  }

  private long eventsBefore(String order, long serial) {
    return broker.committed(Names.EVENTS).stream()
        .filter(record -> broker.serial(record) < serial)
        .map(record -> (Published) record.value())
        .filter(published -> published.order().equals(order))
        .mapToLong(Published::sequence)
        .max()
        .orElse(0);
  }

  private void nothingWaits() {
    require(
        Relay.empty(fulfillment.database), "outbox holds " + Relay.waiting(fulfillment.database));
    require(Relay.empty(receipts.database), "outbox holds " + Relay.waiting(receipts.database));
    Map<String, States.Mark> due = States.waiting(fulfillment.database);
    require(due.isEmpty(), "states are due: " + due);
  }

  private void conserved(Database database, String topic) {
    for (int partition = 0; partition < Broker.PARTITIONS; partition++) {
      Intake.Ledger ledger =
          database
              .rows("ledger/" + topic + "/" + partition, Intake.Ledger.class)
              .getOrDefault("ledger/" + topic + "/" + partition, new Intake.Ledger(0, 0, 0));
      long accepted = broker.end(topic, partition);
      require(
          ledger.next() == accepted && ledger.applied() + ledger.others() == accepted,
          topic + "/" + partition + " has " + accepted + " records, counted " + ledger);
    }
  }

  private void receiptsAreWhatIsCalledFor(String order, List<PaymentFact> facts) {
    PaymentPicture picture = PaymentPicture.of(facts);
    require(
        PaymentPicture.of(receipts.facts(order)).standing() == picture.standing(),
        "receipts see another payment than the facts say: " + order);
    Map<String, Receipts.Row> rows = receipts.stored();
    Set<ReceiptKey> takenBack =
        rows.values().stream()
            .flatMap(row -> row.key().correctsBounced().stream())
            .collect(toSet());
    List<Receipts.Row> standing =
        rows.values().stream()
            .filter(row -> row.key().order().value().equals(order))
            .filter(row -> row.key().kind() == Kind.PAYMENT && row.status().settled())
            .filter(row -> !takenBack.contains(row.key()))
            .toList();
    if (picture.reversed()) {
      require(
          standing.stream().noneMatch(row -> row.status() == MailStatus.SENT),
          order + " bounced, and its receipt stands");
    } else {
      require(
          standing.size() == (picture.complete() ? 1 : 0),
          order + " has " + standing.size() + " receipts of its payment");
    }
    for (Receipts.Row row : rows.values()) {
      require(
          row.status().settled() || row.status() == MailStatus.WAITING,
          row.key() + " is still " + row.status());
    }
    ReceiptPlan open = receipts.open(order);
    require(open.withdrawn().isEmpty(), "receipts to withdraw: " + open.withdrawn());
    for (Receipt receipt : open.written()) {
      require(receipt.status() == MailStatus.WAITING, "still to be written: " + receipt.key());
    }
  }

  private void mailsAreSentOnce() {
    Map<String, List<Smtp.Mail>> byReceipt =
        smtp.mailbox().stream().collect(groupingBy(Smtp.Mail::receipt));
    receipts
        .stored()
        .forEach((key, row) -> {
          List<Smtp.Mail> mails = byReceipt.getOrDefault(key, List.of());
          boolean sent = row.status() == MailStatus.SENT;
          require(!sent || !mails.isEmpty(), key + " counts as sent and never was");
          require(
              mails.size() <= (sent ? 1 : 0) + smtp.excused(key),
              key + " was mailed " + mails.size() + " times");
          require(
              mails.stream().map(Smtp.Mail::messageId).distinct().count() <= 1,
              key + " has several message ids");
          require(
              mails.stream().map(Smtp.Mail::number).distinct().count() <= 1,
              key + " has several numbers");
        });
    require(
        receipts.stored().keySet().containsAll(byReceipt.keySet()), "a mail without its receipt");
  }

  private void numbersHaveNoGaps() {
    List<String> numbers =
        receipts.stored().values().stream()
            .map(Receipts.Row::number)
            .filter(number -> number != null)
            .map(String::valueOf)
            .sorted()
            .toList();
    List<String> expected =
        IntStream.rangeClosed(1, numbers.size()).mapToObj(n -> "shop-" + n).sorted().toList();
    require(numbers.equals(expected), "numbers with gaps or doubles: " + numbers);
  }

  private void everySettledReceiptIsTold() {
    var told = new HashSet<String>();
    var last = new HashMap<String, Long>();
    for (Delivered record : broker.committed(Names.RECEIPTS)) {
      var event = (Receipts.Told) record.value();
      long before = last.getOrDefault(event.order(), 0L);
      if (event.sequence() > before) {
        require(event.sequence() == before + 1, "receipts' events of " + event.order() + " gap");
        last.put(event.order(), event.sequence());
      }
      told.add(event.receipt());
    }
    receipts
        .stored()
        .forEach((key, row) -> {
          boolean attempted =
              row.status() == MailStatus.SENT || row.status() == MailStatus.UNDELIVERABLE;
          require(told.contains(key) == attempted, key + " is " + row.status() + ", told: " + told);
        });
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
