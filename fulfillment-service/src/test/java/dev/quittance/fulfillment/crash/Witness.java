package dev.quittance.fulfillment.crash;

import dev.quittance.contracts.Topic;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Sees what the producers send, through the setting that Kafka's clients have for it.
public final class Witness implements ProducerInterceptor<byte[], byte[]> {

  /// Under which the settings hand the death over.
  static final String DEATH = "test.death";

  private Death death = Death.never();

  @Override
  public void configure(Map<String, ?> settings) {
    death = (Death) Objects.requireNonNull(settings.get(DEATH), DEATH);
  }

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
    if (record.topic().endsWith(".dlq")) {
      death.passing(CrashPoint.BEFORE_DEAD_LETTER);
    } else if (record.topic().equals(Topic.FULFILLMENT_ORDERS.topicName())) {
      death.passing(CrashPoint.IN_MID_STATES);
    } else {
      death.passing(CrashPoint.BEFORE_PUBLISH);
      death.passing(CrashPoint.IN_MID_RELAY);
    }
    return record;
  }

  @Override
  public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
    if (metadata != null && failure == null && metadata.topic().endsWith(".dlq")) {
      death.passing(CrashPoint.AFTER_DEAD_LETTER);
    }
  }

  @Override
  public void close() {}
}
