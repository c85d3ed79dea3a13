package dev.quittance.simulation;

import dev.quittance.contracts.PaymentMessage;
import dev.quittance.simulation.Broker.Delivered;
import dev.quittance.simulation.Scenario.ProviderEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The provider that sends and sends again, and ingest-service: the door and the translator.
final class Edge {

  /// A look-up that waits for the provider's API.
  private record Parked(ProviderEvent event, int revision) {}

  private static final int BATCH_MAX = 3;
  private static final int RETRY_MS = 20;

  private final World world;
  private final Broker broker;
  private final Set<Flaw> flaws;
  private final List<ProviderEvent> events;
  private final Set<ProviderEvent> acknowledged = new HashSet<>();
  private int revision = 1;

  Edge(World world, Broker broker, List<ProviderEvent> events, Set<Flaw> flaws) {
    this.world = world;
    this.broker = broker;
    this.events = events;
    this.flaws = flaws;
  }

  /// The provider lives outside and never dies: it sends in any order, twice, and again until it
  /// hears a 200.
  void provider(Host host) {
    host.spawn(
        "sender",
        strand -> {
          var open = new ArrayList<>(events);
          while (!open.isEmpty()) {
            ProviderEvent event = open.get(world.below(open.size()));
            strand.step("delivers " + event);
            if (post(strand, event)) {
              acknowledged.add(event);
              if (world.below(4) != 0) {
                open.remove(event);
              }
            } else {
              strand.awaitUntil(() -> false, world.now() + RETRY_MS);
            }
          }
        });
  }

  /// @return whether the answer was a 200
  private boolean post(Strand strand, ProviderEvent event) {
    if (flaws.contains(Flaw.ANSWER_BEFORE_THE_BROKERS)) {
      try {
        broker.append(strand, Names.WEBHOOKS, event.id(), event);
      } catch (Broker.Trouble _) {
        // the mistake: nobody hears of it
      }
      return true;
    }
    try {
      broker.append(strand, Names.WEBHOOKS, event.id(), event);
      return !world.mishap(20);
    } catch (Broker.Trouble _) {
      return false;
    }
  }

  /// One instance of ingest-service: translation, and the look-ups beside it.
  void boot(Host host) {
    host.spawn("translate", this::translate);
    host.spawn("look-ups", this::lookUps);
  }

  /// A newer translator is deployed, and reads everything again.
  void deploy() {
    if (revision == 1) {
      revision = 2;
      broker.group("translate").startAgain();
    }
  }

  private void translate(Strand strand) {
    Broker.Consumer consumer = broker.group("translate").join(strand.host, Names.WEBHOOKS);
    while (true) {
      List<Delivered> batch = consumer.poll(strand, BATCH_MAX);
      if (flaws.contains(Flaw.TRANSLATED_OFFSETS_FIRST)) {
        consumer.commit(strand, batch);
      }
      int now = revision;
      for (Delivered record : batch) {
        var event = (ProviderEvent) record.value();
        for (PaymentMessage message : event.translated(now, flaws)) {
          untilSafe(strand, Names.PAYMENTS, event.key(message), message);
        }
        if (event.answer() != null) {
          untilSafe(strand, Names.RETRIES, event.order().value(), new Parked(event, now));
        }
      }
      consumer.commit(strand, batch);
    }
  }

  private void lookUps(Strand strand) {
    Broker.Consumer consumer = broker.group("look-ups").join(strand.host, Names.RETRIES);
    while (true) {
      List<Delivered> batch = consumer.poll(strand, 1);
      for (Delivered record : batch) {
        var parked = (Parked) record.value();
        while (world.mishap(3)) {
          strand.awaitUntil(() -> false, world.now() + RETRY_MS);
        }
        untilSafe(
            strand,
            Names.PAYMENTS,
            parked.event().order().value(),
            parked.event().answered(parked.revision()));
      }
      consumer.commit(strand, batch);
    }
  }

  private void untilSafe(Strand strand, String topic, String key, Object value) {
    while (true) {
      try {
        broker.append(strand, topic, key, value);
        return;
      } catch (Broker.Trouble _) {
        strand.step("not acknowledged, again");
      }
    }
  }

  // --- for the checker

  Set<ProviderEvent> acknowledged() {
    return acknowledged;
  }

  int revision() {
    return revision;
  }
}
