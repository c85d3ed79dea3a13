package dev.quittance.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.quittance.contracts.Topic;
import dev.quittance.testkit.LocalKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples in the documents, run as anybody would run them. They are killed between the acts
/// and come back with all offsets lost: what they have written down is all that they know.
class SubscribersTest {

  private static final Path EXAMPLES = Path.of("../docs/examples");

  /// A JVM and a group to join, while the other core is busy.
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /// What is not due would come with what is: they are read together.
  private static final Duration QUIET = Duration.ofSeconds(1);

  private static final int NPM_SECONDS_MAX = 120;

  @Test
  void theJavaSubscriberCompletesEachOrderOnceThoughItIsKilled(@TempDir Path directory) {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "example.shipping.ShippingSubscriber");

    assertThat(faults("java", command, directory)).isEmpty();
  }

  @Test
  void theNodeSubscriberCompletesEachOrderOnceThoughItIsKilled(@TempDir Path directory)
      throws Exception {
    Path example = EXAMPLES.resolve("subscriber-node").toAbsolutePath().normalize();
    assumeThat(succeeds(List.of("node", "--version"), example)).as("Node.js is there").isTrue();
    assumeThat(
            Files.isDirectory(example.resolve("node_modules/kafkajs"))
                || succeeds(List.of("npm", "ci", "--no-audit", "--no-fund"), example))
        .as("its one library is there")
        .isTrue();

    assertThat(
            faults("node", List.of("node", example.resolve("subscriber.js").toString()), directory))
        .isEmpty();
  }

  /// What a subscriber does wrong, case by case.
  private static List<String> faults(String name, List<String> command, Path directory) {
    LocalKafka kafka = LocalKafka.shared();
    String events = "conformance." + name + ".events";
    String commands = "conformance." + name + ".commands";
    kafka.createTopics(
        List.of(new Topic.Spec(events, 3, Map.of()), new Topic.Spec(commands, 3, Map.of())));
    Map<String, String> settings =
        Map.of(
            "KAFKA_BOOTSTRAP_SERVERS",
            kafka.bootstrapServers(),
            "EVENTS_TOPIC",
            events,
            "COMMANDS_TOPIC",
            commands,
            "JOURNAL",
            directory.resolve("shipments.jsonl").toString());
    var plan = new Conformance.Plan(kafka.bootstrapServers(), events, commands, PATIENCE, QUIET);
    try (var subscriber = new Subscriber(command, settings, directory)) {
      return new Conformance(plan, "run", Instant.EPOCH, line -> between(line, subscriber))
          .play().stream()
              .flatMap(
                  result -> result.faults().stream().map(fault -> result.played() + ": " + fault))
              .toList();
    }
  }

  /// It dies when an act is over, however often the waiting is reported.
  private static void between(String line, Subscriber subscriber) {
    if (line.startsWith("act ")) {
      subscriber.killAndStart();
    }
  }

  @Test
  void whereNobodyAnswersTheFirstActIsTheLast() {
    LocalKafka kafka = LocalKafka.shared();
    String events = "conformance.nobody.events";
    String commands = "conformance.nobody.commands";
    kafka.createTopics(
        List.of(new Topic.Spec(events, 3, Map.of()), new Topic.Spec(commands, 3, Map.of())));
    var lines = new ArrayList<String>();
    var plan =
        new Conformance.Plan(
            kafka.bootstrapServers(), events, commands, Duration.ofSeconds(1), Duration.ZERO);

    List<Conformance.Result> results =
        new Conformance(plan, "run", Instant.EPOCH, lines::add).play();

    assertThat(lines).anyMatch(line -> line.startsWith("act 1"));
    assertThat(lines).noneMatch(line -> line.startsWith("act 2"));
    assertThat(lines.getLast()).startsWith("nobody sent a command to " + commands);
    assertThat(results).anyMatch(result -> result.faults().contains("wasn't completed"));
  }

  private static boolean succeeds(List<String> command, Path directory) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(NPM_SECONDS_MAX, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (IOException _) {
      return false; // there is no such program
    }
  }

  /// A process that dies without farewell.
  private static final class Subscriber implements AutoCloseable {

    private final ProcessBuilder builder;
    private final Path directory;
    private int lives;
    private Process process;

    Subscriber(List<String> command, Map<String, String> settings, Path directory) {
      this.builder = new ProcessBuilder(command);
      this.builder.environment().putAll(settings);
      this.directory = directory;
      this.process = start();
    }

    void killAndStart() {
      kill();
      process = start();
    }

    /// In a group of its own, so that it starts from nothing but its journal.
    private Process start() {
      lives++;
      builder.environment().put("GROUP_ID", directory.getFileName() + "-" + lives);
      builder.redirectErrorStream(true);
      builder.redirectOutput(directory.resolve("life-" + lives + ".log").toFile());
      try {
        return builder.start();
      } catch (IOException e) {
        throw new AssertionError("the subscriber can't be started", e);
      }
    }

    private void kill() {
      process.destroyForcibly();
      process.onExit().join();
    }

    @Override
    public void close() {
      kill();
    }
  }
}
