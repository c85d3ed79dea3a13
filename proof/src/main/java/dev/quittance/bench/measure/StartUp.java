package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Goal;
import dev.quittance.bench.load.Checkouts;
import dev.quittance.bench.load.ProcessCost;
import dev.quittance.testkit.MailSink;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// From the start of a process to its first 200, one process after the other, with brokers and
/// database there. All have the launcher's options but for its one compiler: what a training taught
/// the services, and without one, like the reference, the classes that an earlier start kept. The
/// first round, which makes those, doesn't count.
final class StartUp implements Measurement {

  private static final Duration SETTLED_AFTER = Duration.ofSeconds(1);

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String what() {
    return "start-up to the first 200, and idle memory, of each service";
  }

  /// Who starts, and how one sees that it has.
  private record Starter(String name, Supplier<ServiceProcess> launch, Waiting awaitFirst) {

    interface Waiting {
      void on(ServiceProcess process);
    }
  }

  @Override
  public void measure(Run run) throws Exception {
    Checkouts checkouts = run.checkouts("start");
    try (BenchStack stage = run.stage(name());
        var sink = new MailSink()) {
      var brokers = stage.kafka();
      run.say(brokers + " is up");
      List<Starter> starters =
          List.of(
              new Starter(
                  "ingest",
                  () -> stage.launch(Service.INGEST, checkouts.endpoint()),
                  process -> Probe.awaitAccepted(process, checkouts)),
              new Starter(
                  "reference_a",
                  () -> stage.launchReference(checkouts.secret()),
                  process -> Probe.awaitAccepted(process, checkouts)),
              new Starter(
                  "fulfillment",
                  () -> stage.launch(Service.FULFILLMENT, Map.of()),
                  process -> Probe.awaitFound(process, "/orders")),
              new Starter(
                  "receipts",
                  () -> stage.launch(Service.RECEIPTS, EndToEnd.mailTo(sink)),
                  process -> Probe.awaitFound(process, "/receipts?order=stripe:pi_none")));
      var rounds = new Rounds(run);
      int count = run.amount(run.rounds(), 1);
      for (int round = 0; round <= count; round++) {
        run.say(round == 0 ? "warming up" : "round " + round + " of " + count);
        Rounds.Body body =
            now -> {
              for (Starter starter : starters) {
                start(starter, now);
              }
            };
        if (round == 0) {
          body.run((_, _, _) -> {});
        } else {
          rounds.make(body);
        }
      }
      rounds.keep();
      figures(run, rounds);
    }
  }

  private static void start(Starter starter, Rounds.Taker now) throws InterruptedException {
    long begun = System.nanoTime();
    ServiceProcess process = starter.launch().get();
    try {
      starter.awaitFirst().on(process);
      now.value("start." + starter.name(), "s", (System.nanoTime() - begun) / 1e9);
      now.value(
          "start." + starter.name() + ".cpu", "s", ProcessCost.cpuMicros(process.pid()) / 1e6);
      Thread.sleep(SETTLED_AFTER);
      now.value("start." + starter.name() + ".memory", "MB", ProcessCost.residentMb(process.pid()));
    } finally {
      process.close();
    }
  }

  private static void figures(Run run, Rounds rounds) {
    run.judge(
        "start.ingest.ratio",
        "ingest, start-up to first 200 × reference A",
        rounds.ratio("start.ingest", "start.reference_a"),
        Goal.atMost(1.0, ""),
        "%.2f against %.2f s, %s"
            .formatted(
                rounds.median("start.ingest"),
                rounds.median("start.reference_a"),
                rounds.remark("start.ingest")));
    for (String name : List.of("ingest", "fulfillment", "receipts")) {
      run.tell(
          "start." + name,
          name + ", start-up to first 200",
          rounds.median("start." + name),
          "s",
          "%.1f s of CPU, %.0f MB resident a second later"
              .formatted(
                  rounds.median("start." + name + ".cpu"),
                  rounds.median("start." + name + ".memory")));
    }
  }
}
