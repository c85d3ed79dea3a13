package dev.quittance.contracts;

import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One example of everything on the wire: an order of two mugs and an e-book, paid by card,
/// shipped, and given back. The golden files, the schemas' and the AsyncAPI document's examples,
/// and the guide for subscribers all show these.
final class Examples {

  static final OrderId ORDER = OrderId.of("stripe", "pi_3SWq2ABc4dEf5Gh60quitnc");
  private static final Instant PAID_AT = Instant.parse("2026-11-22T09:30:05Z");
  private static final Instant PUBLISHED_AT = Instant.parse("2026-11-22T09:30:05.412Z");
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  /// A record's value with what the record's headers need to know.
  ///
  /// @param sequence for the fulfilment topics only
  record Example(
      Topic topic,
      String type,
      String source,
      EventId id,
      Instant time,
      int translation,
      @Nullable Long sequence,
      Object data) {

    CloudEvent event() {
      return new CloudEvent(
          id,
          source,
          type,
          data instanceof PaymentWithdrawn withdrawn ? withdrawn.subject() : ORDER,
          time,
          CloudEvent.Origin.WEBHOOK,
          translation,
          sequence,
          TRACE,
          WireFormat.write(data));
    }

    @Override
    public String toString() {
      return type;
    }
  }

  private Examples() {}

  static List<Example> all() {
    return Stream.of(
            paymentEvents(),
            List.of(withdrawal()),
            fulfillmentEvents(),
            commands(),
            letters(),
            receiptEvents())
        .flatMap(List::stream)
        .toList();
  }

  static Example of(String type) {
    return all().stream().filter(example -> example.type().equals(type)).findFirst().orElseThrow();
  }

  static DeadLetter deadLetter() {
    return new DeadLetter(
        DeadLetter.Why.UNREADABLE,
        "Succeeded lacks about.occurredAt",
        Topic.PAYMENT_EVENTS.topicName(),
        7,
        4711,
        ConsumerGroup.FULFILLMENT,
        Instant.parse("2026-11-22T09:30:06.001Z"));
  }

  static List<Example> paymentEvents() {
    var events =
        List.of(
            new PaymentEvent.Pending(
                about("evt_1SWq2A01", "checkout.session.completed"), reported()),
            new PaymentEvent.Succeeded(
                about("evt_1SWq2A02", "checkout.session.async_payment_succeeded"), reported()),
            new PaymentEvent.AttemptFailed(
                about("evt_1SWq2A03", "payment_intent.payment_failed"),
                PaymentDetails.of(Origin.PAYMENT, false, usd(4650)),
                new Reason("card_declined", "Your card has insufficient funds.")),
            new PaymentEvent.Failed(
                about("evt_1SWq2A04", "checkout.session.async_payment_failed"),
                reported(),
                new Reason("async_payment_failed", null)),
            new PaymentEvent.Canceled(
                about("evt_1SWq2A05", "checkout.session.expired"),
                reported(),
                Reason.of("session_expired")),
            new PaymentEvent.Reversed(
                about("evt_1SWq2A11", "charge.failed"),
                "py_3SWq2ABc4dEf5Gh60",
                new Reason("insufficient_funds", "The customer's account has insufficient funds.")),
            new PaymentEvent.ItemsKnown(
                about("evt_1SWq2A06", "checkout.session.completed"),
                ItemsState.KNOWN,
                List.of(mugs(), book()),
                totals()),
            new PaymentEvent.RefundUpdated(
                about("evt_1SWq2A07", "refund.updated"),
                "re_3SWq2ABc4dEf5Gh60",
                RefundStatus.SUCCEEDED,
                usd(1150),
                Money.ofMinor(995, "EUR"),
                false,
                null,
                new Reason("requested_by_customer", "One mug arrived broken.")),
            new PaymentEvent.RefundTotalUpdated(
                about("evt_1SWq2A08", "charge.refunded"), usd(1150), null),
            new PaymentEvent.DisputeUpdated(
                about("evt_1SWq2A09", "charge.dispute.created"),
                "dp_1SWq2ABc4dEf5Gh6",
                DisputeStatus.OPEN,
                usd(4650),
                Reason.of("fraudulent")));
    return events.stream()
        .map(event ->
            new Example(
                Topic.PAYMENT_EVENTS,
                event.type(),
                "/quittance/ingest",
                EventId.canonical("stripe", event.about().sourceEvent(), 0),
                event.about().occurredAt(),
                1,
                null,
                event))
        .toList();
  }

  static Example withdrawal() {
    var withdrawn =
        new PaymentWithdrawn(
            "stripe",
            "stripe",
            "stripe",
            "evt_1SWq2A10",
            "checkout.session.completed",
            Reason.of("other_mode"));
    return new Example(
        Topic.PAYMENT_EVENTS,
        PaymentWithdrawn.TYPE,
        "/quittance/ingest",
        withdrawn.id(),
        PAID_AT,
        2,
        null,
        withdrawn);
  }

  static List<Example> fulfillmentEvents() {
    OrderView notDue = order(1, PaymentStatus.PENDING, FulfillmentStatus.NOT_DUE);
    OrderView due = order(3, PaymentStatus.PAID, FulfillmentStatus.DUE);
    OrderView held = order(4, PaymentStatus.PAID, FulfillmentStatus.ON_HOLD);
    OrderView fulfilled = order(6, PaymentStatus.PAID, FulfillmentStatus.FULFILLED);
    OrderView disputed = order(8, PaymentStatus.DISPUTED, FulfillmentStatus.FULFILLED);
    List<FulfillmentEvent> events =
        List.of(
            new FulfillmentEvent.PaymentPending(notDue),
            new FulfillmentEvent.PaymentFailed(
                order(2, PaymentStatus.FAILED, FulfillmentStatus.NOT_DUE),
                new Reason("card_declined", "Your card has insufficient funds.")),
            new FulfillmentEvent.Paid(due),
            new FulfillmentEvent.Requested(due),
            new FulfillmentEvent.Held(held, new Reason("by_hand", "The address looks wrong.")),
            new FulfillmentEvent.Released(
                order(5, PaymentStatus.PAID, FulfillmentStatus.DUE),
                new Reason("by_hand", "The customer confirmed the address.")),
            new FulfillmentEvent.Completed(
                order(6, PaymentStatus.PAID, FulfillmentStatus.PARTIALLY_FULFILLED),
                List.of(new FulfilledItem("li_1SWq2Amugs", 2)),
                new Tracking("dhl", "JJD000390007882934812"),
                false),
            new FulfillmentEvent.Rejected(
                fulfilled,
                new EventId("shipping-2026-11-22-0002"),
                FulfillmentCommandType.COMPLETE.typeName(),
                new Reason("already_fulfilled", "Nothing remains to be fulfilled.")),
            new FulfillmentEvent.PaymentReversed(
                order(5, PaymentStatus.REVERSED, FulfillmentStatus.CANCELED),
                Reason.of("insufficient_funds")),
            new FulfillmentEvent.Refunded(
                order(7, PaymentStatus.PARTIALLY_REFUNDED, FulfillmentStatus.FULFILLED),
                usd(1150),
                false),
            new FulfillmentEvent.Disputed(disputed, "dp_1SWq2ABc4dEf5Gh6", DisputeStatus.OPEN),
            new FulfillmentEvent.ReversalRequested(
                order(9, PaymentStatus.CHARGED_BACK, FulfillmentStatus.REVERSAL_DUE),
                Reason.of("dispute_lost")),
            new FulfillmentEvent.Reversed(
                order(10, PaymentStatus.CHARGED_BACK, FulfillmentStatus.REVERSED),
                new Reason("by_hand", "The parcel came back.")),
            new FulfillmentEvent.Canceled(
                order(4, PaymentStatus.REFUNDED, FulfillmentStatus.CANCELED),
                Reason.of("refunded")),
            new FulfillmentEvent.CustomerErased(erased(fulfilled)));
    var examples = new ArrayList<Example>();
    for (FulfillmentEvent event : events) {
      long sequence = examples.size() + 1L;
      examples.add(
          fulfillment(
              Topic.FULFILLMENT_EVENTS,
              event.type(),
              new EventId(ORDER + "#" + sequence),
              sequence,
              event));
    }
    examples.add(
        fulfillment(Topic.FULFILLMENT_ORDERS, OrderView.TYPE, new EventId(ORDER + "@3"), 4, due));
    return examples;
  }

  static List<Example> commands() {
    List<FulfillmentCommand> commands =
        List.of(
            new FulfillmentCommand.Complete(
                List.of(new FulfilledItem("li_1SWq2Amugs", 2)),
                new Tracking("dhl", "JJD000390007882934812"),
                null),
            new FulfillmentCommand.Hold("The address looks wrong."),
            new FulfillmentCommand.Release("The customer confirmed the address."),
            new FulfillmentCommand.Reverse("The parcel came back."));
    return commands.stream()
        .map(command ->
            new Example(
                Topic.FULFILLMENT_COMMANDS,
                command.type(),
                "/shipping",
                new EventId("shipping-2026-11-22-0001"),
                Instant.parse("2026-11-22T14:00:00Z"),
                0,
                null,
                command))
        .toList();
  }

  static List<Example> letters() {
    List<CustomerNotice> letters =
        List.of(
            new CustomerNotice.CodeDelivered(
                ORDER,
                new EventId("licences-2026-11-22-0001"),
                List.of(new FulfilledItem("li_1SWq2Abook", 1)),
                "LEDGER-7QX2-91KD",
                Instant.parse("2026-11-22T09:30:06Z")),
            new CustomerNotice.CustomerErased(ORDER, Instant.parse("2026-12-01T10:00:00Z")));
    return letters.stream()
        .map(letter ->
            fulfillment(
                Topic.FULFILLMENT_LETTERS, letter.type(), new EventId(ORDER + "!1"), 6, letter))
        .toList();
  }

  static List<Example> receiptEvents() {
    List<ReceiptEvent> events =
        List.of(
            new ReceiptEvent.Sent(
                ORDER,
                "01JD9Z6Q7Y8W9V0T1S2R3P4N5M",
                ReceiptEvent.Kind.PAYMENT,
                "shop-2026-42",
                usd(4650),
                "<01JD9Z6Q7Y8W9V0T1S2R3P4N5M@receipts.shop.example>",
                Instant.parse("2026-11-22T09:30:05.893Z")),
            new ReceiptEvent.Undeliverable(
                ORDER,
                "01JD9Z6Q7Y8W9V0T1S2R3P4N5N",
                ReceiptEvent.Kind.REFUND,
                "shop-2026-43",
                usd(1150),
                new Reason("550", "5.1.1 mailbox unknown")));
    return events.stream()
        .map(event ->
            new Example(
                Topic.RECEIPT_EVENTS,
                event.type(),
                "/quittance/receipts",
                new EventId("receipt:01JD9Z6Q7Y8W9V0T1S2R3P4N5M"),
                Instant.parse("2026-11-22T09:30:05.893Z"),
                0,
                null,
                event))
        .toList();
  }

  private static Example fulfillment(
      Topic topic, String type, EventId id, long sequence, Object data) {
    return new Example(topic, type, "/quittance/fulfillment", id, PUBLISHED_AT, 0, sequence, data);
  }

  private static About about(String sourceEvent, String sourceType) {
    return new About(ORDER, "stripe", "stripe", "stripe", true, PAID_AT, sourceEvent, sourceType);
  }

  private static PaymentDetails reported() {
    return new PaymentDetails(
        Origin.CHECKOUT,
        true,
        usd(4650),
        Money.ofMinor(4025, "EUR"),
        null,
        null,
        ItemsState.PENDING,
        List.of(),
        totals(),
        customer(),
        "cs_live_a1B2c3D4e5F6",
        "A-1001",
        "Order A-1001",
        "de-DE",
        "Europe/Berlin",
        new PaymentMethod("card", "visa", "4242"),
        Map.of("campaign", "autumn", "warehouse", "north"));
  }

  /// The order at one moment: how much is fulfilled and refunded follows from the statuses.
  private static OrderView order(
      long version, PaymentStatus payment, FulfillmentStatus fulfillment) {
    boolean mugsSent = version >= 6;
    boolean bookSent = mugsSent && fulfillment != FulfillmentStatus.PARTIALLY_FULFILLED;
    long refunded = payment == PaymentStatus.REFUNDED ? 4650 : version >= 7 ? 1150 : 0;
    return new OrderView(
        ORDER,
        "stripe",
        "stripe",
        null,
        "cs_live_a1B2c3D4e5F6",
        payment,
        fulfillment,
        null,
        usd(4650),
        Money.ofMinor(4025, "EUR"),
        null,
        usd(refunded),
        null,
        ItemsState.KNOWN,
        customer(),
        List.of(
            OrderView.Line.of(mugs(), mugsSent ? 2 : 0),
            OrderView.Line.of(book(), bookSent ? 1 : 0)),
        totals(),
        "A-1001",
        "Order A-1001",
        "de-DE",
        new PaymentMethod("card", "visa", "4242"),
        Map.of("campaign", "autumn", "warehouse", "north"),
        true,
        PAID_AT,
        PUBLISHED_AT,
        version);
  }

  /// The order as it is left when its customer has been erased.
  private static OrderView erased(OrderView order) {
    return new OrderView(
        order.id(),
        order.provider(),
        order.account(),
        order.connectedAccount(),
        order.checkoutSession(),
        order.paymentStatus(),
        order.fulfillmentStatus(),
        order.duplicateOf(),
        order.amount(),
        order.charged(),
        order.received(),
        order.refunded(),
        order.uncountedRefunds(),
        order.itemsState(),
        Customer.UNKNOWN,
        order.lineItems(),
        order.totals(),
        order.reference(),
        order.description(),
        null,
        order.method(),
        Map.of(),
        order.livemode(),
        order.placedAt(),
        order.updatedAt(),
        order.version() + 1);
  }

  private static LineItem mugs() {
    return new LineItem(
        "li_1SWq2Amugs",
        "Mug, enamel",
        2,
        usd(2300),
        usd(1150),
        usd(2300),
        usd(0),
        usd(367),
        "MUG-ENAMEL",
        "prod_mug",
        null,
        Map.of("color", "blue"));
  }

  private static LineItem book() {
    return new LineItem(
        "li_1SWq2Abook",
        "The Ledger of Small Debts (e-book)",
        1,
        usd(1850),
        usd(1850),
        usd(1850),
        usd(0),
        usd(121),
        "BOOK-LEDGER",
        "prod_book",
        "LEDGER-7QX2-91KD",
        Map.of());
  }

  private static Totals totals() {
    return new Totals(
        usd(4150),
        usd(0),
        usd(500),
        usd(488),
        true,
        List.of(
            new Totals.TaxLine("VAT", "19", usd(367)), new Totals.TaxLine("VAT", "7", usd(121))));
  }

  private static Customer customer() {
    var address = new Address("Hafenstraße 12", "2. OG", "Hamburg", "HH", "20457", "DE");
    return new Customer(
        "ada.petersen@customer.example",
        "Ada Petersen",
        "+4940123456",
        address,
        new Shipping("Kontor Petersen", "+4940123457", address),
        "customer-7",
        "DE123456789");
  }

  private static Money usd(long cents) {
    return Money.ofMinor(cents, "USD");
  }
}
