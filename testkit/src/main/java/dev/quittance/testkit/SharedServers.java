package dev.quittance.testkit;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The servers that all tests of a JVM share: started once, at the first use.
final class SharedServers {

  /// `docker` asks for containers instead of child processes, where an engine answers.
  private static final String CONTAINERS = "quittance.containers";

  private static final Logger LOG = Logger.getLogger(SharedServers.class.getName());

  static final Once<LocalKafka> KAFKA = new Once<>(SharedServers::kafka);
  static final Once<LocalPostgres> POSTGRES = new Once<>(SharedServers::postgres);

  private SharedServers() {}

  private static LocalKafka kafka() {
    String given = System.getProperty(LocalKafka.BOOTSTRAP);
    if (given != null) {
      return said(new GivenKafka(given));
    }
    if (inContainers()) {
      return said(KafkaContainers.start());
    }
    Path directory = Directories.temporary("quittance-kafka");
    return thrownAway(
        directory,
        said(
            KafkaProcess.start(
                KafkaProcess.Place.in(directory)
                    .in(JvmProfile.LAPTOP)
                    // who waits for compaction waits for a second, and not for fifteen
                    .with(Map.of("log.cleaner.backoff.ms", "1000"))
                    .with(ParentWatch.Farewell.KILL),
                0)));
  }

  private static LocalPostgres postgres() {
    String given = System.getProperty(LocalPostgres.URL);
    if (given != null) {
      return said(new GivenPostgres(given));
    }
    if (inContainers()) {
      return said(PostgresContainers.start());
    }
    Path directory = Directories.temporary("quittance-postgres");
    return thrownAway(directory, said(PostgresProcess.start(directory, 0)));
  }

  private static boolean inContainers() {
    return "docker".equals(System.getProperty(CONTAINERS)) && ContainerEngine.answers();
  }

  private static <T> T said(T server) {
    LOG.log(Level.INFO, "Tests use {0}", server);
    return server;
  }

  private static <T extends AutoCloseable> T thrownAway(Path directory, T server) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              switch (server) {
                case KafkaProcess kafka -> kafka.kill();
                case PostgresProcess postgres -> postgres.close();
                default -> throw new IllegalStateException("Not a process of ours: " + server);
              }
              Directories.delete(directory);
            }));
    return server;
  }

  /// Makes a thing at its first use, and tells every later user why, if that failed.
  static final class Once<T> {

    private final Supplier<T> maker;
    private @Nullable T made;
    private @Nullable StackFault fault;

    Once(Supplier<T> maker) {
      this.maker = maker;
    }

    synchronized T get() {
      if (fault != null) {
        throw new StackFault("It failed to start before", fault);
      }
      if (made == null) {
        try {
          made = maker.get();
        } catch (StackFault e) {
          fault = e;
          throw e;
        }
      }
      return made;
    }
  }
}
