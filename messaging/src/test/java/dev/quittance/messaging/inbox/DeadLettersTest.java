package dev.quittance.messaging.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.Pause;
import dev.quittance.testkit.LocalKafka;
import dev.quittance.testkit.TopicReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

  private static final String ORIGIN = "small.v1";

  /// Less than what comes, more than what a letter needs.
  private static final int BYTES_MAX = 2_000;

  @Test
  void aLetterThatIsRefusedForEverGetsSmallerUntilItIsTaken() throws Exception {
    LocalKafka kafka = LocalKafka.shared();
    String letters = ORIGIN + "." + ConsumerGroup.FULFILLMENT.groupName() + ".dlq";
    kafka.createTopics(
        List.of(
            new Topic.Spec(letters, 1, Map.of("max.message.bytes", Integer.toString(BYTES_MAX)))));
    try (var sender = DeadLetters.over(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      sender.send(
          List.of(letter(0, noise(10), noise(10)), letter(1, noise(10), noise(5_000))),
          new Backoff(Pause.REAL, RandomGenerator.getDefault()),
          TestObserver.QUIET);
      sender.send(
          List.of(letter(2, noise(5_000), noise(5_000))),
          new Backoff(Pause.REAL, RandomGenerator.getDefault()),
          TestObserver.QUIET);
    }

    var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    new TopicReader(kafka.bootstrapServers()).read(List.of(letters), Map.of(), found::add);
    assertThat(found).hasSize(3);
    assertThat(found)
        .extracting(DeadLettersTest::leftOut)
        .containsExactlyInAnyOrder("", "value", "value,key,headers");
    assertThat(found)
        .extracting(record -> text(record, "dlq_offset"))
        .containsExactlyInAnyOrder("0", "1", "2");
  }

  private static DeadLetters.Addressed letter(long offset, byte[] header, byte[] value) {
    return new DeadLetters.Addressed(
        new IncomingRecord(ORIGIN, 0, offset, new byte[] {1}, Map.of("ce_extra", header), value),
        new DeadLetter(
            DeadLetter.Why.POISON,
            "it can't be processed",
            ORIGIN,
            0,
            offset,
            ConsumerGroup.FULFILLMENT,
            Instant.EPOCH));
  }

  /// What can't be compressed away.
  private static byte[] noise(int bytes) {
    var noise = new byte[bytes];
    new Random(bytes).nextBytes(noise);
    return noise;
  }

  private static String leftOut(ConsumerRecord<byte[], byte[]> record) {
    return record.headers().lastHeader("dlq_left_out") == null ? "" : text(record, "dlq_left_out");
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  /// Says nothing.
  private enum TestObserver implements IntakeObserver {
    QUIET;

    @Override
    public void handled(IncomingRecord record, RecordOutcome outcome) {}

    @Override
    public void retrying(int attempt, Exception cause) {}

    @Override
    public void leaving(IncomingRecord record, String type) {}
  }
}
