package dev.quittance.fulfillment.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.usecase.Records;
import dev.quittance.fulfillment.usecase.TestDatabase;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.LocalKafka;
import dev.quittance.testkit.TopicReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Wherever the process dies, whoever goes on tells the same in the end: the topics hold what they
/// would have held, up to repetitions of the same records.
class KilledAnywhereTest {

  private static final long DEAD_S_MAX = 300;

  @TempDir private static Path directory;
  private static DatabaseAddress database;
  private static Outcome calm;

  /// What is there in the end.
  ///
  /// @param records each once, however often it came
  /// @param ledger how many records were taken how
  private record Outcome(List<String> records, List<String> ledger) {}

  /// A run with topics and orders of its own.
  private record Scene(String name) {
    static Scene of(String name) {
      return new Scene(name + UUID.randomUUID().toString().substring(0, 8));
    }

    String payments() {
      return name + "-payments";
    }

    String commands() {
      return name + "-commands";
    }

    List<String> deadLetters() {
      return Stream.of(payments(), commands())
          .map(topic -> topic + "." + ConsumerGroup.FULFILLMENT.groupName() + ".dlq")
          .toList();
    }

    Life.Errand errand() {
      return new Life.Errand(
          name,
          LocalKafka.shared().bootstrapServers(),
          database.jdbcUrl(),
          database.user(),
          database.password(),
          payments(),
          commands());
    }

    /// The events' ids come from the payment's reference: only a scene's own name there keeps its
    /// events apart from those of other scenes in the same database.
    OrderId order(int n) {
      return OrderId.of("stripe", name + "-pi_" + n);
    }

    boolean owns(ConsumerRecord<byte[], byte[]> record) {
      return new String(record.key(), UTF_8).startsWith("stripe:" + name + "-");
    }
  }

  @BeforeAll
  static void liveCalmly() throws Exception {
    LocalKafka.shared().createTopics(Topic.all());
    database = TestDatabase.prepare();
    Scene scene = Scene.of("calm");
    fill(scene);
    new Life(scene.errand(), Death.never()).live();
    calm = outcome(scene);
    assertThat(calm.records()).hasSizeGreaterThan(60);
    assertThat(calm.ledger()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void whoeverGoesOnTellsTheSame(CrashPoint point) throws Exception {
    Scene scene = Scene.of(point.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    fill(scene);

    assertThat(dies(scene, point)).isEqualTo(Death.EXIT);
    new Life(scene.errand(), Death.never()).live();

    Outcome after = outcome(scene);
    assertThat(after.records()).isEqualTo(calm.records());
    assertThat(after.ledger()).isEqualTo(calm.ledger());
  }

  /// @return the process's exit status
  private static int dies(Scene scene, CrashPoint point) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                Life.class.getName()));
    command.addAll(scene.errand().arguments());
    command.add(point.name());
    command.add(Integer.toString(passes(point)));
    Path said = directory.resolve(scene.name() + ".log");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("CLASSPATH", classPath());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(DEAD_S_MAX, TimeUnit.SECONDS)).as(() -> text(said)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /// Somewhere in the middle: what was done before has to be kept, what comes after to be done.
  private static int passes(CrashPoint point) {
    return switch (point) {
      case AFTER_CLAIM, AFTER_FOLD_BEFORE_WRITE, BEFORE_COMMIT, AFTER_COMMIT -> 2;
      case BEFORE_OFFSET_COMMIT, AFTER_OFFSET_COMMIT -> 1;
      case BEFORE_DEAD_LETTER, AFTER_DEAD_LETTER, DURING_COMMAND, BEFORE_PUBLISH -> 0;
      case IN_MID_RELAY -> 7;
      case AFTER_PUBLISH_BEFORE_DELETE, AFTER_DELETE -> 1;
      case IN_MID_STATES -> 3;
      case AFTER_STATES_BEFORE_DELETE -> 0;
    };
  }

  /// Surefire starts its JVM from a jar that holds nothing but a manifest, and leaves the real path
  /// in a property.
  private static String classPath() {
    return Optional.ofNullable(System.getProperty("surefire.test.class.path"))
        .orElseGet(() -> System.getProperty("java.class.path"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "nothing was said";
    }
  }

  /// Ten orders in every state, repetitions, and what can't be read.
  private static void fill(Scene scene) throws ExecutionException, InterruptedException {
    LocalKafka.shared()
        .createTopics(
            Stream.concat(
                    Stream.of(scene.payments(), scene.commands()), scene.deadLetters().stream())
                .map(topic -> new Topic.Spec(topic, 1, Map.of()))
                .toList());
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", LocalKafka.shared().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int n = 0; n < 10; n++) {
        var facts = Facts.of(scene.order(n));
        var payments =
            new ArrayList<>(
                List.of(facts.paidItemsPending(), facts.uncarried(), facts.itemsKnown()));
        if (n % 3 == 1) {
          payments.add(facts.refund("re_1", RefundStatus.SUCCEEDED, n == 4 ? 1000 : 3000));
        }
        if (n % 3 == 2) {
          payments.add(facts.dispute("dp_1", DisputeStatus.OPEN));
          payments.add(facts.dispute("dp_1", n == 5 ? DisputeStatus.LOST : DisputeStatus.WON));
        }
        payments.add(facts.paidItemsPending());
        for (var fact : payments) {
          send(producer, scene.payments(), Records.event(fact));
        }
        if (n % 4 == 1) {
          producer
              .send(
                  new ProducerRecord<>(
                      scene.payments(), 0, key(scene.order(n)), "{".getBytes(UTF_8)))
              .get();
        }
      }
      for (int n = 0; n < 10; n++) {
        OrderId order = scene.order(n);
        command(
            producer,
            scene,
            order,
            "part",
            new FulfillmentCommand.Complete(
                List.of(new FulfilledItem("mug", 1)), null, "code " + n));
        command(producer, scene, order, "hold", new FulfillmentCommand.Hold("fraud check"));
        command(producer, scene, order, "release", new FulfillmentCommand.Release(null));
        command(
            producer, scene, order, "rest", new FulfillmentCommand.Complete(List.of(), null, null));
        command(
            producer, scene, order, "rest", new FulfillmentCommand.Complete(List.of(), null, null));
      }
      command(producer, scene, scene.order(99), "nobody", new FulfillmentCommand.Hold(null));
    }
  }

  private static void command(
      KafkaProducer<byte[], byte[]> producer,
      Scene scene,
      OrderId order,
      String id,
      FulfillmentCommand command)
      throws ExecutionException, InterruptedException {
    send(producer, scene.commands(), Records.event(order, id, command));
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String topic, CloudEvent event)
      throws ExecutionException, InterruptedException {
    var record = new ProducerRecord<>(topic, 0, key(event.subject()), event.data());
    event.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    producer.send(record).get();
  }

  private static byte[] key(OrderId order) {
    return order.value().getBytes(UTF_8);
  }

  private static Outcome outcome(Scene scene) throws SQLException {
    List<ConsumerRecord<byte[], byte[]>> all = published(scene);
    sequencesRise(all);
    versionsNeverFall(all);
    return new Outcome(
        remaining(all).stream()
            .map(KilledAnywhereTest::line)
            .map(line -> line.replace(scene.name(), "scene"))
            .distinct()
            .sorted()
            .toList(),
        TestDatabase.ask(
            TestDatabase.at(database),
            """
            SELECT format('%s: %s applied, %s ignored, %s duplicate, %s dead, %s gaps, to %s',
                          replace(topic, 'SCENE', ''), applied, ignored, duplicate, dead, gaps, next_offset)
              FROM intake_ledger WHERE topic LIKE 'SCENE%' ORDER BY topic
            """
                .replace("SCENE", scene.name())));
  }

  /// Of each order, every event comes after all that have a lower sequence.
  private static void sequencesRise(List<ConsumerRecord<byte[], byte[]>> all) {
    Map<String, List<Long>> sequences =
        all.stream()
            .filter(record -> record.topic().equals(Topic.FULFILLMENT_EVENTS.topicName()))
            .collect(
                groupingBy(
                    record -> new String(record.key(), UTF_8),
                    mapping(record -> Long.valueOf(header(record, "ce_sequence")), toList())));
    assertThat(sequences).isNotEmpty();
    assertThat(sequences.values())
        .allSatisfy(of -> assertThat(of.stream().distinct()).isSorted().first().isEqualTo(1L));
  }

  /// Compaction leaves the last state of each order: it is always the newest.
  private static void versionsNeverFall(List<ConsumerRecord<byte[], byte[]>> all) {
    Map<String, List<Long>> versions =
        all.stream()
            .filter(KilledAnywhereTest::isState)
            .collect(
                groupingBy(
                    record -> new String(record.key(), UTF_8),
                    mapping(
                        record -> WireFormat.read(record.value(), OrderView.class).version(),
                        toList())));
    assertThat(versions).hasSize(10);
    assertThat(versions.values()).allSatisfy(of -> assertThat(of).isSorted());
  }

  /// Every record but states that a newer one follows: how many changes a state holds that is
  /// published depends on who was at work when.
  private static List<ConsumerRecord<byte[], byte[]>> remaining(
      List<ConsumerRecord<byte[], byte[]>> all) {
    var states = new HashMap<String, ConsumerRecord<byte[], byte[]>>();
    var remaining = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    for (ConsumerRecord<byte[], byte[]> record : all) {
      if (isState(record)) {
        states.put(new String(record.key(), UTF_8), record);
      } else {
        remaining.add(record);
      }
    }
    remaining.addAll(states.values());
    return remaining;
  }

  private static boolean isState(ConsumerRecord<byte[], byte[]> record) {
    return record.topic().equals(Topic.FULFILLMENT_ORDERS.topicName());
  }

  /// Without the sequence of a state: a rejection that comes later takes the next, and leaves the
  /// state as it is.
  private static String line(ConsumerRecord<byte[], byte[]> record) {
    String headers =
        StreamSupport.stream(record.headers().spliterator(), false)
            .filter(header -> !(isState(record) && header.key().equals("ce_sequence")))
            .map(header -> header.key() + "=" + new String(header.value(), UTF_8))
            .sorted()
            .collect(joining(" "));
    return record.topic()
        + " "
        + new String(record.key(), UTF_8)
        + " "
        + headers
        + " "
        + new String(record.value(), UTF_8);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  /// All records about the scene's orders, as a reader of committed ones sees them.
  private static List<ConsumerRecord<byte[], byte[]>> published(Scene scene) {
    var topics =
        new ArrayList<>(
            Stream.of(Topic.FULFILLMENT_EVENTS, Topic.FULFILLMENT_ORDERS, Topic.FULFILLMENT_LETTERS)
                .map(Topic::topicName)
                .toList());
    topics.addAll(scene.deadLetters());
    var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    new TopicReader(LocalKafka.shared().bootstrapServers())
        .read(
            topics,
            Map.of(),
            record -> {
              if (scene.owns(record)) {
                found.add(record);
              }
            });
    return found;
  }
}
