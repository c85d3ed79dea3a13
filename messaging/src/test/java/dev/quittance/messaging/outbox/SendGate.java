package dev.quittance.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Stops a relay where it has read and sent nothing yet, as a long pause of its process does: its
/// first record waits here until the gate is opened.
final class SendGate {

  private static final String SETTING = "test.gate";

  private static final Duration SOON = Duration.ofMinutes(2);

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);
  private final AtomicBoolean passed = new AtomicBoolean();

  /// The settings, with the gate in front of the brokers.
  Map<String, Object> before(Map<String, Object> kafka) {
    var settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, Interceptor.class.getName());
    settings.put(SETTING, this);
    return settings;
  }

  void awaitReached() throws InterruptedException {
    assertThat(reached.await(SOON.toSeconds(), TimeUnit.SECONDS)).as("something is sent").isTrue();
  }

  void open() {
    opened.countDown();
  }

  private void pass() {
    if (passed.compareAndSet(false, true)) {
      reached.countDown();
      try {
        opened.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Kafka's clients make it themselves.
  public static final class Interceptor implements ProducerInterceptor<byte[], byte[]> {

    private @Nullable SendGate gate;

    @Override
    public void configure(Map<String, ?> settings) {
      gate = (SendGate) settings.get(SETTING);
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
      Objects.requireNonNull(gate, SETTING).pass();
      return record;
    }

    @Override
    public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception failure) {}

    @Override
    public void close() {}
  }
}
