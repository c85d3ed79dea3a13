package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Goal;
import dev.quittance.bench.load.ProcessCost;
import dev.quittance.bench.yardstick.PlainRows;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Orders made from a filled topic, beside the same rows written by plain JDBC. The relay publishes
/// meanwhile, as it always does.
final class FulfillmentIntake implements Measurement {

  /// As many as the service takes at once.
  private static final int BATCH = 500;

  private static final String RUN = "fulfillment";

  @Override
  public String name() {
    return "fulfillment";
  }

  @Override
  public String what() {
    return "orders taken in a second, beside plain JDBC";
  }

  @Override
  public void measure(Run run) throws Exception {
    Canonical canonical = run.canonical();
    int count = run.amount(10_000, 4_000);
    try (BenchStack stage = run.stage(name());
        var broker = new Broker(stage.kafka())) {
      ServiceProcess service = stage.start(Service.FULFILLMENT, Map.of());
      DatabaseAddress address = stage.database("fulfillment");
      try (var database = new Database(address);
          var plain = new PlainRows(address.jdbcUrl(), address.user(), address.password())) {
        var work = new Work(canonical, count, broker, service, database);
        run.say("warming up");
        work.go((_, _, _) -> {});
        plain.watch();
        work.go((_, _, _) -> {});
        plain.learn();
        plain.perSecond(count, BATCH);
        var rounds = new Rounds(run);
        for (int round = 1; round <= run.rounds(); round++) {
          run.say("round " + round + " of " + run.rounds());
          rounds.make(now -> {
            work.go(now);
            now.value("fulfillment.reference.rate", "events/s", plain.perSecond(count, BATCH));
          });
        }
        rounds.keep();
        figures(run, rounds, (double) plain.rows() / count);
        run.tell(
            "fulfillment.memory",
            "fulfillment, resident under load",
            ProcessCost.residentMb(service.pid()),
            "MB",
            "after %,d events".formatted((run.rounds() + 2) * work.records()));
      }
    }
  }

  private static void figures(Run run, Rounds rounds, double rowsPerEvent) {
    double rate = rounds.median("fulfillment.rate");
    run.judge(
        "fulfillment.ratio",
        "fulfillment intake × plain JDBC",
        rounds.ratio("fulfillment.rate", "fulfillment.reference.rate"),
        Goal.atLeast(0.5, ""),
        "%,.0f against %,.0f events/s of %.1f rows each, %s"
            .formatted(
                rate,
                rounds.median("fulfillment.reference.rate"),
                rowsPerEvent,
                rounds.remark("fulfillment.rate")));
    run.judge(
        "fulfillment.rate",
        "fulfillment intake",
        rate,
        Goal.atLeast(5_000, "events/s"),
        "%.0f µs of the service's CPU an event".formatted(rounds.median("fulfillment.cpu")));
    run.tell(
        "fulfillment.published",
        "fulfillment, until all is published",
        rounds.median("fulfillment.published"),
        "events/s",
        "");
  }

  /// The same orders again and again, each time into empty tables.
  private static final class Work {
    private final Canonical canonical;
    private final int count;
    private final Broker broker;
    private final ServiceProcess service;
    private final Database database;

    Work(Canonical canonical, int count, Broker broker, ServiceProcess service, Database database) {
      this.canonical = canonical;
      this.count = count;
      this.broker = broker;
      this.service = service;
      this.database = database;
    }

    int records() {
      return count * canonical.perCheckout();
    }

    void go(Rounds.Taker now) {
      database.awaitPublished();
      database.empty(tables());
      long wanted = database.passed(Topic.PAYMENT_EVENTS) + records();
      service.pause();
      broker.fill(canonical, RUN, 0, count);
      long cpu = ProcessCost.cpuMicros(service.pid());
      long start = System.nanoTime();
      service.resume();
      database.awaitPassed(wanted);
      long taken = System.nanoTime();
      database.awaitPublished();
      long published = System.nanoTime();
      now.value("fulfillment.rate", "events/s", records() / ((taken - start) / 1e9));
      now.value("fulfillment.published", "events/s", records() / ((published - start) / 1e9));
      now.value(
          "fulfillment.cpu",
          "µs/event",
          (double) (ProcessCost.cpuMicros(service.pid()) - cpu) / records());
      if (database.count("orders") != count) {
        throw new IllegalStateException(
            "%d orders of %d checkouts".formatted(database.count("orders"), count));
      }
    }

    private static List<String> tables() {
      var tables = new ArrayList<>(PlainRows.tables());
      tables.add("commands");
      return tables;
    }
  }
}
