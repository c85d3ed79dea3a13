package dev.quittance.bench.measure;

import dev.quittance.bench.yardstick.VerbatimRecords;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.ClassPath;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.Directories;
import dev.quittance.testkit.JvmProfile;
import dev.quittance.testkit.LocalKafka;
import dev.quittance.testkit.LocalPostgres;
import dev.quittance.testkit.Ports;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A broker, a database and services for one measurement, each a process on a port of its own. The
/// servers start when they are first asked for; the data is deleted at the end, the logs are kept.
final class BenchStack implements AutoCloseable {

  /// By its name: this JVM has no Vert.x to load it with.
  private static final String REFERENCE_A = VerbatimRecords.class.getPackageName() + ".RawHandler";

  /// What it runs with of the service's libraries.
  private static final List<String> NEEDED =
      List.of(
          "io.vertx.vertx-core",
          "io.netty.",
          "org.apache.kafka.kafka-clients",
          "at.yawk.lz4",
          "org.slf4j.slf4j-api",
          "com.fasterxml.jackson.core",
          "org.jspecify");

  private final Run.Settings settings;
  private final String name;
  private final Path home;
  private final List<ServiceProcess> processes = new ArrayList<>();
  private @Nullable LocalKafka kafka;
  private @Nullable LocalPostgres postgres;

  BenchStack(Run.Settings settings, String name) {
    this.settings = settings;
    this.name = name;
    this.home = settings.home().resolve(name);
    Directories.made(home);
    Directories.made(settings.home().resolve("logs"));
  }

  LocalKafka kafka() {
    if (kafka == null) {
      kafka = LocalKafka.start(home.resolve("kafka"), 0, Map.of(), JvmProfile.WORK);
      kafka.createTopics(Topic.all());
    }
    return kafka;
  }

  DatabaseAddress database(String database) {
    return postgres().createDatabase(database);
  }

  LocalPostgres postgres() {
    if (postgres == null) {
      postgres = LocalPostgres.start(home.resolve("postgres"), 0);
    }
    return postgres;
  }

  /// Starts a service with its documented defaults, and returns at once. The first start of an
  /// untrained one, which keeps the classes that it loads and can't record a profile, is no figure:
  /// it is made before.
  ///
  /// @param more environment beside brokers and database
  ServiceProcess launch(Service service, Map<String, String> more) {
    Path classes = settings.classes();
    if (!ServiceProcess.startsSooner(service, settings.repository(), classes)) {
      ServiceProcess first = process(service, more);
      Probe.awaitReady(first);
      first.close();
    }
    return kept(process(service, more));
  }

  /// The same, and waits until it is ready.
  ServiceProcess start(Service service, Map<String, String> more) {
    ServiceProcess process = launch(service, more);
    Probe.awaitReady(process);
    return process;
  }

  private ServiceProcess process(Service service, Map<String, String> more) {
    var environment = new TreeMap<String, String>();
    environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka().bootstrapServers());
    switch (service) {
      case FULFILLMENT -> environment.putAll(database("fulfillment").environment());
      case RECEIPTS -> environment.putAll(database("receipts").environment());
      case INGEST, SANDBOX -> {
        // need none
      }
    }
    if (settings.profile()) {
      environment.put(
          "JAVA_TOOL_OPTIONS",
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
              + recording(service));
    }
    environment.putAll(more);
    return ServiceProcess.launch(
        service.module(),
        service,
        settings.repository(),
        JvmProfile.WORK,
        environment,
        Ports.url(Ports.free()),
        Ports.url(Ports.free()),
        settings.classes(),
        log(service.module()));
  }

  /// Starts reference A with the libraries and the JVM's options of the service that it is compared
  /// with, and returns at once.
  ServiceProcess launchReference(String secret) {
    Path libraries =
        Service.INGEST.jar(settings.repository()).resolveSibling("lib").resolve("main");
    URI url = Ports.url(Ports.free());
    try (Stream<Path> jars = Files.list(libraries)) {
      List<Path> classPath =
          Stream.concat(
                  Stream.of(
                      ClassPath.containing(VerbatimRecords.class),
                      ClassPath.containing(Topic.class)),
                  jars.filter(
                          jar -> NEEDED.stream().anyMatch(jar.getFileName().toString()::startsWith))
                      .sorted())
              .toList();
      return kept(
          ServiceProcess.launch(
              "reference-a",
              classPath,
              REFERENCE_A,
              List.of(Integer.toString(url.getPort()), kafka().bootstrapServers(), secret),
              url,
              settings.classes(),
              log("reference-a")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServiceProcess kept(ServiceProcess process) {
    processes.add(process);
    return process;
  }

  private Path recording(Service service) {
    return settings.home().resolve("logs").resolve(name + "-" + service.module() + ".jfr");
  }

  private Path log(String process) {
    return settings.home().resolve("logs").resolve(name + "-" + process + ".log");
  }

  /// The services first, while their brokers and database are still there.
  @Override
  public void close() {
    processes.parallelStream().forEach(ServiceProcess::close);
    if (kafka != null) {
      kafka.kill(); // its data is thrown away
    }
    if (postgres != null) {
      postgres.close();
    }
    Directories.delete(home);
    if (settings.profile()) {
      drawProfiles();
    }
  }

  /// A recording is written when its service ends.
  private void drawProfiles() {
    for (Service service : Service.values()) {
      Path recording = recording(service);
      if (Files.exists(recording)) {
        try {
          FlameGraph.draw(recording);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
