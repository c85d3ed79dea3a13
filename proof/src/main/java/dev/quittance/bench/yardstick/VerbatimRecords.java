package dev.quittance.bench.yardstick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.Topic;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The records that the edge writes, and a producer that is set as its is: what differs from it is
/// the program around, and nothing else.
public final class VerbatimRecords {

  private static final String ENDPOINT = "stripe";
  private static final int BATCH_BYTES = 64 * 1024;
  private static final int BUFFER_BYTES = 64 * 1024 * 1024;

  private VerbatimRecords() {}

  /// @param time ISO 8601
  public static ProducerRecord<byte[], byte[]> of(String eventId, byte[] body, String time) {
    String id = ENDPOINT + ":" + eventId;
    var outgoing =
        new ProducerRecord<byte[], byte[]>(Topic.WEBHOOKS.topicName(), id.getBytes(UTF_8), body);
    Headers headers = outgoing.headers();
    put(headers, "ce_specversion", "1.0");
    put(headers, "ce_id", id);
    put(headers, "ce_source", "/webhooks/" + ENDPOINT);
    put(headers, "ce_type", "dev.quittance.webhook.received.v1");
    put(headers, "ce_time", time);
    put(headers, "ce_origin", "webhook");
    put(headers, "webhook_endpoint", ENDPOINT);
    put(headers, "webhook_event_id", eventId);
    put(headers, "webhook_event_type", "checkout.session.completed");
    put(headers, "content-type", "application/json");
    put(headers, "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    return outgoing;
  }

  /// The same record to be sent once more: the client closes the headers of those that it has.
  public static ProducerRecord<byte[], byte[]> again(ProducerRecord<byte[], byte[]> sent) {
    return new ProducerRecord<>(sent.topic(), null, sent.key(), sent.value(), sent.headers());
  }

  /// The event's id, which every body of Stripe's begins with.
  static String eventId(byte[] body) {
    String head = new String(body, 0, Math.min(body.length, 128), ISO_8859_1);
    int from = head.indexOf('"', head.indexOf(':')) + 1;
    return head.substring(from, head.indexOf('"', from));
  }

  /// Safe on all in-sync replicas, in batches that form while the one before is under way.
  public static Producer<byte[], byte[]> producer(String bootstrap) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
