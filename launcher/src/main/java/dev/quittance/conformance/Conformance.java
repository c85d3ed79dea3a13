package dev.quittance.conformance;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.messaging.kafka.KafkaHeaders;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.StackFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Plays all cases to a subscriber and watches what it commands.
public final class Conformance {

  /// Nobody should wonder whether anything goes on.
  private static final Duration REPORT_EVERY = Duration.ofSeconds(5);

  private final Plan plan;
  private final List<Trial> trials;
  private final Consumer<String> progress;
  private boolean heard;

  /// @param topic where the subscriber reads
  /// @param commandsTopic where it answers, or null if nobody is to watch
  /// @param patience for how long an act waits for the answers that are due
  /// @param quiet for how long it then waits for answers that are not
  public record Plan(
      String bootstrapServers,
      String topic,
      @Nullable String commandsTopic,
      Duration patience,
      Duration quiet) {}

  /// What became of a case.
  ///
  /// @param faults what the subscriber did wrong, in sentences
  public record Result(Case played, List<String> faults) {
    public Result {
      faults = List.copyOf(faults);
    }
  }

  /// @param run names this run's orders, so that earlier ones don't matter
  /// @param progress is told what is going on
  public Conformance(Plan plan, String run, Instant now, Consumer<String> progress) {
    this.plan = plan;
    this.trials = Arrays.stream(Case.values()).map(played -> new Trial(played, run, now)).toList();
    this.progress = progress;
  }

  /// Plays the three acts.
  ///
  /// @throws StackFault when the brokers are away
  public List<Result> play() {
    try (var conversation =
        Conversation.open(plan.bootstrapServers(), plan.topic(), plan.commandsTopic(), progress)) {
      act("act 1, what happens", conversation, Trial::first);
      if (plan.commandsTopic() != null && !heard) {
        progress.accept(
            "nobody sent a command to " + plan.commandsTopic() + ": acts 2 and 3 are left out");
      } else {
        act("act 2, what follows", conversation, Trial::second);
        act("act 3, all of it once more", conversation, Trial::third);
      }
    } catch (KafkaException | ExecutionException e) {
      throw new StackFault(
          "Kafka at " + plan.bootstrapServers() + " doesn't answer, or refuses", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted", e);
    }
    return trials.stream().map(trial -> new Result(trial.played(), trial.verdict())).toList();
  }

  private void act(String name, Conversation conversation, Consumer<Trial> part)
      throws ExecutionException, InterruptedException {
    trials.forEach(part);
    List<Publisher.Telling> records = inTurns();
    progress.accept(name + ": " + records.size() + " records");
    conversation.tell(records);
    if (plan.commandsTopic() == null) {
      // nobody watches: the subscriber's time to answer before things go on
      var _ = Deadline.in(plan.quiet()).meets(() -> false);
      return;
    }
    listen(conversation, plan.patience(), true);
    listen(conversation, plan.quiet(), false);
  }

  /// The records of all orders in turns: each order's own stay in their order.
  private List<Publisher.Telling> inTurns() {
    List<List<Publisher.Telling>> queues =
        trials.stream().map(trial -> trial.order().take()).toList();
    int longest = queues.stream().mapToInt(List::size).max().orElse(0);
    var records = new ArrayList<Publisher.Telling>();
    for (int turn = 0; turn < longest; turn++) {
      for (List<Publisher.Telling> queue : queues) {
        if (turn < queue.size()) {
          records.add(queue.get(turn));
        }
      }
    }
    return records;
  }

  private void listen(Conversation conversation, Duration time, boolean untilAllAnswered) {
    var deadline = Deadline.in(time);
    var report = Deadline.in(REPORT_EVERY);
    while (!deadline.passed() && !(untilAllAnswered && trials.stream().allMatch(Trial::answered))) {
      conversation.hear().forEach(this::take);
      if (untilAllAnswered && report.passed()) {
        long waiting = trials.stream().filter(trial -> !trial.answered()).count();
        progress.accept("waiting for commands: %d orders to go".formatted(waiting));
        report = Deadline.in(REPORT_EVERY);
      }
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    for (Trial trial : trials) {
      if (trial.order().order().value().equals(record.key())) {
        heard = true;
        take(record, trial);
      }
    }
  }

  private static void take(ConsumerRecord<String, byte[]> record, Trial trial) {
    try {
      CloudEvent command =
          CloudEvent.read(name -> KafkaHeaders.value(record.headers(), name), record.value());
      if (command.subject().equals(trial.order().order())) {
        trial.take(command);
      } else {
        trial.fault("sent a command whose key isn't its ce_subject");
      }
    } catch (UnreadableEvent e) {
      trial.fault("sent a command that can't be read: " + e.getMessage());
    }
  }
}
