package dev.quittance.localstack;

import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The servers that all tests of a JVM share: started once, at the first use.
final class Shared {

  /// `docker` asks for containers instead of child processes.
  private static final String CONTAINERS = "quittance.containers";

  private static final Logger LOG = Logger.getLogger(Shared.class.getName());

  static final Once<LocalKafka> KAFKA = new Once<>(Shared::kafka);
  static final Once<LocalPostgres> POSTGRES = new Once<>(Shared::postgres);

  private Shared() {}

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
                KafkaProcess.Place.shortLived(directory).with(Lifeline.Farewell.KILL), 0)));
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
    return "docker".equals(System.getProperty(CONTAINERS));
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
