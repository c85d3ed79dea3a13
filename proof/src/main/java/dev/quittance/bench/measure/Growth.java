package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Samples;
import dev.quittance.bench.load.ProcessCost;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/// What becomes of fulfillment as its database grows: the same work with ten thousand, a hundred
/// thousand and, where it may be large, a million orders. Then a steady stream, and whether the lag
/// stays where it is.
final class Growth implements Measurement {

  private static final String RUN = "growth";
  private static final int REQUESTS = 40;
  private static final int PER_SECOND = 500;

  /// The stream comes in portions, as a broker's consumers get it anyway.
  private static final int PORTIONS_PER_SECOND = 20;

  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public String what() {
    return "backlogs drained, pages and lag with many orders";
  }

  @Override
  public void measure(Run run) throws Exception {
    Canonical canonical = run.canonical();
    List<Integer> sizes =
        run.settings().large()
            ? List.of(10_000, 100_000, 1_000_000)
            : run.settings().quick() ? List.of(2_000, 10_000) : List.of(10_000, 100_000);
    try (BenchStack stage = run.stage(name());
        var broker = new Broker(stage.kafka())) {
      ServiceProcess service = stage.start(Service.FULFILLMENT, Map.of());
      try (var database = new Database(stage.database("fulfillment"))) {
        var site = new Site(run, canonical, broker, service, database);
        for (int size : sizes) {
          site.growTo(size);
          site.ask(size);
        }
        site.stream();
      }
    }
  }

  /// The service and what surrounds it.
  private static final class Site {
    private final Run run;
    private final Canonical canonical;
    private final Broker broker;
    private final ServiceProcess service;
    private final Database database;
    private int orders;

    Site(Run run, Canonical canonical, Broker broker, ServiceProcess service, Database database) {
      this.run = run;
      this.canonical = canonical;
      this.broker = broker;
      this.service = service;
      this.database = database;
    }

    /// The backlog is measured from the moment when the last of it was written: what was taken in
    /// while the topic was being filled doesn't count.
    void growTo(int size) throws InterruptedException, ExecutionException {
      run.say("a backlog up to %,d orders".formatted(size));
      broker.fill(canonical, RUN, orders, size - orders);
      long wanted = broker.written(Topic.PAYMENT_EVENTS);
      long before = database.passed(Topic.PAYMENT_EVENTS);
      long cpu = ProcessCost.cpuMicros(service.pid());
      long start = System.nanoTime();
      database.awaitPassed(wanted);
      double seconds = (System.nanoTime() - start) / 1e9;
      double cost = ProcessCost.cpuMicros(service.pid()) - cpu;
      database.awaitPublished();
      orders = size;
      long drained = wanted - before;
      run.tell(
          "growth." + size + ".drained",
          "fulfillment, a backlog drained up to %,d orders".formatted(size),
          drained / seconds,
          "events/s",
          "%,d events, %.0f µs of the service's CPU each".formatted(drained, cost / drained));
    }

    void ask(int size) throws IOException, InterruptedException {
      run.say("pages with %,d orders".formatted(size));
      database.run("ANALYZE orders");
      try (HttpClient client = HttpClient.newHttpClient()) {
        page(client, size, "console", "/console/transactions");
        page(client, size, "list", "/orders");
        page(client, size, "search", "/orders?q=jenny-growth0000001234@example.com");
      }
    }

    private void page(HttpClient client, int size, String name, String path)
        throws IOException, InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(service.url().resolve(path)).timeout(ANSWER_MAX).build();
      long[] nanos = new long[REQUESTS];
      for (int i = -REQUESTS / 4; i < REQUESTS; i++) {
        long start = System.nanoTime();
        int status = client.send(request, HttpResponse.BodyHandlers.ofByteArray()).statusCode();
        if (status != 200) {
          throw new IllegalStateException(path + " answers " + status);
        }
        if (i >= 0) {
          nanos[i] = System.nanoTime() - start;
        }
      }
      Arrays.sort(nanos);
      run.tell(
          "growth." + size + "." + name,
          "%s with %,d orders, p95".formatted(path.replaceAll("\\?.*", "?q=…"), size),
          Samples.percentile(nanos, 0.95) / 1e6,
          "ms",
          "p50 %.1f ms".formatted(Samples.percentile(nanos, 0.5) / 1e6));
    }

    /// Events at a steady pace, and how far the service is behind.
    void stream() throws InterruptedException, ExecutionException {
      Duration time = run.settings().large() ? Duration.ofMinutes(10) : run.seconds(60, 5);
      run.say("%d events/s for %d s".formatted(PER_SECOND, time.toSeconds()));
      long written = broker.written(Topic.PAYMENT_EVENTS);
      int portion = PER_SECOND / PORTIONS_PER_SECOND;
      long pause = 1_000_000_000L / PORTIONS_PER_SECOND;
      int portions = (int) (time.toSeconds() * PORTIONS_PER_SECOND);
      double[] lag = new double[portions];
      long start = System.nanoTime();
      for (int i = 0; i < portions; i++) {
        broker.fill(canonical, RUN, orders, portion);
        orders += portion;
        written += (long) portion * canonical.perCheckout();
        long wait = start + (i + 1) * pause - System.nanoTime();
        if (wait > 0) {
          LockSupport.parkNanos(wait);
        }
        lag[i] = written - database.passed(Topic.PAYMENT_EVENTS);
      }
      int third = portions / 3;
      double early = Arrays.stream(lag, 0, third).average().orElse(0);
      double late = Arrays.stream(lag, portions - third, portions).average().orElse(0);
      run.tell(
          "growth.lag",
          "lag at %d events/s for %d s".formatted(PER_SECOND, time.toSeconds()),
          Arrays.stream(lag).max().orElse(0),
          "events at most",
          "mean of the first third %.0f, of the last %.0f".formatted(early, late));
    }
  }
}
