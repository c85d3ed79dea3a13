package dev.quittance.bench.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.bench.figure.Goal;
import dev.quittance.bench.figure.Samples;
import dev.quittance.bench.load.Checkouts;
import dev.quittance.bench.load.HttpLoad;
import dev.quittance.bench.load.MailSink;
import dev.quittance.bench.load.ProcessCost;
import dev.quittance.contracts.Topic;
import dev.quittance.localstack.Deadline;
import dev.quittance.localstack.Service;
import dev.quittance.localstack.ServiceProcess;
import dev.quittance.localstack.StackFault;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// From the moment that a webhook is due to be sent until its order is due on the fulfilment topic,
/// and until its receipt's mail is accepted, at a hundred a second.
final class EndToEnd implements Measurement {

  private static final int PER_SECOND = 100;
  private static final int CONNECTIONS = 16;

  /// What a JVM has compiled depends on what it has seen: as much as hours of an ordinary shop
  /// bring, in half a minute.
  private static final int WARM_PER_SECOND = 500;

  /// For cold services on a busy machine; a warm one needs a fraction of a second.
  private static final Duration ARRIVED_WITHIN = Duration.ofMinutes(4);

  private static final String REQUESTED = "dev.quittance.fulfillment.requested.v1";

  @Override
  public String name() {
    return "e2e";
  }

  @Override
  public String what() {
    return "webhook to due order and to accepted mail at 100 a second";
  }

  @Override
  public void measure(Run run) throws Exception {
    Checkouts checkouts = run.checkouts("e2e");
    try (Stage stage = run.stage(name());
        var sink = new MailSink();
        var watch = new Watch(stage)) {
      ServiceProcess ingest = stage.launch(Service.INGEST, checkouts.endpoint());
      ServiceProcess fulfillment = stage.launch(Service.FULFILLMENT, Map.of());
      ServiceProcess receipts = stage.launch(Service.RECEIPTS, mailTo(sink));
      List.of(ingest, fulfillment, receipts).forEach(Probe::awaitReady);
      var rounds = new Rounds(run);
      var way = new Way(checkouts, ingest, watch, sink);
      run.say("warming up");
      way.go("warm", WARM_PER_SECOND, run.seconds(30, 5), (_, _, _) -> {});
      List<ServiceProcess> services = List.of(ingest, fulfillment, receipts);
      for (int round = 1; round <= run.rounds(); round++) {
        run.say("round " + round + " of " + run.rounds());
        String of = "round" + round;
        rounds.make(now -> {
          List<Long> before =
              services.stream().map(one -> ProcessCost.cpuMicros(one.pid())).toList();
          int sent = way.go(of, PER_SECOND, run.seconds(20, 5), now);
          for (int i = 0; i < services.size(); i++) {
            long cost = ProcessCost.cpuMicros(services.get(i).pid()) - before.get(i);
            now.value("e2e.cpu." + services.get(i).name(), "µs/event", (double) cost / sent);
          }
        });
      }
      rounds.keep();
      figures(run, rounds);
    }
  }

  /// What receipts are told about the mail server.
  static Map<String, String> mailTo(MailSink sink) {
    return Map.of(
        "QUARKUS_MAILER_HOST", "127.0.0.1", "QUARKUS_MAILER_PORT", Integer.toString(sink.port()));
  }

  private static void figures(Run run, Rounds rounds) {
    String due = "webhook → due, 100/s, ";
    String mail = "webhook → mail accepted, 100/s, ";
    String remark = rounds.remark("e2e.due.p50") + ", open loop";
    run.judge(
        "e2e.due.p50", due + "p50", rounds.median("e2e.due.p50"), Goal.below(15, "ms"), remark);
    run.judge(
        "e2e.due.p99", due + "p99", rounds.median("e2e.due.p99"), Goal.below(50, "ms"), remark);
    run.tell("e2e.due.p999", due + "p99.9", rounds.median("e2e.due.p999"), "ms", remark);
    run.tell("e2e.mail.p50", mail + "p50", rounds.median("e2e.mail.p50"), "ms", remark);
    run.judge(
        "e2e.mail.p99", mail + "p99", rounds.median("e2e.mail.p99"), Goal.below(250, "ms"), remark);
    run.tell("e2e.mail.p999", mail + "p99.9", rounds.median("e2e.mail.p999"), "ms", remark);
    run.tell(
        "e2e.cpu",
        "all services, CPU per event at 100/s",
        List.of(Service.INGEST, Service.FULFILLMENT, Service.RECEIPTS).stream()
            .mapToDouble(service -> rounds.median("e2e.cpu." + service.module()))
            .sum(),
        "µs",
        "ingest %.0f, fulfillment %.0f, receipts %.0f"
            .formatted(
                rounds.median("e2e.cpu." + Service.INGEST.module()),
                rounds.median("e2e.cpu." + Service.FULFILLMENT.module()),
                rounds.median("e2e.cpu." + Service.RECEIPTS.module())));
  }

  /// The way through the house.
  private record Way(Checkouts all, ServiceProcess ingest, Watch watch, MailSink sink) {

    /// @return how many went it
    int go(String of, int perSecond, Duration time, Rounds.Taker now) throws Exception {
      Checkouts checkouts = all.of("e2e" + of.toLowerCase(Locale.ROOT));
      int count = (int) (perSecond * time.toMillis() / 1_000);
      List<byte[]> requests = checkouts.requests(0, count);
      var load = new HttpLoad(ingest.url().getPort(), CONNECTIONS, n -> requests.get((int) n));
      HttpLoad.Outcome outcome = load.open(perSecond, time);
      if (outcome.accepted() != count) {
        throw new IllegalStateException(outcome.accepted() + " of " + count + " were accepted");
      }
      await(count, "due orders", watch.due, checkouts::order);
      await(count, "mails", sink.taken(), checkouts::email);
      long pause = HttpLoad.pauseNanos(perSecond);
      tell(now, "e2e.due", since(outcome, count, pause, watch.due, checkouts::order));
      tell(now, "e2e.mail", since(outcome, count, pause, sink.taken(), checkouts::email));
      watch.due.clear();
      sink.taken().clear();
      return count;
    }

    private static void await(
        int count, String what, Map<String, Long> arrived, LongFunction<String> names) {
      Deadline.in(ARRIVED_WITHIN)
          .await(
              () -> LongStream.range(0, count).allMatch(n -> arrived.containsKey(names.apply(n))),
              () -> {
                throw new StackFault("Not all of " + count + " " + what + " arrived");
              });
    }

    private static long[] since(
        HttpLoad.Outcome outcome,
        int count,
        long pause,
        Map<String, Long> arrived,
        LongFunction<String> names) {
      return LongStream.range(0, count)
          .map(n -> arrived.getOrDefault(names.apply(n), 0L) - (outcome.start() + n * pause))
          .toArray();
    }

    private static void tell(Rounds.Taker now, String name, long[] nanos) {
      now.value(name + ".p50", "ms", Samples.percentileMs(nanos, 0.5));
      now.value(name + ".p99", "ms", Samples.percentileMs(nanos, 0.99));
      now.value(name + ".p999", "ms", Samples.percentileMs(nanos, 0.999));
    }
  }

  /// A subscriber that notes when each order was first due.
  private static final class Watch implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(1);

    private final Map<String, Long> due = new ConcurrentHashMap<>();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean over;

    Watch(Stage stage) {
      consumer =
          new KafkaConsumer<>(
              Map.of(
                  ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, stage.kafka().bootstrapServers(),
                  ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                  ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      consumer.assign(
          IntStream.range(0, Topic.PARTITIONS)
              .mapToObj(n -> new TopicPartition(Topic.FULFILLMENT_EVENTS.topicName(), n))
              .toList());
      thread = Thread.ofPlatform().name("subscriber").start(this::listen);
    }

    private void listen() {
      while (!over) {
        consumer
            .poll(POLL)
            .forEach(one -> {
              Header type = one.headers().lastHeader("ce_type");
              if (type != null && new String(type.value(), UTF_8).equals(REQUESTED)) {
                var _ = due.putIfAbsent(new String(one.key(), UTF_8), System.nanoTime());
              }
            });
      }
      consumer.close();
    }

    @Override
    public void close() {
      over = true;
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
