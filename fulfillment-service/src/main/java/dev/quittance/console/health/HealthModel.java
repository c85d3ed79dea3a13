package dev.quittance.console.health;

import dev.quittance.console.Labels;
import dev.quittance.fulfillment.broker.KafkaStatus.Lag;
import dev.quittance.fulfillment.clients.ServiceReply;
import dev.quittance.messaging.outbox.Inspection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the page of health says, in its words.
public final class HealthModel {

  private HealthModel() {}

  /// A part of the page.
  ///
  /// @param name in its address
  public record Panel(String name, String title) {}

  /// Whether something works.
  public record Service(String name, String tone, String standing, String what) {

    static Service of(String name, boolean ready, String what) {
      return new Service(name, ready ? "good" : "bad", ready ? "ready" : "away or not ready", what);
    }
  }

  /// How far a consumer group is behind on one topic.
  ///
  /// @param idle whether nothing waits
  public record Group(
      String name, String topic, String lag, boolean idle, List<Partition> partitions) {

    static List<Group> of(List<Lag> lags) {
      var byPlace = new LinkedHashMap<List<String>, List<Lag>>();
      for (Lag lag : lags) {
        byPlace.computeIfAbsent(List.of(lag.group(), lag.topic()), _ -> new ArrayList<>()).add(lag);
      }
      return byPlace.entrySet().stream()
          .map(entry -> {
            long sum = entry.getValue().stream().mapToLong(Lag::lag).sum();
            return new Group(
                entry.getKey().getFirst(),
                entry.getKey().getLast(),
                Labels.number(sum),
                sum == 0,
                entry.getValue().stream().map(Partition::of).toList());
          })
          .toList();
    }
  }

  /// How far a group is behind on one partition.
  public record Partition(String number, String end, String committed, String lag) {

    static Partition of(Lag lag) {
      return new Partition(
          Integer.toString(lag.partition()),
          Labels.number(lag.end()),
          lag.committed() < 0 ? "never" : Labels.number(lag.committed()),
          Labels.number(lag.lag()));
    }
  }

  /// What waits in the outbox of a service.
  public record Waiting(String service, String rows, String age, String tone, String trouble) {

    /// The relay publishes within a second; its alert fires at five minutes.
    private static final Duration LATE = Duration.ofSeconds(30);

    static Waiting of(String service, ServiceReply<Inspection> reply, Instant now) {
      return switch (reply) {
        case ServiceReply.Got<Inspection>(var inspection) -> {
          Instant oldest = inspection.oldestAt();
          boolean late = oldest != null && Duration.between(oldest, now).compareTo(LATE) > 0;
          yield new Waiting(
              service,
              (inspection.waiting() == Inspection.WAITING_MAX ? "at least " : "")
                  + Labels.number(inspection.waiting()),
              oldest == null ? "none waiting" : Labels.duration(Duration.between(oldest, now)),
              late ? "bad" : "good",
              "");
        }
        case ServiceReply.Refused<Inspection>(_, _, var sentence) ->
            new Waiting(service, "", "", "", sentence);
        case ServiceReply.Away<Inspection>(var sentence) ->
            new Waiting(service, "", "", "", sentence);
      };
    }
  }

  /// The count of one hop: what a service took from one topic, and what became of it.
  ///
  /// @param accepted all offsets of the topic since counting began
  /// @param inFlight what was accepted and is not counted yet
  /// @param verdict whether all of it adds up
  public record Hop(
      String service,
      String topic,
      String accepted,
      String applied,
      String ignored,
      String duplicate,
      String dead,
      String gaps,
      String inFlight,
      String verdict,
      String tone,
      String trouble) {

    static List<Hop> of(
        String group, String service, ServiceReply<Inspection> reply, @Nullable List<Lag> lags) {
      return switch (reply) {
        case ServiceReply.Got<Inspection>(var inspection) -> of(group, service, inspection, lags);
        case ServiceReply.Refused<Inspection>(_, _, var sentence) ->
            List.of(away(service, sentence));
        case ServiceReply.Away<Inspection>(var sentence) -> List.of(away(service, sentence));
      };
    }

    private static List<Hop> of(
        String group, String service, Inspection inspection, @Nullable List<Lag> lags) {
      return inspection.ledger().stream()
          .map(Inspection.Line::topic)
          .distinct()
          .map(topic ->
              of(
                  group,
                  service,
                  topic,
                  inspection.ledger().stream().filter(line -> line.topic().equals(topic)).toList(),
                  lags))
          .toList();
    }

    private static Hop of(
        String group,
        String service,
        String topic,
        List<Inspection.Line> lines,
        @Nullable List<Lag> lags) {
      long applied = lines.stream().mapToLong(Inspection.Line::applied).sum();
      long ignored = lines.stream().mapToLong(Inspection.Line::ignored).sum();
      long duplicate = lines.stream().mapToLong(Inspection.Line::duplicate).sum();
      long dead = lines.stream().mapToLong(Inspection.Line::dead).sum();
      long gaps = lines.stream().mapToLong(Inspection.Line::gaps).sum();
      long passed = lines.stream().mapToLong(line -> line.next() - line.first()).sum();
      long sum = applied + ignored + duplicate + dead + gaps;
      boolean whole = sum == passed;
      @Nullable Long accepted = lags == null ? null : accepted(group, topic, lines, lags);
      return new Hop(
          service,
          topic,
          accepted == null ? Labels.NOTHING : Labels.number(accepted),
          Labels.number(applied),
          Labels.number(ignored),
          Labels.number(duplicate),
          Labels.number(dead),
          Labels.number(gaps),
          accepted == null ? Labels.NOTHING : Labels.number(Math.max(0, accepted - passed)),
          verdict(whole, accepted, passed),
          whole && (accepted == null || accepted >= passed) ? "good" : "bad",
          "");
    }

    private static String verdict(boolean whole, @Nullable Long accepted, long passed) {
      if (!whole || (accepted != null && accepted < passed)) {
        return "not balanced";
      }
      if (accepted == null) {
        return "balanced, as far as is known";
      }
      return accepted == passed ? "balanced, nothing in flight" : "balanced";
    }

    /// What was written to the partitions since they are counted.
    private static long accepted(
        String group, String topic, List<Inspection.Line> lines, List<Lag> lags) {
      long accepted = 0;
      for (Lag lag : lags) {
        if (lag.group().equals(group) && lag.topic().equals(topic)) {
          long first =
              lines.stream()
                  .filter(line -> line.partition() == lag.partition())
                  .mapToLong(Inspection.Line::first)
                  .findFirst()
                  // of a partition that was never read, what the group counts as its lag
                  .orElse(lag.end() - lag.lag());
          accepted += lag.end() - first;
        }
      }
      return accepted;
    }

    private static Hop away(String service, String trouble) {
      return new Hop(
          service, "", "", "", "", "", "", "", "", "", "", Objects.requireNonNull(trouble));
    }
  }
}
