package dev.quittance.messaging.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.TestTopics;
import dev.quittance.messaging.deadletter.BrokerUnavailable;
import dev.quittance.messaging.deadletter.DeadLetterFilter;
import dev.quittance.messaging.deadletter.DeadLetterId;
import dev.quittance.messaging.deadletter.DeadLetterPage;
import dev.quittance.messaging.deadletter.DeadLetterResult;
import dev.quittance.messaging.deadletter.DeadLetterService;
import dev.quittance.messaging.deadletter.RedriveCounts;
import dev.quittance.messaging.deadletter.StoredDeadLetter;
import dev.quittance.testkit.LocalKafka;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLetterServiceTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final int BROKERS_BYTES_MAX = 1_048_588;

  /// The test's own topics, so that tests share the broker but no letters.
  private final String topic = "desk-" + UUID.randomUUID();

  private final String deadTopic = topic + "." + ConsumerGroup.RECEIPTS.groupName() + ".dlq";
  private final Map<String, Object> client =
      Map.of("bootstrap.servers", LocalKafka.shared().bootstrapServers());
  private final List<Exception> retries = new ArrayList<>();
  private DeadLetters deadLetters;
  private DeadLetterService desk;

  @BeforeEach
  void open() {
    LocalKafka.shared()
        .createTopics(
            List.of(new Topic.Spec(topic, 2, Map.of()), new Topic.Spec(deadTopic, 2, Map.of())));
    deadLetters = DeadLetters.over(client);
    desk = another();
  }

  private DeadLetterService another() {
    return DeadLetterService.over(client, List.of(deadTopic), CLOCK);
  }

  @AfterEach
  void close() {
    desk.close();
    deadLetters.close();
  }

  @Test
  void aLetterIsListedAndShownAsItWas() throws InterruptedException {
    bury(record("a", 7, Map.of("ce_id", bytes("evt-1")), bytes("the body")), "unreadable");

    DeadLetterPage page = desk.list(DeadLetterFilter.OPEN, 10, null);

    assertThat(page.total()).isEqualTo(1);
    assertThat(page.next()).isNull();
    StoredDeadLetter letter = page.letters().getFirst();
    assertThat(letter.reason()).isEqualTo("unreadable");
    assertThat(letter.detail()).isEqualTo("planted");
    assertThat(letter.origin()).isEqualTo(new StoredDeadLetter.Origin(topic, 1, 7));
    assertThat(letter.group()).isEqualTo("quittance-receipts");
    assertThat(letter.at()).isEqualTo(NOW);
    assertThat(letter.key()).isEqualTo("a");
    assertThat(letter.eventId()).isEqualTo("evt-1");
    assertThat(letter.bytes()).isEqualTo(8);
    assertThat(DeadLetterId.parse(letter.id().toString())).contains(letter.id());
    var content = desk.show(letter.id()).orElseThrow();
    assertThat(content.value()).isEqualTo(bytes("the body"));
    assertThat(content.headers()).extracting("name").containsExactly("ce_id");
    assertThat(content).hasToString("LetterContent[" + letter.id() + "]");
  }

  @Test
  void aRedrivenLetterGoesBackAsItWasAndIsMarkedForEveryDesk() throws InterruptedException {
    var headers = Map.of("kept", bytes("as it was"), "ce_origin", bytes("webhook"));
    bury(record("a", 7, headers, bytes("the body")), "poison");
    DeadLetterId id = only().id();

    DeadLetterResult settlement = desk.redrive(id, "jenny");

    assertThat(settlement).isEqualTo(new DeadLetterResult.Redriven(topic, 1, 0));
    assertThat(TestTopics.all(topic))
        .containsExactly(
            Map.of("key", "a", "value", "the body", "kept", "as it was", "ce_origin", "replayed"));
    assertThat(desk.list(DeadLetterFilter.OPEN, 10, null).letters()).isEmpty();
    try (var other = another()) {
      assertThat(other.list(DeadLetterFilter.OPEN, 10, null).letters()).isEmpty();
      var before = new StoredDeadLetter.Settled(StoredDeadLetter.How.REDRIVEN, NOW, "jenny");
      assertThat(other.redrive(id, "joe")).isEqualTo(new DeadLetterResult.SettledBefore(before));
      assertThat(other.list(new DeadLetterFilter(null, null, null, null, true), 10, null).letters())
          .singleElement()
          .extracting(StoredDeadLetter::standing)
          .isEqualTo(before);
    }
    assertThat(TestTopics.all(topic)).hasSize(1);
  }

  @Test
  void aDiscardedLetterGoesNowhere() throws InterruptedException {
    bury(record("a", 7, Map.of(), bytes("the body")), "unprocessable");

    assertThat(desk.discard(only().id(), "jenny")).isEqualTo(new DeadLetterResult.Discarded());

    try (var other = another()) {
      assertThat(other.list(DeadLetterFilter.OPEN, 10, null).total()).isZero();
    }
    assertThat(TestTopics.all(topic)).isEmpty();
  }

  @Test
  void pagesHoldEachLetterOnceTheNewestFirst() throws InterruptedException {
    for (int i = 0; i < 7; i++) {
      bury(record("k" + i, i, Map.of(), bytes("b")), "poison", NOW.plusSeconds(i));
    }
    var seen = new ArrayList<String>();
    DeadLetterPage page = desk.list(DeadLetterFilter.OPEN, 3, null);
    page.letters().forEach(letter -> seen.add(letter.key()));
    // settling the very letter that a page ended with loses nobody's place
    desk.discard(page.letters().getLast().id(), "jenny");
    while (page.next() != null) {
      page = desk.list(DeadLetterFilter.OPEN, 3, page.next());
      page.letters().forEach(letter -> seen.add(letter.key()));
    }

    assertThat(seen).containsExactly("k6", "k5", "k4", "k3", "k2", "k1", "k0");
  }

  @Test
  void filtersTakeByTopicReasonAndTime() throws InterruptedException {
    bury(record("a", 1, Map.of(), bytes("b")), "poison", NOW);
    bury(record("b", 2, Map.of(), bytes("b")), "unreadable", NOW.plusSeconds(10));
    bury(record("c", 3, Map.of(), bytes("b")), "unreadable", NOW.plusSeconds(20));

    assertThat(keys(new DeadLetterFilter(topic, null, null, null, false))).isEqualTo("cba");
    assertThat(keys(new DeadLetterFilter(deadTopic, "unreadable", null, null, false)))
        .isEqualTo("cb");
    assertThat(keys(new DeadLetterFilter("another", null, null, null, false))).isEmpty();
    assertThat(
            keys(new DeadLetterFilter(null, null, NOW.plusSeconds(10), NOW.plusSeconds(20), false)))
        .isEqualTo("b");
  }

  @Test
  void allOfAFilterAreSentBackTheOldestFirst() throws InterruptedException {
    for (int i = 0; i < 120; i++) {
      bury(record("k", i, Map.of(), bytes("n" + i)), i % 2 == 0 ? "poison" : "unreadable");
    }
    var progress = new ArrayList<Integer>();

    RedriveCounts tally =
        desk.redriveAll(
            new DeadLetterFilter(null, "poison", null, null, false),
            "jenny",
            (letters, of) -> progress.add(letters * 100 / of));

    assertThat(tally).isEqualTo(new RedriveCounts(60, 0, List.of()));
    assertThat(progress).isSorted().last().isEqualTo(100);
    assertThat(TestTopics.all(topic)).extracting("value").startsWith("n0", "n2", "n4").hasSize(60);
    assertThat(desk.list(DeadLetterFilter.OPEN, 10, null).total()).isEqualTo(60);
    assertThat(
            desk.discardAll(DeadLetterFilter.OPEN, "jenny", RedriveCounts.Progress.UNSEEN)
                .settled())
        .isEqualTo(60);
    assertThat(desk.list(DeadLetterFilter.OPEN, 10, null).total()).isZero();
  }

  @Test
  void aLetterTooLargeForTheBrokersGoesWithoutItsValueAndIsReadAgainAtItsOrigin() throws Exception {
    // it fits as it is, also with a header more; with a letter's headers it doesn't
    byte[] large = new byte[BROKERS_BYTES_MAX - 500];
    new Random(1).nextBytes(large);
    var headers = Map.of("kept", new byte[200]);
    RecordMetadata origin = publish(record("a", 0, headers, large));

    bury(record("a", origin.offset(), headers, large), "poison");

    assertThat(retries).isEmpty();
    StoredDeadLetter letter = only();
    assertThat(letter.whole()).isFalse();
    assertThat(letter.bytes()).isEqualTo(large.length);
    var content = desk.show(letter.id()).orElseThrow();
    assertThat(content.value()).isEqualTo(large);
    assertThat(content.missing()).isNull();
    // the very record, as it came in: nothing is added that would make it larger than it was
    assertThat(desk.redrive(letter.id(), "jenny")).isInstanceOf(DeadLetterResult.Redriven.class);
    assertThat(TestTopics.all(topic)).hasSize(2).extracting("value").doesNotContain("tombstone");
    assertThat(desk.list(DeadLetterFilter.OPEN, 10, null).total()).isZero();
  }

  @Test
  void aValueThatIsNoLongerAtItsOriginIsRefusedAndStaysOpen() throws Exception {
    byte[] large = new byte[2 * BROKERS_BYTES_MAX];
    new Random(1).nextBytes(large);
    RecordMetadata origin = publish(record("a", 0, Map.of(), bytes("something else")));

    bury(record("a", origin.offset(), Map.of(), large), "poison");
    bury(record("b", 4711, Map.of("huge", new byte[100_000]), large), "poison");

    for (StoredDeadLetter letter : desk.list(DeadLetterFilter.OPEN, 10, null).letters()) {
      assertThat(desk.redrive(letter.id(), "jenny")).isInstanceOf(DeadLetterResult.Refused.class);
      assertThat(desk.show(letter.id()).orElseThrow().missing()).contains("too large");
    }
    assertThat(desk.list(DeadLetterFilter.OPEN, 10, null).total()).isEqualTo(2);
  }

  @Test
  void aLetterGoesToNoTopicButItsOwn() throws Exception {
    try (var producer = producer()) {
      var forged = new ProducerRecord<>(deadTopic, 0, bytes("k"), bytes("b"));
      Map.of("dlq_topic", "another", "dlq_partition", "0", "dlq_offset", "0", "dlq_group", "g")
          .forEach((name, value) -> forged.headers().add(name, bytes(value)));
      producer.send(forged).get();
      producer.send(new ProducerRecord<>(deadTopic, 0, null, null)).get();
    }

    for (StoredDeadLetter letter : desk.list(DeadLetterFilter.OPEN, 10, null).letters()) {
      assertThat(letter.reason()).isEqualTo("unknown");
      assertThat(desk.redrive(letter.id(), "jenny")).isInstanceOf(DeadLetterResult.Refused.class);
      assertThat(desk.discard(letter.id(), "jenny")).isEqualTo(new DeadLetterResult.Discarded());
    }
    assertThat(desk.redrive(new DeadLetterId(deadTopic, 1, 99), "jenny"))
        .isEqualTo(new DeadLetterResult.Unknown());
    assertThat(DeadLetterId.parse("no place")).isEmpty();
  }

  @Test
  void aDeskHoldsOnlySoManyAndSaysHowManyItForgot() throws InterruptedException {
    for (int i = 0; i < 30; i++) {
      bury(record("k", i, Map.of(), bytes("b")), "poison", NOW.plusSeconds(i));
    }

    try (var small = DeadLetterService.over(client, List.of(deadTopic), 10, CLOCK)) {
      DeadLetterPage page = small.list(DeadLetterFilter.OPEN, 100, null);
      assertThat(page.total() + page.forgotten()).isEqualTo(30);
      assertThat(page.total()).isLessThanOrEqualTo(11);
      while (small
              .discardAll(DeadLetterFilter.OPEN, "jenny", RedriveCounts.Progress.UNSEEN)
              .settled()
          > 0) {
        // those that were forgotten come back when there is room
        assertThat(small.list(DeadLetterFilter.OPEN, 100, null).total()).isLessThanOrEqualTo(11);
      }
    }
    assertThat(desk.list(DeadLetterFilter.OPEN, 100, null).total()).isZero();
  }

  @Test
  void brokersThatAreAwayAreSaidToBe() {
    try (var lost =
        DeadLetterService.over(
            Map.of("bootstrap.servers", "no.such.host.invalid:9092"), List.of(deadTopic), CLOCK)) {
      assertThatThrownBy(() -> lost.list(DeadLetterFilter.OPEN, 10, null))
          .isInstanceOf(BrokerUnavailable.class)
          .hasMessageContaining("don't answer");
    }
  }

  @Test
  void aProducerBeyondHelpIsReplaced() throws InterruptedException {
    var opened = new ArrayList<KafkaProducer<byte[], byte[]>>();
    try (var letters =
        new DeadLetters(() -> {
          var producer = producer();
          if (opened.isEmpty()) {
            producer.close(); // it refuses everything from now on, as one does after a fatal fault
          }
          opened.add(producer);
          return producer;
        })) {
      letters.send(
          List.of(addressed(record("a", 7, Map.of(), bytes("b")), "poison", NOW)),
          new Backoff(_ -> {}, new Random(1)),
          observer());
    }

    assertThat(retries).hasSize(1);
    assertThat(opened).hasSize(2);
    assertThat(only().key()).isEqualTo("a");
  }

  private StoredDeadLetter only() {
    DeadLetterPage page = desk.list(DeadLetterFilter.OPEN, 10, null);
    assertThat(page.letters()).hasSize(1);
    return page.letters().getFirst();
  }

  private String keys(DeadLetterFilter filter) {
    return String.join(
        "", desk.list(filter, 10, null).letters().stream().map(StoredDeadLetter::key).toList());
  }

  private IncomingRecord record(
      String key, long offset, Map<String, byte[]> headers, byte[] value) {
    return new IncomingRecord(topic, 1, offset, bytes(key), headers, value);
  }

  private void bury(IncomingRecord record, String reason) throws InterruptedException {
    bury(record, reason, NOW);
  }

  private void bury(IncomingRecord record, String reason, Instant at) throws InterruptedException {
    deadLetters.send(
        List.of(addressed(record, reason, at)), new Backoff(_ -> {}, new Random(1)), observer());
  }

  private static DeadLetters.Addressed addressed(IncomingRecord record, String reason, Instant at) {
    return new DeadLetters.Addressed(
        record,
        new DeadLetter(
            DeadLetter.Why.valueOf(reason.toUpperCase(Locale.ROOT)),
            "planted",
            record.topic(),
            record.partition(),
            record.offset(),
            ConsumerGroup.RECEIPTS,
            at));
  }

  private RecordMetadata publish(IncomingRecord record)
      throws ExecutionException, InterruptedException {
    try (var producer = producer()) {
      var outgoing = new ProducerRecord<>(topic, 1, record.key(), record.value());
      record.headers().forEach(outgoing.headers()::add);
      return producer.send(outgoing).get();
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            LocalKafka.shared().bootstrapServers(),
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            2 * BROKERS_BYTES_MAX),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private IntakeObserver observer() {
    return new IntakeObserver() {
      @Override
      public void handled(IncomingRecord record, RecordOutcome outcome) {
        throw new AssertionError("nothing is handled here");
      }

      @Override
      public void retrying(int attempt, Exception cause) {
        retries.add(cause);
      }

      @Override
      public void leaving(IncomingRecord record, String type) {
        throw new AssertionError("nothing is left here");
      }
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
