package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Goal;
import dev.quittance.bench.figure.Samples;
import dev.quittance.bench.load.Checkouts;
import dev.quittance.bench.load.HttpLoad;
import dev.quittance.bench.load.ProcessCost;
import dev.quittance.bench.yardstick.BareProducer;
import dev.quittance.bench.yardstick.VerbatimRecords;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The edge: signed webhooks in, acknowledged records out, beside a bare handler and a bare
/// producer. Translation, which runs in the same process, reads an empty topic meanwhile: it is
/// measured by itself.
final class Ingest implements Measurement {

  /// Each different, and few enough to lie in the cache of neither.
  private static final int REQUESTS = 1_024;

  private static final int LATENCY_CONNECTIONS = 16;
  private static final double LATENCY_LOAD = 0.5;

  /// Of the scratch handler that came before all this, 334 MB.
  private static final double RESIDENT_MB_MAX = 0.8 * 334;

  private static final int EVENTS = 1_000_000;
  private static final int WARM_CONNECTIONS = 64;
  private static final int WARM_EVENTS = 60_000;
  private static final int WARM_EVENTS_QUICK = 20_000;
  private static final Duration WARM_TIME_MAX = Duration.ofSeconds(30);
  private static final String OURS = "";
  private static final String RAW = ".reference_a";

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public String what() {
    return "webhooks a second, CPU and latency, beside a bare handler";
  }

  @Override
  public void measure(Run run) throws Exception {
    Checkouts checkouts = run.checkouts("ingest");
    try (BenchStack stage = run.stage(name());
        var broker = new Broker(stage.kafka());
        var bare = new BareProducer(stage.kafka().bootstrapServers())) {
      var environment = new TreeMap<>(checkouts.endpoint());
      environment.put("MP_MESSAGING_INCOMING_WEBHOOKS_TOPIC", Topic.RECEIPT_EVENTS.topicName());
      ServiceProcess ours = stage.launch(Service.INGEST, environment);
      ServiceProcess raw = stage.launchReference(checkouts.secret());
      Probe.awaitAccepted(ours, checkouts);
      Probe.awaitAccepted(raw, checkouts);
      double idle = ProcessCost.residentMb(ours.pid());
      double idleRaw = ProcessCost.residentMb(raw.pid());
      new Contest(run, checkouts, broker, bare, ours, raw).hold(idle, idleRaw);
    }
  }

  /// The three of them, taking turns.
  private static final class Contest {
    private final Run run;
    private final Checkouts checkouts;
    private final Broker broker;
    private final BareProducer bare;
    private final ServiceProcess ours;
    private final ServiceProcess raw;
    private final Rounds rounds;
    private final Duration slot;
    private final List<ProducerRecord<byte[], byte[]>> records;
    private long taken;
    private long takenRaw;

    Contest(
        Run run,
        Checkouts checkouts,
        Broker broker,
        BareProducer bare,
        ServiceProcess ours,
        ServiceProcess raw) {
      this.run = run;
      this.checkouts = checkouts;
      this.broker = broker;
      this.bare = bare;
      this.ours = ours;
      this.raw = raw;
      this.rounds = new Rounds(run);
      this.slot = run.seconds(3, 1);
      String now = run.clock().instant().toString();
      this.records =
          LongStream.range(0, REQUESTS)
              .mapToObj(n -> VerbatimRecords.of(checkouts.eventId(n), checkouts.body(n), now))
              .toList();
    }

    void hold(double idle, double idleRaw) throws Exception {
      run.say("warming up");
      warmUp(ours);
      warmUp(raw);
      bare.perSecond(WARM_CONNECTIONS, run.seconds(3, 1.5), this::bareRecord);
      List<Integer> kinds = run.settings().quick() ? List.of(16, 64) : List.of(1, 16, 64, 256);
      for (int round = 1; round <= run.rounds(); round++) {
        for (int connections : kinds) {
          run.say("round " + round + " of " + run.rounds() + ", " + connections + " connections");
          turns(connections, round);
        }
      }
      latencies();
      rounds.keep();
      kinds.forEach(this::figures);
      latencyFigures();
      memory(idle, idleRaw);
    }

    /// By events and not by time: what a JVM has compiled depends on what it has seen.
    private void warmUp(ServiceProcess process) throws IOException {
      int events = run.amount(WARM_EVENTS, WARM_EVENTS_QUICK);
      long end = System.nanoTime() + WARM_TIME_MAX.toNanos();
      for (long seen = 0; seen < events && System.nanoTime() < end; ) {
        HttpLoad.Outcome outcome = load(process, WARM_CONNECTIONS).closed(Duration.ofSeconds(1));
        count(process, outcome);
        seen += outcome.accepted();
      }
    }

    /// Who begins changes from round to round.
    private void turns(int connections, int round) throws Exception {
      rounds.make(now -> {
        String of = "ingest." + connections;
        if (round % 2 == 0) {
          one(now, of, OURS, ours, connections);
          one(now, of, RAW, raw, connections);
        } else {
          one(now, of, RAW, raw, connections);
          one(now, of, OURS, ours, connections);
        }
        now.value(
            of + ".reference_b.rate",
            "events/s",
            bare.perSecond(connections, slot, this::bareRecord));
      });
    }

    private void one(
        Rounds.Taker now, String of, String who, ServiceProcess process, int connections)
        throws IOException, InterruptedException, ExecutionException {
      HttpLoad load = load(process, connections);
      long records = broker.written(Topic.WEBHOOKS);
      long cpu = ProcessCost.cpuMicros(process.pid());
      HttpLoad.Outcome outcome = load.closed(slot);
      long cost = ProcessCost.cpuMicros(process.pid()) - cpu;
      reconcile(outcome, records);
      count(process, outcome);
      now.value(of + who + ".rate", "events/s", outcome.perSecond());
      now.value(of + who + ".cpu", "µs/event", (double) cost / outcome.accepted());
      now.value(of + who + ".closed_p50", "ms", Samples.percentileMs(outcome.latencies(), 0.5));
      now.value(of + who + ".closed_p99", "ms", Samples.percentileMs(outcome.latencies(), 0.99));
    }

    /// A 200 is a record, and nothing else is.
    private void reconcile(HttpLoad.Outcome outcome, long before)
        throws InterruptedException, ExecutionException {
      long written = broker.written(Topic.WEBHOOKS) - before;
      if (outcome.refused() > 0 || written != outcome.accepted()) {
        throw new IllegalStateException(
            "%d answers of 2xx, %d others, but %d records on the topic"
                .formatted(outcome.accepted(), outcome.refused(), written));
      }
    }

    private void count(ServiceProcess process, HttpLoad.Outcome outcome) {
      if (process == ours) {
        taken += outcome.accepted();
      } else {
        takenRaw += outcome.accepted();
      }
    }

    private HttpLoad load(ServiceProcess process, int connections) {
      List<byte[]> requests = checkouts.requests(0, REQUESTS);
      return new HttpLoad(
          process.url().getPort(), connections, n -> requests.get((int) (n % REQUESTS)));
    }

    private ProducerRecord<byte[], byte[]> bareRecord(long n) {
      ProducerRecord<byte[], byte[]> one = records.get((int) (n % REQUESTS));
      // the client closes a record's headers when it is sent
      return VerbatimRecords.again(one);
    }

    /// At one pace for both: half of what the slower of them can take.
    private void latencies() throws Exception {
      String of = "ingest." + LATENCY_CONNECTIONS;
      double pace =
          LATENCY_LOAD * Math.min(rounds.median(of + ".rate"), rounds.median(of + RAW + ".rate"));
      var open = new Rounds(run);
      for (int round = 1; round <= run.rounds(); round++) {
        run.say("latency, round %d of %d, %.0f events/s".formatted(round, run.rounds(), pace));
        boolean first = round % 2 == 0;
        open.make(now -> {
          paced(now, first ? OURS : RAW, first ? ours : raw, pace);
          paced(now, first ? RAW : OURS, first ? raw : ours, pace);
        });
      }
      open.keep();
      run.tell(
          "ingest.open.pace",
          "ingest, pace of the latencies below",
          pace,
          "events/s",
          "half of the maximum at 16 connections, open loop");
      latency(open, "p50", 0);
      latency(open, "p99", 1.2);
    }

    private void paced(Rounds.Taker now, String who, ServiceProcess process, double pace)
        throws IOException {
      HttpLoad.Outcome outcome = load(process, LATENCY_CONNECTIONS).open(pace, run.seconds(4, 1.5));
      count(process, outcome);
      now.value("ingest.open" + who + ".p50", "ms", Samples.percentileMs(outcome.latencies(), 0.5));
      now.value(
          "ingest.open" + who + ".p99", "ms", Samples.percentileMs(outcome.latencies(), 0.99));
    }

    private void latency(Rounds open, String which, double most) {
      String remark =
          "%.2f against %.2f ms, %s"
              .formatted(
                  open.median("ingest.open." + which),
                  open.median("ingest.open" + RAW + "." + which),
                  open.remark("ingest.open." + which));
      double ratio = open.ratio("ingest.open." + which, "ingest.open" + RAW + "." + which);
      String what = "ingest, " + which + " at 16 connections × reference A";
      if (most > 0) {
        run.judge("ingest." + which + ".ratio", what, ratio, Goal.atMost(most, ""), remark);
      } else {
        run.tell("ingest." + which + ".ratio", what, ratio, "", remark);
      }
    }

    private void latencyFigures() {
      String of = "ingest." + LATENCY_CONNECTIONS;
      run.tell(
          "ingest.closed_p99.ratio",
          "ingest, p99 at 16 connections × reference A, closed loop",
          rounds.ratio(of + ".closed_p99", of + RAW + ".closed_p99"),
          "",
          rounds.remark(of + ".closed_p99"));
    }

    private void figures(int connections) {
      String of = "ingest." + connections;
      String where = "ingest, " + connections + (connections == 1 ? " connection" : " connections");
      double rate = rounds.ratio(of + ".rate", of + RAW + ".rate");
      String remark =
          "%,.0f against %,.0f events/s; bare producer %,.0f"
              .formatted(
                  rounds.median(of + ".rate"),
                  rounds.median(of + RAW + ".rate"),
                  rounds.median(of + ".reference_b.rate"));
      double cpu = rounds.ratio(of + ".cpu", of + RAW + ".cpu");
      String cpuRemark =
          "%.0f against %.0f µs, %s"
              .formatted(
                  rounds.median(of + ".cpu"),
                  rounds.median(of + RAW + ".cpu"),
                  rounds.remark(of + ".cpu"));
      boolean promised = connections >= WARM_CONNECTIONS;
      if (promised) {
        run.judge(
            of + ".rate.ratio", where + " × reference A", rate, Goal.atLeast(0.9, ""), remark);
        run.judge(
            of + ".cpu.ratio",
            where + ", CPU × reference A",
            cpu,
            Goal.atMost(1.15, ""),
            cpuRemark);
      } else {
        run.tell(of + ".rate.ratio", where + " × reference A", rate, "", remark);
        run.tell(of + ".cpu.ratio", where + ", CPU × reference A", cpu, "", cpuRemark);
      }
    }

    private void memory(double idle, double idleRaw) throws IOException {
      run.tell("ingest.memory.idle", "ingest, resident when ready", idle, "MB", "");
      run.tell("reference_a.memory.idle", "reference A, resident when ready", idleRaw, "MB", "");
      if (!run.settings().quick()) {
        run.say("up to a million events");
        while (taken < EVENTS) {
          count(ours, load(ours, WARM_CONNECTIONS).closed(Duration.ofSeconds(10)));
        }
      }
      run.judge(
          "ingest.memory",
          "ingest, resident under load",
          ProcessCost.residentMb(ours.pid()),
          Goal.atMost(RESIDENT_MB_MAX, "MB"),
          "after %,d events".formatted(taken));
      run.tell(
          "reference_a.memory",
          "reference A, resident under load",
          ProcessCost.residentMb(raw.pid()),
          "MB",
          "after %,d events".formatted(takenRaw));
    }
  }
}
