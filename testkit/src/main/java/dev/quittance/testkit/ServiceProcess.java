package dev.quittance.testkit;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/// A packaged service that runs as a process of its own and writes a log of its own.
public final class ServiceProcess extends JvmProcess {

  /// Four services and two servers that all start at once on two busy cores.
  private static final Duration START_MAX = Duration.ofMinutes(3);

  /// Longer than any batch, request or mail in flight may take.
  private static final Duration STOP_MAX = Duration.ofSeconds(20);

  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_MAX)
          .build();

  private final String name;
  private final URI url;
  private final URI management;
  private final Path log;

  private ServiceProcess(
      String name, Process process, URI url, URI management, Path log, Duration stopMax) {
    super(process, stopMax);
    this.name = name;
    this.url = url;
    this.management = management;
    this.log = log;
  }

  /// Starts a service of this repository and returns at once, for those who say themselves where
  /// the others are.
  ///
  /// @param name of this instance
  /// @param profile whether it is to run for long
  /// @param environment what is set for it beside this process's own environment and its ports
  /// @param url where it listens
  /// @param management where it answers for its health and metrics
  /// @param classes a directory to keep its loaded classes in, for its next start
  /// @param log is appended to
  public static ServiceProcess launch(
      String name,
      Service service,
      Path repository,
      JvmProfile profile,
      Map<String, String> environment,
      URI url,
      URI management,
      Path classes,
      Path log) {
    Path jar = service.jar(repository);
    var all = new TreeMap<String, String>(environment);
    all.put("QUARKUS_BANNER_ENABLED", "false");
    all.put("QUARKUS_HTTP_HOST", url.getHost());
    all.put("QUARKUS_HTTP_PORT", Integer.toString(url.getPort()));
    if (service.managed()) {
      ServiceEnvironment.management(all, management);
    }
    return launch(name, jar, profile, kept(service.module(), classes), all, url, management, log);
  }

  /// Whether a training taught this service, or an earlier start left its loaded classes, and the
  /// service is none newer.
  public static boolean startsSooner(Service service, Path repository, Path classes) {
    return Jvm.startsSooner(kept(service.module(), classes), service.jar(repository));
  }

  private static Path kept(String name, Path classes) {
    return Directories.made(classes).resolve(name + ".jsa");
  }

  /// Starts another program as services are started, to be compared with one, and returns at once.
  ///
  /// @param name of the process
  /// @param classPath its first entry is the program itself
  /// @param main the class to run
  /// @param url where it listens
  /// @param classes a directory to keep its loaded classes in, for its next start
  /// @param log is appended to
  public static ServiceProcess launch(
      String name,
      List<Path> classPath,
      String main,
      List<String> arguments,
      URI url,
      Path classes,
      Path log) {
    var program = new ArrayList<String>();
    program.add("-cp");
    program.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    program.add(main);
    program.addAll(arguments);
    return launch(
        name,
        JvmProfile.WORK,
        ServiceEnvironment.jvmOptions(JvmProfile.WORK, kept(name, classes), classPath.getFirst()),
        program,
        Map.of(),
        url,
        url,
        log);
  }

  /// Starts the jar and returns at once.
  ///
  /// @param environment what is set for it beside this process's own environment
  /// @param log is appended to
  static ServiceProcess launch(
      String name,
      Path jar,
      JvmProfile manner,
      Path classes,
      Map<String, String> environment,
      URI url,
      URI management,
      Path log) {
    return launch(
        name,
        manner,
        ServiceEnvironment.jvmOptions(manner, classes, jar),
        List.of("-jar", jar.toString()),
        environment,
        url,
        management,
        log);
  }

  private static ServiceProcess launch(
      String name,
      JvmProfile manner,
      List<String> options,
      List<String> program,
      Map<String, String> environment,
      URI url,
      URI management,
      Path log) {
    var builder =
        new ProcessBuilder(
            Sessions.ownSession(Jvm.command(options, program.toArray(String[]::new))));
    builder.environment().keySet().removeIf(variable -> !manner.inherits(variable));
    builder.environment().putAll(environment);
    try {
      Process process =
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      ParentWatch.tie(process.toHandle(), ParentWatch.Farewell.TERM);
      return new ServiceProcess(name, process, url, management, log, manner.stopMax(STOP_MAX));
    } catch (IOException e) {
      throw new StackFault(name + " can't be started", e);
    }
  }

  /// Waits until the service says that it is ready.
  ///
  /// @throws StackFault when it doesn't, with the end of its log
  public void awaitReady() {
    Deadline.in(START_MAX)
        .await(
            () -> {
              if (!process.isAlive()) {
                throw died();
              }
              return ready();
            },
            () -> {
              throw new StackFault(
                  name
                      + " was not ready after "
                      + START_MAX.toSeconds()
                      + " s. The end of "
                      + log
                      + ":\n"
                      + logTail());
            });
  }

  /// Whether `/q/health/ready` says so.
  public boolean ready() {
    return healthy("/q/health/ready");
  }

  /// Whether `/q/health/live` says so.
  public boolean live() {
    return healthy("/q/health/live");
  }

  private boolean healthy(String path) {
    try {
      var request = HttpRequest.newBuilder(management.resolve(path)).timeout(ANSWER_MAX).build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // whoever waits for it hears of it at the next pause
      return false;
    }
  }

  private StackFault died() {
    return new StackFault(
        name
            + " died with exit code "
            + process.exitValue()
            + ". The end of "
            + log
            + ":\n"
            + logTail());
  }

  /// The root of what it answers.
  public URI url() {
    return url;
  }

  /// The root of what it answers about itself.
  public URI management() {
    return management;
  }

  public String name() {
    return name;
  }

  public boolean alive() {
    return process.isAlive();
  }

  /// Done when the process has ended, with a sentence that says how.
  public CompletableFuture<String> ended() {
    return process.onExit().thenApply(_ -> died().getMessage());
  }

  private String logTail() {
    return LogTail.of(log, 25);
  }

  @Override
  public String toString() {
    return name + " process " + process.pid() + " at " + url;
  }
}
