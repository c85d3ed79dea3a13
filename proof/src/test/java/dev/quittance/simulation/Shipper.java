package dev.quittance.simulation;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.simulation.Broker.Delivered;
import dev.quittance.simulation.Fulfillment.Asked;
import dev.quittance.simulation.Fulfillment.Published;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Another team's service, as the guide for subscribers says: it drops what it has seen by
/// `ce_sequence`, ships what is requested, and says so.
final class Shipper {

  private final World world;
  private final Broker broker;
  private final Map<String, Long> seen = new HashMap<>();

  Shipper(World world, Broker broker) {
    this.world = world;
    this.broker = broker;
  }

  void boot(Host host) {
    host.spawn("reader", this::read);
  }

  private void read(Strand strand) {
    Broker.Consumer consumer = broker.group("shipping").join(strand.host, Names.EVENTS);
    while (true) {
      List<Delivered> batch = consumer.poll(strand, 2);
      for (Delivered record : batch) {
        handle(strand, (Published) record.value());
      }
      consumer.commit(strand, batch);
    }
  }

  private void handle(Strand strand, Published told) {
    if (told.sequence() <= seen.getOrDefault(told.order(), 0L)) {
      return;
    }
    switch (told.event()) {
      case FulfillmentEvent.Requested _, FulfillmentEvent.Released _ -> {
        if (world.below(3) != 0) {
          ask(strand, told, new FulfillmentCommand.Complete(List.of(), null, null));
        }
        if (world.below(4) == 0) {
          ask(strand, told, new FulfillmentCommand.Hold(null));
        }
      }
      case FulfillmentEvent.Held _ -> ask(strand, told, new FulfillmentCommand.Release(null));
      case FulfillmentEvent.ReversalRequested _ ->
          ask(strand, told, new FulfillmentCommand.Reverse(null));
      case FulfillmentEvent.Canceled _,
          FulfillmentEvent.Completed _,
          FulfillmentEvent.Reversed _,
          FulfillmentEvent.Rejected _,
          FulfillmentEvent.PaymentPending _,
          FulfillmentEvent.Paid _,
          FulfillmentEvent.PaymentFailed _,
          FulfillmentEvent.PaymentReversed _,
          FulfillmentEvent.Refunded _,
          FulfillmentEvent.Disputed _,
          FulfillmentEvent.CustomerErased _ -> {}
    }
    seen.put(told.order(), told.sequence());
  }

  /// The command's id is the same however often it is repeated.
  private void ask(Strand strand, Published told, FulfillmentCommand command) {
    String name = command.getClass().getSimpleName();
    var asked = new Asked(new EventId(told.id() + "-" + name), told.order(), command);
    while (true) {
      try {
        broker.append(strand, Names.COMMANDS, told.order(), asked);
        return;
      } catch (Broker.Trouble _) {
        strand.step("not acknowledged, again");
      }
    }
  }
}
