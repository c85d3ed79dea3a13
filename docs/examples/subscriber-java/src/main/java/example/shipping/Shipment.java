package example.shipping;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/// How far the shipping of one order is. It holds no name and no address, so that there is nothing
/// to erase.
///
/// @param sequence the `ce_sequence` of the last event that was handled
/// @param askedBy the `ce_id` of the event that asked for what was sent last
/// @param parcel the tracking number of what was sent, empty before
record Shipment(
    String order,
    long sequence,
    Status status,
    String askedBy,
    String traceparent,
    String parcel,
    List<OrderEvent.Item> items) {

  enum Status {
    /// Nothing is to be sent.
    IDLE,
    /// To be sent now.
    DUE,
    /// Sent, but Quittance doesn't know yet.
    SENT,
    /// Sent, and Quittance was told.
    REPORTED
  }

  static Shipment unknown(String order) {
    return new Shipment(order, 0, Status.IDLE, "", "", "", List.of());
  }

  /// What an event makes of it. A pure function: the same events give the same shipment, however
  /// often they come.
  Shipment after(OrderEvent event) {
    if (event.sequence() <= sequence) {
      return this;
    }
    return switch (event.type()) {
      case OrderEvent.PREFIX + "requested.v1", OrderEvent.PREFIX + "released.v1" ->
          event.fulfilled() ? as(event, status) : asked(event);
      case OrderEvent.PREFIX + "held.v1", OrderEvent.PREFIX + "canceled.v1" ->
          as(event, status == Status.DUE ? Status.IDLE : status);
      // somebody may have fulfilled it by hand, in whole or in part
      case OrderEvent.PREFIX + "completed.v1" ->
          status != Status.DUE
              ? as(event, status)
              : event.fulfilled() ? as(event, Status.IDLE) : asked(event);
      // it is back: should it be released once more, it is sent once more
      case OrderEvent.PREFIX + "reversed.v1" ->
          new Shipment(order, event.sequence(), Status.IDLE, "", "", "", List.of());
      default -> as(event, status);
    };
  }

  /// What has left and is asked for again was reported in vain, because a hold crossed the report:
  /// it is reported once more, not sent once more.
  private Shipment asked(OrderEvent event) {
    return new Shipment(
        order,
        event.sequence(),
        parcel.isEmpty() ? Status.DUE : Status.SENT,
        event.id(),
        event.traceparent().orElse(""),
        parcel,
        event.remaining());
  }

  private Shipment as(OrderEvent event, Status next) {
    return new Shipment(order, event.sequence(), next, askedBy, traceparent, parcel, items);
  }

  /// The parcel's number follows from what asked for it: a carrier that gets it twice, because we
  /// crashed in between, knows that it is the same parcel.
  Shipment sent() {
    String number =
        UUID.nameUUIDFromBytes(askedBy.getBytes(StandardCharsets.UTF_8)).toString().substring(24);
    return new Shipment(order, sequence, Status.SENT, askedBy, traceparent, "EX" + number, items);
  }

  Shipment reported() {
    return new Shipment(order, sequence, Status.REPORTED, askedBy, traceparent, parcel, items);
  }

  /// The same at every attempt, so that Quittance takes it once.
  String commandId() {
    return "shipping:" + askedBy;
  }
}
