package dev.quittance.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A PostgreSQL server whose binaries come from the class path.
final class PostgresProcess implements LocalPostgres {

  /// The first start also makes the cluster.
  private static final Duration START_MAX = Duration.ofMinutes(2);

  private static final Duration STOP_MAX = Duration.ofSeconds(15);

  private final EmbeddedPostgres server;
  private final ProcessHandle postmaster;

  private PostgresProcess(EmbeddedPostgres server, ProcessHandle postmaster) {
    this.server = server;
    this.postmaster = postmaster;
  }

  static PostgresProcess start(Path directory, int port) {
    return start(directory, directory.resolve("postgres.log"), port);
  }

  static PostgresProcess start(Path directory, Path log, int port) {
    return start(directory, log, port, Map.of());
  }

  static PostgresProcess start(Path directory, Path log, int port, Map<String, String> settings) {
    if (port != 0 && Ports.taken(port)) {
      throw new StackFault("Port " + port + " is taken, so PostgreSQL can't start on it");
    }
    Path home = Directories.made(directory);
    try {
      var output = ProcessBuilder.Redirect.appendTo(log.toFile());
      var builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(home.resolve("data"))
              .setCleanDataDirectory(false)
              // ours decides in which order things are stopped
              .setRegisterShutdownHook(false)
              .setPort(port)
              .setPGStartupWait(START_MAX)
              // the library is made for tests that throw everything away, and turns both off
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setErrorRedirector(output)
              .setOutputRedirector(output);
      settings.forEach(builder::setServerConfig);
      var server = builder.start();
      var postmaster = postmaster(home.resolve("data"));
      ParentWatch.tie(postmaster, ParentWatch.Farewell.INT);
      return new PostgresProcess(server, postmaster);
    } catch (IOException | RuntimeException e) {
      throw new StackFault(
          "PostgreSQL did not start. The end of its log:\n" + LogTail.of(log, 20), e);
    }
  }

  private static ProcessHandle postmaster(Path data) throws IOException {
    long pid =
        Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    return ProcessHandle.of(pid)
        .orElseThrow(() -> new StackFault("PostgreSQL ended as soon as it had started"));
  }

  @Override
  public String adminUrl() {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres?user=postgres";
  }

  ProcessHandle process() {
    return postmaster;
  }

  @Override
  public long pid() {
    return postmaster.pid();
  }

  @Override
  public void pause() {
    // the postmaster first, so that no backend is born that we don't know of
    Sessions.signal(postmaster, "STOP");
    postmaster.descendants().forEach(backend -> Sessions.signal(backend, "STOP"));
  }

  @Override
  public void resume() {
    postmaster.descendants().forEach(backend -> Sessions.signal(backend, "CONT"));
    Sessions.signal(postmaster, "CONT");
  }

  @Override
  public void kill() {
    // the backends notice the postmaster's end by themselves, but a successor can't start before
    // the last of them let go of the shared memory
    List<ProcessHandle> all = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    await(postmaster);
    all.forEach(PostgresProcess::await);
    close();
  }

  private static void await(ProcessHandle process) {
    try {
      process.onExit().get(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new StackFault("PostgreSQL's process " + process.pid() + " doesn't end", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted while PostgreSQL was ending", e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new StackFault("PostgreSQL could not be stopped", e);
    }
  }

  @Override
  public String toString() {
    return "PostgreSQL process " + postmaster.pid() + " at 127.0.0.1:" + server.getPort();
  }
}
