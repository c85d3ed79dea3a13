package dev.quittance.bench.measure;

import dev.quittance.bench.load.Checkouts;
import dev.quittance.bench.load.ProcessCost;
import dev.quittance.bench.yardstick.VerbatimRecords;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import dev.quittance.testkit.StackFault;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;

/// Translation of a filled topic: the service is paused while the topic is filled.
final class Translate implements Measurement {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @Override
  public String name() {
    return "translate";
  }

  @Override
  public String what() {
    return "webhooks translated a second, from a filled topic";
  }

  @Override
  public void measure(Run run) throws Exception {
    int perCheckout = run.canonical().perCheckout();
    Checkouts checkouts = run.checkouts("translate");
    int count = run.amount(20_000, 5_000);
    try (BenchStack stage = run.stage(name());
        var broker = new Broker(stage.kafka())) {
      ServiceProcess ingest = stage.start(Service.INGEST, checkouts.endpoint());
      var rounds = new Rounds(run);
      for (int round = 0; round <= run.rounds(); round++) {
        run.say(round == 0 ? "warming up" : "round " + round + " of " + run.rounds());
        long first = (long) round * count;
        if (round == 0) {
          round(run, broker, ingest, checkouts, first, count, perCheckout, (_, _, _) -> {});
        } else {
          rounds.make(now -> round(run, broker, ingest, checkouts, first, count, perCheckout, now));
        }
      }
      rounds.keep();
      run.tell(
          "translate.rate",
          "translation, from a filled topic",
          rounds.median("translate.rate"),
          "events/s",
          "%.0f µs of CPU an event, %s"
              .formatted(rounds.median("translate.cpu"), rounds.remark("translate.rate")));
    }
  }

  private static void round(
      Run run,
      Broker broker,
      ServiceProcess ingest,
      Checkouts checkouts,
      long first,
      int count,
      int perCheckout,
      Rounds.Taker now)
      throws InterruptedException, ExecutionException {
    long wanted = broker.written(Topic.PAYMENT_EVENTS) + (long) count * perCheckout;
    String time = run.clock().instant().toString();
    ingest.pause();
    broker.fill(
        LongStream.range(first, first + count)
            .mapToObj(n -> VerbatimRecords.of(checkouts.eventId(n), checkouts.body(n), time)));
    long cpu = ProcessCost.cpuMicros(ingest.pid());
    long start = System.nanoTime();
    ingest.resume();
    Deadline.in(PATIENCE)
        .await(
            () -> written(broker) >= wanted,
            () -> {
              throw new StackFault("Not all webhooks were translated");
            });
    now.value("translate.rate", "events/s", count / ((System.nanoTime() - start) / 1e9));
    now.value(
        "translate.cpu", "µs/event", (double) (ProcessCost.cpuMicros(ingest.pid()) - cpu) / count);
  }

  private static long written(Broker broker) {
    try {
      return broker.written(Topic.PAYMENT_EVENTS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted while counting", e);
    } catch (ExecutionException e) {
      throw new StackFault("Kafka doesn't answer", e);
    }
  }
}
