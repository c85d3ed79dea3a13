package dev.quittance.chaos;

import dev.quittance.chaos.fault.Part;
import dev.quittance.chaos.history.Entry;
import dev.quittance.chaos.peers.MailServer;
import dev.quittance.chaos.peers.ProviderApi;
import dev.quittance.chaos.peers.Proxy;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.JvmProfile;
import dev.quittance.testkit.LocalKafka;
import dev.quittance.testkit.LocalPostgres;
import dev.quittance.testkit.LocalServer;
import dev.quittance.testkit.Ports;
import dev.quittance.testkit.StackFault;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The whole system as processes, with a network in between that can be broken, and somebody who
/// starts again what ends by itself, as Kubernetes does.
final class Cluster implements AutoCloseable {

  /// An hour, 225 times as fast: longer than any other fault of the API lasts, so that only a
  /// silence costs an order its items.
  static final Duration LOOK_UPS_LIMIT = Duration.ofSeconds(16);

  /// Ninety minutes, as much faster: half as long again as anybody asks.
  static final Duration API_HANGS_FOR = Duration.ofSeconds(24);

  /// Ten seconds, as far as a machine that is busy with much else allows.
  private static final Duration API_TIMEOUT = Duration.ofSeconds(3);

  static final String STRIPE_SECRET = "whsec_chaos_stripe";
  static final String PAYSUPER_SECRET = "chaos-paysuper-secret";

  /// Of a kind of webhook that isn't part of the load yet.
  static final String STANDARD_SECRET = "whsec_Y2hhb3Mtc3RhbmRhcmQ=";

  static final List<Part> SERVICES = List.of(Part.INGEST, Part.FULFILLMENT, Part.RECEIPTS);

  /// Three JVMs, a broker and a database that all start anew on two busy cores.
  private static final Duration READY_MAX = Duration.ofMinutes(4);

  private static final long WATCH_MS = 500;
  private static final int STARTS_MAX = 3;

  private final Path repository;
  private final Path home;
  private final JvmProfile profile;
  private final Clock clock;
  private final Consumer<Entry> history;
  private final MailServer mail;
  private final ProviderApi api;
  private final Brokers brokers;
  private final int databasePort = Ports.free();
  private final Map<Part, Proxy> ways = new EnumMap<>(Part.class);

  /// From a service's first instance to the network in front of the database.
  private final Map<Part, Proxy> toDatabase = new EnumMap<>(Part.class);

  private final Map<Part, ReentrantLock> locks = new EnumMap<>(Part.class);
  private final Map<Part, Instance> instances = new EnumMap<>(Part.class);
  private final Thread watch;
  private volatile @Nullable LocalPostgres postgres;
  private volatile boolean closing;

  /// @param repository the root of the repository, with its modules built
  /// @param home for data and logs
  /// @param profile of all JVMs
  /// @param brokers how many
  Cluster(
      Path repository,
      Path home,
      JvmProfile profile,
      int brokers,
      Clock clock,
      Consumer<Entry> history,
      MailServer mail,
      ProviderApi api) {
    this.repository = repository;
    this.home = home;
    this.profile = profile;
    this.clock = clock;
    this.history = history;
    this.mail = mail;
    this.api = api;
    this.brokers = new Brokers(brokers, home.resolve("kafka"), profile);
    ways.put(Part.DATABASE, new Proxy(databasePort));
    ways.put(Part.MAIL, new Proxy(mail.port()));
    for (Part part : List.of(Part.FULFILLMENT, Part.RECEIPTS)) {
      toDatabase.put(part, new Proxy(way(Part.DATABASE).port()));
    }
    for (Part part : Part.values()) {
      locks.put(part, new ReentrantLock());
    }
    this.watch = Thread.ofPlatform().daemon().name("watch").unstarted(this::watch);
  }

  /// Starts everything and waits until it is ready.
  void start() {
    start(Part.DATABASE);
    brokers.startAll();
    SERVICES.forEach(this::start);
    watch.start();
    awaitReady();
  }

  /// Starts a part, also again after it ended. Servers are ready then, services may need a while.
  void start(Part part) {
    switch (part) {
      case BROKER -> patiently(brokers::startAgain);
      case DATABASE -> patiently(this::startDatabase);
      case INGEST, FULFILLMENT, RECEIPTS ->
          instances.computeIfAbsent(part, _ -> first(part)).launch();
      case MAIL, API -> throw new IllegalArgumentException(part + " is no process");
    }
  }

  /// A server that was killed may need a second attempt, where its port is not free yet.
  private static void patiently(Runnable start) {
    for (int attempt = 1; ; attempt++) {
      try {
        start.run();
        return;
      } catch (StackFault e) {
        if (attempt == STARTS_MAX) {
          throw e;
        }
      }
    }
  }

  private void startDatabase() {
    var server = LocalPostgres.start(home.resolve("postgres"), databasePort);
    postgres = server;
    var _ = server.createDatabase("fulfillment");
    var _ = server.createDatabase("receipts");
  }

  private Instance first(Part part) {
    return instance(
        part, part.label(), environment(part, toDatabase.getOrDefault(part, way(Part.DATABASE))));
  }

  /// One more of a service, that is to be launched and stopped by whoever wants it.
  Instance another(Part part, String name) {
    return instance(part, name, environment(part, way(Part.DATABASE)));
  }

  private Instance instance(Part part, String name, Map<String, String> environment) {
    return new Instance(part, name, Ports.free(), repository, home, profile, environment, clock);
  }

  private Map<String, String> environment(Part part, Proxy toDatabase) {
    var environment = new TreeMap<String, String>();
    environment.put("KAFKA_BOOTSTRAP_SERVERS", brokers.bootstrap());
    switch (part) {
      case INGEST -> {
        environment.put("QUITTANCE_ENDPOINTS_STRIPE_SECRETS", STRIPE_SECRET);
        environment.put("QUITTANCE_ENDPOINTS_STRIPE_MODE", "any");
        environment.put("QUITTANCE_ENDPOINTS_STRIPE_REFERENCE", "order");
        environment.put("QUITTANCE_ENDPOINTS_STRIPE_API_KEY", "sk_test_chaos");
        environment.put("QUITTANCE_ENDPOINTS_STRIPE_API_BASE", api.url());
        environment.put("QUITTANCE_ENDPOINTS_PAYSUPER_SECRETS", PAYSUPER_SECRET);
        environment.put("QUITTANCE_ENDPOINTS_PAYSUPER_MODE", "any");
        // shorter pauses than in production, so that draining takes seconds and not minutes
        environment.put("QUITTANCE_LOOKUPS_PAUSE_MAX", "PT5S");
        environment.put("QUITTANCE_LOOKUPS_LIMIT", LOOK_UPS_LIMIT.toString());
        environment.put(
            "QUITTANCE_ENDPOINTS_STRIPE_API_TIMEOUT_MS", Long.toString(API_TIMEOUT.toMillis()));
      }
      case FULFILLMENT ->
          environment.putAll(DatabaseAddress.local(toDatabase.port(), part.label()).environment());
      case RECEIPTS -> {
        environment.putAll(DatabaseAddress.local(toDatabase.port(), part.label()).environment());
        environment.put("QUARKUS_MAILER_HOST", "127.0.0.1");
        environment.put("QUARKUS_MAILER_PORT", Integer.toString(way(Part.MAIL).port()));
        environment.put("QUITTANCE_RECEIPTS_MAIL_CONNECT_TIMEOUT", "3s");
        environment.put("QUITTANCE_RECEIPTS_MAIL_REPLY_TIMEOUT", "15s");
        environment.put("QUITTANCE_RECEIPTS_MAIL_DEADLINE", "30s");
        environment.put("QUITTANCE_RECEIPTS_MAIL_LEASE", "40s");
        environment.put("QUITTANCE_RECEIPTS_MAIL_RETRY_FIRST", "2s");
        environment.put("QUITTANCE_RECEIPTS_MAIL_RETRY_MOST", "10s");
        environment.put("QUITTANCE_RECEIPTS_MAIL_PAUSE_MOST", "5s");
        environment.put("QUITTANCE_RECEIPTS_MAIL_PAUSE_REFUSED", "5s");
      }
      case BROKER, DATABASE, MAIL, API ->
          throw new IllegalArgumentException(part + " is no service");
    }
    return environment;
  }

  /// The network in front of a part.
  Proxy way(Part part) {
    if (part == Part.BROKER) {
      return brokers.way();
    }
    return Objects.requireNonNull(ways.get(part));
  }

  /// The network between a service's first instance and the database, and nobody else's.
  Proxy wayToDatabase(Part service) {
    return Objects.requireNonNull(toDatabase.get(service));
  }

  /// The sessions in which a service's relays lead.
  Leaderships leaderships(Part service) {
    return new Leaderships(database(service.label()));
  }

  /// Whoever breaks a part holds its lock; nobody starts it again meanwhile.
  ReentrantLock lock(Part part) {
    return Objects.requireNonNull(locks.get(part));
  }

  /// The process of a service.
  Instance service(Part part) {
    return Objects.requireNonNull(instances.get(part));
  }

  /// Which of several is broken next.
  void choose(long dice) {
    brokers.choose(dice);
  }

  /// A broker, past the network that is broken.
  LocalKafka kafka() {
    return brokers.watched();
  }

  LocalPostgres postgres() {
    return Objects.requireNonNull(postgres);
  }

  /// The JDBC address of a service's database, past the network that is broken.
  String database(String name) {
    return postgres().adminUrl(name);
  }

  MailServer mail() {
    return mail;
  }

  ProviderApi api() {
    return api;
  }

  /// What runs as a part, of several the one that is broken next.
  LocalServer process(Part part) {
    return switch (part) {
      case BROKER -> brokers.chosen();
      case DATABASE -> postgres();
      case INGEST, FULFILLMENT, RECEIPTS -> service(part).process();
      case MAIL, API -> throw new IllegalArgumentException(part + " is no process");
    };
  }

  /// Waits until every service is ready again.
  void awaitReady() {
    Deadline.in(READY_MAX)
        .await(
            () -> SERVICES.stream().allMatch(part -> service(part).process().ready()),
            () -> {
              throw new StackFault(
                  "After "
                      + READY_MAX.toMinutes()
                      + " min without faults these are not ready: "
                      + SERVICES.stream()
                          .filter(part -> !service(part).process().ready())
                          .map(Part::label)
                          .toList());
            });
  }

  private void watch() {
    while (!closing) {
      for (Part part : SERVICES) {
        ReentrantLock lock = lock(part);
        if (lock.tryLock()) {
          try {
            service(part)
                .needsRestart()
                .filter(_ -> !closing)
                .ifPresent(how -> {
                  history.accept(new Entry.Restarted(clock.millis(), part.label(), how));
                  service(part).process().kill();
                  start(part);
                });
          } finally {
            lock.unlock();
          }
        }
      }
      try {
        Thread.sleep(WATCH_MS);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    watch.interrupt();
    // all that they know is written down, and their data is thrown away
    instances.values().forEach(instance -> instance.process().kill());
    brokers.close();
    if (postgres != null) {
      postgres().kill();
    }
    toDatabase.values().forEach(Proxy::close);
    ways.values().forEach(Proxy::close);
  }
}
