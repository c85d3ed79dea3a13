package dev.quittance.ingest.publish;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// How the edge's producer is set, and why.
final class ProducerSettings {

  /// We promise an answer within 5 s, providers wait 10: so the producer has to give up before.
  static final Duration DELIVERY_MAX = Duration.ofMillis(4_500);

  /// Lets a request to a frozen broker fail early enough for one more try at another.
  static final Duration REQUEST_MAX = Duration.ofSeconds(2);

  /// Three quarters of a second of the fastest that one instance was seen to take (22,000 webhooks
  /// of 3.6 KB per second). More would only let the queue grow older than the providers wait.
  static final int UNACKNOWLEDGED_BYTES_MAX = 64 * 1024 * 1024;

  /// A batch that forms while the one before is under way holds some fifteen webhooks.
  private static final int BATCH_BYTES = 64 * 1024;

  /// Room for the largest body (256 KiB) with its headers, whatever the compression.
  private static final int RECORD_BYTES_MAX = 1024 * 1024;

  /// Not the largest number there is: the client adds it to the time.
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private ProducerSettings() {}

  /// @param connection the settings of the connection: brokers, TLS, credentials
  static Map<String, Object> of(Map<String, Object> connection) {
    var settings = new HashMap<>(connection);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "quittance-ingest-verbatim");
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_MAX.toMillis());
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_MAX.toMillis());
    // a lone webhook must not wait for company
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // under load batches form by themselves while the one before is under way
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, UNACKNOWLEDGED_BYTES_MAX);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_BYTES_MAX);
    // JSON shrinks to a third for some 10 µs; what the brokers replicate and keep is what costs
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // send() is called on event loops, so it must never wait: not for metadata, not for memory
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    // or else the first webhook after five quiet minutes would find the topic forgotten
    settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, FOR_EVER.toMillis());
    // a broker that is back should be noticed within a second
    settings.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, 50);
    settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    settings.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 1_500);
    settings.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 2_000);
    return settings;
  }
}
