package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Goal;
import dev.quittance.bench.load.Checkouts;
import dev.quittance.bench.load.ProcessCost;
import dev.quittance.testkit.MailSink;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import java.util.List;
import java.util.Map;

/// From the moment that a webhook is due to be sent until its order is due on the fulfillment
/// topic, and until its receipt's mail is accepted, at a hundred a second.
final class EndToEnd implements Measurement {

  private static final int PER_SECOND = 100;

  /// What a JVM has compiled depends on what it has seen: as much as hours of an ordinary shop
  /// bring, in half a minute.
  private static final int WARM_PER_SECOND = 500;

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
    try (BenchStack stage = run.stage(name());
        var sink = new MailSink();
        var watch = new DueWatch(stage)) {
      ServiceProcess ingest = stage.launch(Service.INGEST, checkouts.endpoint());
      ServiceProcess fulfillment = stage.launch(Service.FULFILLMENT, Map.of());
      ServiceProcess receipts = stage.launch(Service.RECEIPTS, mailTo(sink));
      List.of(ingest, fulfillment, receipts).forEach(Probe::awaitReady);
      var rounds = new Rounds(run);
      var journey = new Journey(checkouts, ingest, watch, sink);
      run.say("warming up");
      var _ = journey.go("e2ewarm", WARM_PER_SECOND, run.seconds(30, 5));
      List<ServiceProcess> services = List.of(ingest, fulfillment, receipts);
      for (int round = 1; round <= run.rounds(); round++) {
        run.say("round " + round + " of " + run.rounds());
        String of = "e2eround" + round;
        rounds.make(now -> {
          List<Long> before =
              services.stream().map(one -> ProcessCost.cpuMicros(one.pid())).toList();
          Journey.Arrived arrived = journey.go(of, PER_SECOND, run.seconds(20, 5));
          arrived.tell(now, "e2e");
          for (int i = 0; i < services.size(); i++) {
            long cost = ProcessCost.cpuMicros(services.get(i).pid()) - before.get(i);
            now.value(
                "e2e.cpu." + services.get(i).name(), "µs/event", (double) cost / arrived.count());
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
}
