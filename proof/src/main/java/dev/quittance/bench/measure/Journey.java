package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Samples;
import dev.quittance.bench.load.Checkouts;
import dev.quittance.bench.load.HttpLoad;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.MailSink;
import dev.quittance.testkit.ServiceProcess;
import dev.quittance.testkit.StackFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/// Webhooks sent at a pace, each followed until its order is due and its mail was accepted.
record Journey(Checkouts all, ServiceProcess ingest, DueWatch watch, MailSink sink) {

  private static final int CONNECTIONS = 16;

  /// For cold services on a busy machine; a warm one needs a fraction of a second.
  private static final Duration ARRIVED_WITHIN = Duration.ofMinutes(4);

  /// What became of them.
  ///
  /// @param answers the provider's wait for each answer, in nanoseconds
  /// @param due from when each webhook was due to be sent until its order was due, in nanoseconds
  /// @param mail from then until the mail was accepted, in nanoseconds
  @SuppressWarnings("ArrayRecordComponent") // summed up, never compared
  record Arrived(int count, long[] answers, long[] due, long[] mail) {

    void tell(Rounds.Taker now, String name) {
      tell(now, name + ".due", due);
      tell(now, name + ".mail", mail);
    }

    private static void tell(Rounds.Taker now, String name, long[] nanos) {
      now.value(name + ".p50", "ms", Samples.percentileMs(nanos, 0.5));
      now.value(name + ".p99", "ms", Samples.percentileMs(nanos, 0.99));
      now.value(name + ".p999", "ms", Samples.percentileMs(nanos, 0.999));
    }
  }

  /// @param of whose checkouts, in lower-case letters and digits: each time others
  Arrived go(String of, int perSecond, Duration time) throws Exception {
    Checkouts checkouts = all.of(of);
    int count = (int) (perSecond * time.toMillis() / 1_000);
    List<byte[]> requests = checkouts.requests(0, count);
    var load = new HttpLoad(ingest.url().getPort(), CONNECTIONS, n -> requests.get((int) n));
    HttpLoad.Outcome outcome = load.open(perSecond, time);
    if (outcome.accepted() != count) {
      throw new IllegalStateException(outcome.accepted() + " of " + count + " were accepted");
    }
    await(count, "due orders", watch.due(), checkouts::order);
    await(count, "mails", sink.taken(), checkouts::email);
    long pause = HttpLoad.pauseNanos(perSecond);
    var arrived =
        new Arrived(
            count,
            outcome.latencies(),
            since(outcome, count, pause, watch.due(), checkouts::order),
            since(outcome, count, pause, sink.taken(), checkouts::email));
    watch.due().clear();
    sink.taken().clear();
    return arrived;
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
}
