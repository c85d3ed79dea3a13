package example.shipping;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Ships what Quittance asks for, and says so. What it can't handle ends the process: whoever
/// restarts it has it go on where it was, and nothing is sent or told twice.
public final class ShippingSubscriber {

  private static final Duration POLL = Duration.ofMillis(500);

  private final String commandsTopic;
  private final Clock clock;
  private final Journal journal;
  private final KafkaProducer<String, byte[]> producer;

  private ShippingSubscriber(
      String commandsTopic, Clock clock, Journal journal, KafkaProducer<String, byte[]> producer) {
    this.commandsTopic = commandsTopic;
    this.clock = clock;
    this.journal = journal;
    this.producer = producer;
  }

  public static void main(String[] args) throws Exception {
    String brokers = setting("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092");
    var stopping = new AtomicBoolean();
    try (var journal = new Journal(Path.of(setting("JOURNAL", "shipments.jsonl")));
        var producer =
            new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", brokers, "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
        var consumer =
            new KafkaConsumer<>(
                Map.<String, Object>of(
                    "bootstrap.servers",
                    brokers,
                    "group.id",
                    setting("GROUP_ID", "example-shipping"),
                    "auto.offset.reset",
                    "earliest",
                    // an offset is committed when its effects are on the disk, and not by a clock
                    "enable.auto.commit",
                    "false"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
      Thread main = Thread.currentThread();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stopping, consumer, main)));
      var subscriber =
          new ShippingSubscriber(
              setting("COMMANDS_TOPIC", "fulfillment.commands.v1"),
              Clock.systemUTC(),
              journal,
              producer);
      consumer.subscribe(List.of(setting("EVENTS_TOPIC", "fulfillment.events.v1")));
      // what a crash left between the parcel and the report
      subscriber.report();
      while (!stopping.get()) {
        var records = consumer.poll(POLL);
        if (!records.isEmpty()) {
          subscriber.take(records);
          consumer.commitSync();
        }
      }
    } catch (WakeupException e) {
      System.out.println("stopped");
    }
  }

  /// First all that there is to read, then the parcels: a request and its cancellation that come
  /// together ship nothing.
  private void take(Iterable<ConsumerRecord<String, byte[]>> records)
      throws IOException, InterruptedException, ExecutionException {
    var changes = new LinkedHashMap<String, Shipment>();
    var recipients = new HashMap<String, String>();
    for (var record : records) {
      try {
        OrderEvent event = OrderEvent.read(record);
        Shipment before = changes.getOrDefault(event.order(), journal.of(event.order()));
        // not above the last one: seen before
        if (event.sequence() > before.sequence()) {
          tell(before, event);
          changes.put(event.order(), before.after(event));
          recipients.put(event.order(), event.recipient());
        }
      } catch (OrderEvent.Unreadable e) {
        // one record that can't be read must not stop the others of its partition
        System.err.printf(
            "put aside: %s-%d offset %d: %s%n",
            record.topic(), record.partition(), record.offset(), e.getMessage());
      }
    }
    changes.replaceAll((order, shipment) ->
        shipment.status() == Shipment.Status.DUE
            ? ship(shipment, recipients.getOrDefault(order, ""))
            : shipment);
    journal.write(changes.values());
    report();
  }

  /// Where a real one would call a carrier, with the parcel's number as the idempotency key.
  private static Shipment ship(Shipment due, String recipient) {
    Shipment sent = due.sent();
    System.out.printf(
        "ship %s: parcel %s, %d lines, to %s…%n",
        sent.order(),
        sent.parcel(),
        sent.items().size(),
        recipient.isEmpty() ? "?" : recipient.charAt(0));
    return sent;
  }

  /// What a person may want to know.
  private void tell(Shipment before, OrderEvent event) {
    boolean left = !before.parcel().isEmpty();
    if (before.sequence() > 0 && event.sequence() > before.sequence() + 1) {
      System.err.printf("%s: events before %d are missing%n", event.order(), event.sequence());
    }
    switch (event.type()) {
      case OrderEvent.PREFIX + "held.v1", OrderEvent.PREFIX + "canceled.v1" ->
          System.out.printf("stop %s%s%n", event.order(), left ? ": too late, it has left" : "");
      case OrderEvent.PREFIX + "reversal_requested.v1" ->
          System.out.printf("get %s back%n", event.order());
      case OrderEvent.PREFIX + "rejected.v1" -> {
        if (event.command().startsWith("shipping:")) {
          System.out.printf("%s was rejected%n", event.command());
        }
      }
      default -> {} // a type that came later than this program, too
    }
  }

  /// Says what has left. The ids are the same at every attempt.
  private void report() throws IOException, InterruptedException, ExecutionException {
    List<Shipment> unreported = journal.unreported();
    var acks = new ArrayList<Future<?>>();
    for (Shipment shipment : unreported) {
      var complete =
          Map.of(
              "items", shipment.items(),
              "tracking", Map.of("carrier", "example", "number", shipment.parcel()));
      var command =
          new ProducerRecord<>(
              commandsTopic, shipment.order(), OrderEvent.JSON.writeValueAsBytes(complete));
      OrderEvent.commandHeaders(shipment.commandId(), shipment.order(), clock.instant().toString())
          .forEach((name, value) -> command.headers().add(name, bytes(value)));
      if (!shipment.traceparent().isEmpty()) {
        command.headers().add("traceparent", bytes(shipment.traceparent()));
      }
      acks.add(producer.send(command));
    }
    for (Future<?> ack : acks) {
      ack.get();
    }
    journal.write(unreported.stream().map(Shipment::reported).toList());
  }

  private static void stop(AtomicBoolean stopping, KafkaConsumer<?, ?> consumer, Thread main) {
    stopping.set(true);
    consumer.wakeup();
    try {
      main.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String setting(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }
}
