package dev.quittance.chaos;

import dev.quittance.chaos.check.Checker;
import dev.quittance.chaos.check.Violation;
import dev.quittance.chaos.fault.Fault;
import dev.quittance.chaos.fault.FaultSchedule;
import dev.quittance.chaos.fault.Kind;
import dev.quittance.chaos.fault.Part;
import dev.quittance.chaos.history.Entry;
import dev.quittance.chaos.history.History;
import dev.quittance.chaos.load.ArrivalSchedule;
import dev.quittance.chaos.load.Customers;
import dev.quittance.chaos.load.Operators;
import dev.quittance.chaos.load.Provider;
import dev.quittance.chaos.peers.MailServer;
import dev.quittance.chaos.peers.ProviderApi;
import dev.quittance.sandbox.delivery.SignedRequest;
import dev.quittance.testkit.JvmProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One run: load, storms, silence, judgement.
public final class Chaos {

  /// Long enough for the consumers' groups to settle and the queues to run down under load.
  private static final Duration CALM = Duration.ofSeconds(8);

  private static final Duration LONG = Duration.ofMinutes(5);

  private final Settings settings;
  private final Clock clock;
  private final Consumer<String> out;
  private final long began = System.nanoTime();
  private final Map<String, Integer> restarts = new TreeMap<>();

  /// What a run is.
  ///
  /// @param repository the root of the repository, with its modules built
  /// @param home an empty directory for the data, the logs and the history
  /// @param rate orders a second
  /// @param brokers how many; only the brokers are broken where there are several
  public record Settings(
      Path repository,
      Path home,
      long seed,
      Duration duration,
      double rate,
      Set<Kind> kinds,
      int brokers) {

    public Settings {
      kinds = Set.copyOf(kinds);
    }

    /// Who lives for minutes only has no use for the second compiler, which would take a quarter of
    /// two cores from everybody.
    JvmProfile profile() {
      return duration.compareTo(LONG) < 0 ? JvmProfile.LAPTOP : JvmProfile.WORK;
    }

    /// What may be broken.
    Set<Part> parts() {
      return brokers > 1 ? EnumSet.of(Part.BROKER) : EnumSet.allOf(Part.class);
    }

    /// Where the history is.
    public Path history() {
      return home.resolve("history.jsonl.gz");
    }
  }

  /// What came of it.
  ///
  /// @param faults how often what was survived
  /// @param restarts of processes that ended or stopped living without our doing
  public record Verdict(
      List<Violation> violations,
      Checker.Summary summary,
      Map<String, Integer> faults,
      Map<String, Integer> restarts) {}

  /// @param out gets a line now and then
  public Chaos(Settings settings, Clock clock, Consumer<String> out) {
    this.settings = settings;
    this.clock = clock;
    this.out = out;
  }

  /// Does it all. What was started is stopped again, however it ends.
  public Verdict run() throws InterruptedException {
    Map<String, Integer> faults;
    try {
      Files.createDirectories(settings.home().resolve("logs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var disks = new EnumMap<Part, SmallDisk>(Part.class);
    try (var history = new History(settings.history())) {
      mount(disks);
      faults = underFire(disks, entry -> keep(entry, history));
    } finally {
      disks.values().forEach(SmallDisk::close);
    }
    var checker = new Checker();
    History.read(settings.history(), checker::read);
    return new Verdict(checker.violations(), checker.summary(), faults, restarts);
  }

  private void keep(Entry entry, History history) {
    if (entry instanceof Entry.Restarted(_, var part, var how)) {
      progress(part + " " + how + ", started again");
      synchronized (restarts) {
        restarts.merge(part + " " + how, 1, Integer::sum);
      }
    }
    history.add(entry);
  }

  private void mount(Map<Part, SmallDisk> disks) {
    if (settings.kinds().contains(Kind.DISK_FULL)) {
      Map.of(Part.BROKER, "kafka", Part.DATABASE, "postgres")
          .forEach((part, directory) ->
              disks.put(
                  part,
                  SmallDisk.mount(settings.home().resolve(directory)).orElseThrow(Skipped::new)));
    }
  }

  /// This machine doesn't allow it.
  public static final class Skipped extends RuntimeException {
    Skipped() {
      super("This machine doesn't let us mount a small disk, so none is filled.");
    }
  }

  private Map<String, Integer> underFire(Map<Part, SmallDisk> disks, Consumer<Entry> history)
      throws InterruptedException {
    try (var mail = new MailServer(clock, history, settings.seed());
        var api = new ProviderApi();
        var cluster =
            new Cluster(
                settings.repository(),
                settings.home(),
                settings.profile(),
                settings.brokers(),
                clock,
                history,
                mail,
                api);
        var customers = new Customers(settings.seed(), settings.home(), clock, api)) {
      progress("starting");
      cluster.start();
      var weather = new FaultInjector(cluster, disks, clock, history, this::progress);
      try (var provider = provider(cluster, history)) {
        storms(customers, provider, weather, cluster, history);
        progress("the last customer has left; draining");
        new Drain(cluster, provider, this::progress).run(history);
      }
      progress("gathering what is there");
      new EvidenceCollector(cluster, history).run();
      return weather.survived();
    }
  }

  private void storms(
      Customers customers,
      Provider provider,
      FaultInjector weather,
      Cluster cluster,
      Consumer<Entry> history)
      throws InterruptedException {
    var forecast =
        FaultSchedule.of(settings.seed(), settings.duration(), settings.kinds(), settings.parts());
    progress(forecast.faults().size() + " faults in " + forecast.storms().size() + " storms ahead");
    long end = System.nanoTime() + settings.duration().toNanos();
    try (var rush = new ArrivalSchedule(customers, provider, settings.rate());
        var _ =
            new Operators(
                cluster.service(Part.FULFILLMENT).url().resolve("/orders"), clock, history)) {
      var left = new ArrayList<>(forecast.storms());
      while (!left.isEmpty()) {
        List<Fault> storm = left.removeFirst();
        weather.storm(storm);
        Thread.sleep(CALM);
        progress(
            "calm: %d orders, %d of %d webhooks accepted, %d attempts in vain"
                .formatted(
                    rush.orders(),
                    provider.counts().accepted(),
                    provider.counts().sent(),
                    provider.counts().failed()));
      }
      long rest = end - System.nanoTime();
      if (rest > 0) {
        Thread.sleep(Duration.ofNanos(rest));
      }
    }
    cluster.awaitReady();
  }

  private Provider provider(Cluster cluster, Consumer<Entry> history) {
    URI webhooks = cluster.service(Part.INGEST).url().resolve("/webhooks");
    return new Provider(
        webhooks,
        new SignedRequest.Secrets(
            Cluster.STRIPE_SECRET, Cluster.PAYSUPER_SECRET, Cluster.STANDARD_SECRET),
        clock,
        history);
  }

  private void progress(String line) {
    long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
    out.accept("%02d:%02d  %s".formatted(seconds / 60, seconds % 60, line));
  }
}
