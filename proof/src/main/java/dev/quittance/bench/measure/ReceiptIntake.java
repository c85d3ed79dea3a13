package dev.quittance.bench.measure;

import dev.quittance.bench.load.ProcessCost;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.Ports;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import java.util.List;
import java.util.Map;

/// Receipts made from a filled topic, with the mail server away, so that nothing is sent meanwhile.
final class ReceiptIntake implements Measurement {

  static final List<String> TABLES =
      List.of("orders", "payment_facts", "receipts", "receipt_numbers", "outbox", "source_events");

  private static final String RUN = "receipts";

  @Override
  public String name() {
    return "receipts";
  }

  @Override
  public String what() {
    return "receipts made a second, without sending them";
  }

  @Override
  public void measure(Run run) throws Exception {
    Canonical canonical = run.canonical();
    int count = run.amount(10_000, 4_000);
    int records = count * canonical.perCheckout();
    try (BenchStack stage = run.stage(name());
        var broker = new Broker(stage.kafka())) {
      Map<String, String> nobody =
          Map.of(
              "QUARKUS_MAILER_HOST",
              "127.0.0.1",
              "QUARKUS_MAILER_PORT",
              Integer.toString(Ports.free()));
      ServiceProcess service = stage.start(Service.RECEIPTS, nobody);
      try (var database = new Database(stage.database("receipts"))) {
        var rounds = new Rounds(run);
        for (int round = 0; round <= run.rounds(); round++) {
          run.say(round == 0 ? "warming up" : "round " + round + " of " + run.rounds());
          database.empty(TABLES);
          long wanted = database.passed(Topic.PAYMENT_EVENTS) + records;
          service.pause();
          broker.fill(canonical, RUN, 0, count);
          if (round == 0) {
            service.resume();
            database.awaitPassed(wanted);
          } else {
            rounds.make(now -> {
              long cpu = ProcessCost.cpuMicros(service.pid());
              long start = System.nanoTime();
              service.resume();
              database.awaitPassed(wanted);
              now.value(
                  "receipts.intake.rate",
                  "events/s",
                  records / ((System.nanoTime() - start) / 1e9));
              now.value(
                  "receipts.intake.cpu",
                  "µs/event",
                  (double) (ProcessCost.cpuMicros(service.pid()) - cpu) / records);
            });
          }
          if (database.count("receipts") != count) {
            throw new IllegalStateException(
                "%d receipts of %d checkouts".formatted(database.count("receipts"), count));
          }
        }
        rounds.keep();
        run.tell(
            "receipts.intake",
            "receipts, intake",
            rounds.median("receipts.intake.rate"),
            "events/s",
            "%.0f µs of the service's CPU an event, %s"
                .formatted(
                    rounds.median("receipts.intake.cpu"), rounds.remark("receipts.intake.rate")));
      }
    }
  }
}
