package dev.quittance.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/// A KRaft broker, its own controller, as a child of this JVM.
final class KafkaProcess extends JvmProcess implements LocalKafka {

  /// A cold start on a busy laptop takes an eighth of this.
  private static final Duration START_MAX = Duration.ofMinutes(2);

  /// A controlled shutdown takes about a second.
  private static final Duration STOP_MAX = Duration.ofSeconds(15);

  /// Somebody may take a free port between our finding and the broker's binding it.
  private static final int FREE_PORT_ATTEMPTS_MAX = 3;

  private final int port;
  private final Path log;

  private KafkaProcess(Process process, int port, Path log, Duration stopMax) {
    super(process, stopMax);
    this.port = port;
    this.log = log;
  }

  /// Where and how a broker runs.
  ///
  /// @param options of its JVM
  /// @param settings of the broker that win over the usual ones
  /// @param stopMax how long it may take to end
  record Place(
      Path directory,
      Path log,
      List<String> options,
      ParentWatch.Farewell farewell,
      Map<String, String> settings,
      Duration stopMax) {

    /// 144 partitions and their indexes need a third of the heap; a collector without threads of
    /// its own starts sooner.
    private static final List<String> HEAP =
        List.of("-Xmx512m", "-XX:+UseSerialGC", "-Djava.awt.headless=true");

    static Place in(Path directory) {
      return new Place(
          directory,
          directory.resolve("broker.log"),
          HEAP,
          ParentWatch.Farewell.TERM,
          Map.of(),
          STOP_MAX);
    }

    /// Without what it may know of earlier starts.
    Place in(JvmProfile manner) {
      return in(manner, manner.compilers());
    }

    Place with(ParentWatch.Farewell other) {
      return new Place(directory, log, options, other, settings, stopMax);
    }

    Place with(Map<String, String> others) {
      return new Place(directory, log, options, farewell, others, stopMax);
    }

    Place loggingTo(Path other) {
      return new Place(directory, other, options, farewell, settings, stopMax);
    }

    /// @param classes a file to keep loaded classes in
    Place in(JvmProfile manner, Path classes) {
      return in(manner, manner.options(classes, program()));
    }

    private Place in(JvmProfile manner, List<String> more) {
      return new Place(
          directory,
          log,
          Stream.concat(options.stream(), more.stream()).toList(),
          farewell,
          settings,
          manner.stopMax(stopMax));
    }
  }

  /// What the broker's JVM runs.
  static Path program() {
    return ClassPath.containing(BrokerMain.class);
  }

  /// @param port 0 for any that is free
  static KafkaProcess start(Place place, int port) {
    if (port != 0) {
      return started(place, port);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return started(place, Ports.free());
      } catch (StackFault e) {
        if (attempt == FREE_PORT_ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private static KafkaProcess started(Place place, int port) {
    if (Ports.taken(port)) {
      throw new StackFault("Port " + port + " is taken, so Kafka can't start on it");
    }
    Path home = Directories.made(place.directory());
    try {
      Path settings = home.resolve("broker.properties");
      var all = settings(home, port, Ports.free());
      all.putAll(place.settings());
      Files.writeString(settings, text(all));
      var broker =
          new KafkaProcess(
              launch(place.options(), settings, place.log()), port, place.log(), place.stopMax());
      ParentWatch.tie(broker.process.toHandle(), place.farewell());
      broker.awaitReady();
      return broker;
    } catch (IOException e) {
      throw new StackFault("Kafka can't start in " + home, e);
    }
  }

  private static Process launch(List<String> options, Path settings, Path log) throws IOException {
    var builder =
        new ProcessBuilder(
            Sessions.ownSession(
                Jvm.command(options, BrokerMain.class.getName(), settings.toString())));
    builder.environment().put("CLASSPATH", ClassPath.ofThisJvm());
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static Map<String, String> settings(Path home, int port, int controllerPort) {
    var settings = new TreeMap<String, String>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    settings.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("log.dirs", home.resolve("data").toString());
    // a topic that nobody declared is a mistake, here as in production
    settings.put("auto.create.topics.enable", "false");
    settings.put("group.initial.rebalance.delay.ms", "0");
    // a broker that was killed is let in again when its former self has been silent for so long
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    // one broker, so one replica of everything; few partitions start sooner
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("share.coordinator.state.topic.num.partitions", "1");
    // the default of 128 MiB would take a quarter of the heap
    settings.put("log.cleaner.dedupe.buffer.size", "8388608");
    return settings;
  }

  private static String text(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(setting -> setting.getKey() + "=" + setting.getValue())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private void awaitReady() {
    var deadline = Deadline.in(START_MAX);
    deadline.await(this::listening, this::giveUp);
    try (var admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, 50,
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 50,
                // without it the pause never grows, and each attempt is a warning
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000))) {
      deadline.await(() -> answers(admin), this::giveUp);
    }
  }

  private boolean listening() {
    if (!process.isAlive()) {
      giveUp();
    }
    return Ports.taken(port);
  }

  private boolean answers(Admin admin) {
    if (!process.isAlive()) {
      giveUp();
    }
    try {
      return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted while Kafka was starting", e);
    }
  }

  private void giveUp() {
    process.destroyForcibly();
    throw new StackFault("Kafka did not start. The end of its log:\n" + LogTail.of(log, 20));
  }

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  public String toString() {
    return "Kafka process " + process.pid() + " at " + bootstrapServers();
  }
}
