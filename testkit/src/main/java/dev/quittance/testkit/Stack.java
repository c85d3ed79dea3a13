package dev.quittance.testkit;

import dev.quittance.contracts.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Kafka, PostgreSQL, the services and the sandbox, each a process of its own, on 127.0.0.1.
public final class Stack implements AutoCloseable {

  private static final String KAFKA = "kafka";
  private static final String POSTGRES = "postgres";

  private final Plan plan;
  private final JvmProfile manner;
  private final Progress progress;
  private final PidFile pids;
  private final Map<Service, ServiceProcess> services = new ConcurrentHashMap<>();
  private volatile @Nullable LocalKafka kafka;
  private volatile @Nullable LocalPostgres postgres;

  /// What is to run where.
  ///
  /// @param repository the root of the repository, with its modules built
  /// @param home the data and the logs
  /// @param returnPage shown by ingest-service, asked for by fulfillment-service
  /// @param environment what is set for every service beside this process's own environment
  public record Plan(
      Path repository,
      Path home,
      StackPorts ports,
      ReturnPageToken returnPage,
      Map<String, String> environment) {

    public Plan {
      repository = repository.toAbsolutePath().normalize();
      home = home.toAbsolutePath().normalize();
      environment = Map.copyOf(environment);
    }

    Path classes(String part) {
      return Directories.made(home.resolve("classes")).resolve(part + ".jsa");
    }

    /// The logs of the last time stay for comparison, those before don't.
    void putLogsAside() {
      Path logs = Directories.made(home.resolve("logs"));
      Path previous = Directories.made(logs.resolve("previous"));
      for (String part : parts()) {
        Directories.move(logs.resolve(part + ".log"), previous.resolve(part + ".log"));
      }
    }

    private static List<String> parts() {
      return Stream.concat(
              Stream.of(KAFKA, POSTGRES), Arrays.stream(Service.values()).map(Service::module))
          .toList();
    }

    Path log(String part) {
      return Directories.made(home.resolve("logs")).resolve(part + ".log");
    }
  }

  /// Who wants to know how far it is.
  @FunctionalInterface
  public interface Progress {
    /// A part is ready.
    void ready(String part, Duration took);
  }

  public Stack(Plan plan, Progress progress) {
    this(plan, JvmProfile.LAPTOP, progress);
  }

  Stack(Plan plan, JvmProfile manner, Progress progress) {
    this.plan = plan;
    this.manner = manner;
    this.progress = progress;
    this.pids = new PidFile(Directories.made(plan.home()).resolve("pids"));
  }

  /// Forgets everything that an earlier stack kept here.
  public void wipe() {
    forgetData();
    Directories.delete(plan.home().resolve("logs"));
  }

  /// Forgets it but for what was logged.
  void forgetData() {
    pids.stopLeftovers();
    for (String part : List.of(KAFKA, POSTGRES, Service.SANDBOX.module())) {
      Directories.delete(plan.home().resolve(part));
    }
  }

  /// Starts everything and returns when all of it is ready. What an earlier stack left running
  /// here, because it could not stop it, is stopped first.
  ///
  /// @throws StackFault when a part doesn't start; the others are stopped again
  public void start() {
    for (Service service : Service.values()) {
      var _ = service.jar(plan.repository());
    }
    pids.stopLeftovers();
    refuseTakenPorts();
    plan.putLogsAside();
    startAll();
  }

  private void refuseTakenPorts() {
    plan.ports()
        .all()
        .forEach((part, port) -> {
          if (Ports.taken(port)) {
            throw new StackFault(
                "Port "
                    + port
                    + ", which "
                    + part
                    + " needs, is taken: stop what "
                    + "listens there (ss -ltnp 'sport = :"
                    + port
                    + "' names it), or choose others with --port-offset 1000.");
          }
        });
  }

  private void startAll() {
    // Platform threads: class initializers pin virtual ones, and on two cores that can be all of
    // them.
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      var broker = run(threads, "Kafka", this::startKafka);
      var database = run(threads, "PostgreSQL", this::startPostgres);
      var parts = new ArrayList<CompletableFuture<?>>(List.of(broker, database));
      parts.add(run(threads, Service.SANDBOX.module(), () -> startService(Service.SANDBOX)));
      for (Service service : List.of(Service.INGEST, Service.FULFILLMENT, Service.RECEIPTS)) {
        parts.add(
            CompletableFuture.allOf(broker, database)
                .thenRunAsync(() -> timed(service.module(), () -> startService(service)), threads));
      }
      joinAll(parts);
    }
  }

  private CompletableFuture<?> run(ExecutorService threads, String part, Runnable start) {
    return CompletableFuture.runAsync(() -> timed(part, start), threads);
  }

  private void timed(String part, Runnable start) {
    long began = System.nanoTime();
    start.run();
    progress.ready(part, Duration.ofNanos(System.nanoTime() - began));
  }

  /// The first failure ends the wait: the others are stopped then, which ends their waits, too.
  private void joinAll(List<CompletableFuture<?>> parts) {
    var failed = new CompletableFuture<Void>();
    for (var part : parts) {
      var _ =
          part.exceptionally(e -> {
            failed.completeExceptionally(e);
            return null;
          });
    }
    var all = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    try {
      CompletableFuture.anyOf(failed, all).join();
    } catch (CompletionException e) {
      close();
      throw e.getCause() instanceof StackFault fault
          ? fault
          : new StackFault("The stack did not start", Objects.requireNonNull(e.getCause()));
    }
  }

  /// Starts the broker, also again after it was killed, with its data kept.
  public void startKafka() {
    var broker =
        KafkaProcess.start(
            KafkaProcess.Place.in(plan.home().resolve(KAFKA))
                .loggingTo(plan.log(KAFKA))
                .in(manner, plan.classes(KAFKA)),
            plan.ports().kafka());
    pids.add(KAFKA, broker.process());
    kafka = broker;
    broker.createTopics(Topic.all());
  }

  /// Starts the database server, also again after it was killed, with its data kept.
  public void startPostgres() {
    var server =
        PostgresProcess.start(
            plan.home().resolve(POSTGRES), plan.log(POSTGRES), plan.ports().postgres());
    pids.add(POSTGRES, server.process());
    postgres = server;
    server.createDatabase("fulfillment");
    server.createDatabase("receipts");
  }

  /// Starts a service and waits until it is ready, also again after it was killed.
  public void startService(Service service) {
    Path jar = service.jar(plan.repository());
    var process =
        ServiceProcess.launch(
            service.module(),
            jar,
            manner,
            plan.classes(service.module()),
            ServiceEnvironment.of(service, plan),
            plan.ports().url(service),
            plan.ports().management(service),
            plan.log(service.module()));
    services.put(service, process);
    pids.add(service.module(), process.process());
    process.awaitReady();
  }

  /// Whether any part of it was started.
  public boolean running() {
    return kafka != null || postgres != null || !services.isEmpty();
  }

  /// Where a service writes what it has to say.
  public Path log(Service service) {
    return plan.log(service.module());
  }

  public StackPorts ports() {
    return plan.ports();
  }

  public LocalKafka kafka() {
    return Objects.requireNonNull(kafka);
  }

  public LocalPostgres postgres() {
    return Objects.requireNonNull(postgres);
  }

  public ServiceProcess service(Service service) {
    return Objects.requireNonNull(services.get(service));
  }

  /// The services first, while their brokers and database are still there to say goodbye to.
  @Override
  public void close() {
    var ordered = new EnumMap<Service, ServiceProcess>(Service.class);
    ordered.putAll(services);
    inParallel(ordered.values().stream().<Runnable>map(service -> service::close).toList());
    var servers = new ArrayList<Runnable>();
    if (kafka != null) {
      servers.add(kafka()::close);
    }
    if (postgres != null) {
      servers.add(postgres()::close);
    }
    inParallel(servers);
    pids.delete();
  }

  private static void inParallel(List<Runnable> stops) {
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      stops.forEach(threads::execute);
    }
  }
}
