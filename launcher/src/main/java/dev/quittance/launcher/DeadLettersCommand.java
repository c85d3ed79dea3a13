package dev.quittance.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.messaging.deadletter.BrokerUnavailable;
import dev.quittance.messaging.deadletter.DeadLetterContent;
import dev.quittance.messaging.deadletter.DeadLetterFilter;
import dev.quittance.messaging.deadletter.DeadLetterId;
import dev.quittance.messaging.deadletter.DeadLetterPage;
import dev.quittance.messaging.deadletter.DeadLetterResult;
import dev.quittance.messaging.deadletter.DeadLetterService;
import dev.quittance.messaging.deadletter.RedriveCounts;
import dev.quittance.messaging.deadletter.StoredDeadLetter;
import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Deals with dead letters.
final class DeadLettersCommand {

  private DeadLettersCommand() {}

  /// The commands that there are.
  @Command(
      name = "dead-letters",
      mixinStandardHelpOptions = true,
      description = {
        "Look through what could not be processed, send it back, or discard it.",
        "",
        "Repair the cause first, or it comes back. Sending back twice changes nothing.",
        ""
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./quittance dead-letters list",
        "  ./quittance dead-letters list --reason poison --from 24h --json",
        "  ./quittance dead-letters show payments.webhooks.v1.quittance-translate.dlq:3:17",
        "  ./quittance dead-letters redrive payments.webhooks.v1.quittance-translate.dlq:3:17",
        "  ./quittance dead-letters redrive --reason poison",
        "  ./quittance dead-letters discard --reason unprocessable --to 2026-11-20",
        "",
        "Exit codes: 0 done, 1 failed or not all of it, 2 invalid usage."
      },
      subcommands = {Listing.class, Show.class, Redrive.class, Discard.class})
  static final class All extends CommandGroup {}

  /// Which letters are meant.
  static final class Which {

    @Option(
        names = "--topic",
        paramLabel = "TOPIC",
        description = "Of this topic: the dead letters' own, or where the records come from.")
    private @Nullable String topic;

    @Option(
        names = "--reason",
        paramLabel = "REASON",
        description = "For this reason, such as unreadable, payment_unknown or poison.")
    private @Nullable String reason;

    @Option(names = "--from", paramLabel = "TIME", description = "Since: " + Moments.FORMS)
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Until.")
    private @Nullable String to;

    boolean given() {
      return topic != null || reason != null || from != null || to != null;
    }

    DeadLetterFilter filter(boolean settledToo, Output output) {
      return new DeadLetterFilter(
          topic, reason, moment("--from", from, output), moment("--to", to, output), settledToo);
    }

    private static @Nullable Instant moment(String option, @Nullable String text, Output output) {
      return text == null ? null : Moments.given(option, text, output);
    }
  }

  /// What all of them need.
  abstract static class DeadLetterCommand implements Callable<Integer> {

    @Mixin private final Brokers brokers = new Brokers();

    @Mixin final Output output = new Output();

    @Override
    public Integer call() {
      try (var service = DeadLetterService.over(brokers.client(), Clock.systemUTC())) {
        return call(service);
      } catch (BrokerUnavailable e) {
        throw new NotReachable(e.getMessage() + ": " + brokers.servers(), true, e);
      }
    }

    abstract int call(DeadLetterService service);

    DeadLetterId id(String text) {
      return DeadLetterId.parse(text)
          .orElseThrow(() ->
              output.misused(
                  "A letter's name is like payments.events.v1.quittance-receipts.dlq:3:17."));
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List dead letters, the newest first.")
  static final class Listing extends DeadLetterCommand {

    @Mixin private final Which which = new Which();

    @Option(names = "--all", description = "Also those that somebody has dealt with.")
    private boolean all;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "How many at most, up to 500. Default: ${DEFAULT-VALUE}")
    private int limit = 50;

    @Override
    int call(DeadLetterService service) {
      if (limit < 1 || limit > DeadLetterService.PAGE_MAX) {
        throw output.misused("--limit is from 1 to " + DeadLetterService.PAGE_MAX + ".");
      }
      DeadLetterPage page = service.list(which.filter(all, output), limit, null);
      if (output.json()) {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        json.put("total", page.total());
        var letters = json.putArray("letters");
        page.letters().forEach(letter -> letters.add(json(letter)));
        output.say(json);
        return 0;
      }
      if (page.letters().isEmpty()) {
        output.say("There are none.");
        return 0;
      }
      var table = new Table("LETTER", "AT", "REASON", "KEY", all ? "" : "DETAIL");
      for (StoredDeadLetter letter : page.letters()) {
        table.row(
            letter.id().toString(),
            letter.at().toString(),
            letter.reason(),
            letter.key() == null ? "" : letter.key(),
            all ? standing(letter) : letter.detail());
      }
      table.lines().forEach(output::say);
      if (page.total() > page.letters().size() || page.forgotten() > 0) {
        output.remark(
            "These are %d of %d; a higher --limit or a narrower question shows others."
                .formatted(page.letters().size(), page.total() + page.forgotten()));
      }
      return 0;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show a dead letter: why it is one, its headers, its body.")
  static final class Show extends DeadLetterCommand {

    @Parameters(paramLabel = "LETTER", description = "Its name, as list tells it.")
    private String name = "";

    @Option(
        names = "--reveal",
        description = "The body as it is, with whatever it says about a customer.")
    private boolean reveal;

    @Override
    int call(DeadLetterService service) {
      DeadLetterContent content =
          service.show(id(name)).orElseThrow(() -> new StackFault("There is no such dead letter."));
      ObjectNode json = json(content.letter());
      ObjectNode headers = json.putObject("headers");
      content
          .headers()
          .forEach(header ->
              headers.put(
                  header.name(),
                  header.value() == null ? null : new String(header.value(), UTF_8)));
      json.set("body", body(content));
      if (content.missing() != null) {
        json.put("missing", content.missing());
      }
      if (output.json()) {
        output.say(json);
        return 0;
      }
      json.properties()
          .forEach(field ->
              output.say(
                  field.getValue().isContainerNode()
                      ? field.getKey() + ":\n" + field.getValue().toPrettyString()
                      : field.getKey() + ": " + Output.plain(field.getValue().asText())));
      return 0;
    }

    /// What isn't JSON can't be masked.
    private @Nullable JsonNode body(DeadLetterContent content) {
      byte[] value = content.value();
      if (value == null) {
        return null;
      }
      try {
        JsonNode read = WireFormat.mapper().readTree(value);
        if (reveal) {
          return read;
        }
        return content.letter().id().topic().startsWith(Topic.FULFILLMENT_LETTERS.topicName())
            ? Masked.wholly(read)
            : Masked.of(read);
      } catch (IOException _) {
        return WireFormat.mapper()
            .getNodeFactory()
            .textNode(
                reveal
                    ? Output.plain(new String(value, UTF_8))
                    : value.length + " bytes that are no JSON; --reveal shows them");
      }
    }
  }

  /// One letter by its name, or all of a filter.
  abstract static class Settling extends DeadLetterCommand {

    /// What is done with one of them.
    @FunctionalInterface
    interface Settle {
      DeadLetterResult settle(DeadLetterService service, DeadLetterId id, String by);
    }

    /// What is done with all of a filter.
    @FunctionalInterface
    interface SettleAll {
      RedriveCounts settle(
          DeadLetterService service,
          DeadLetterFilter filter,
          String by,
          RedriveCounts.Progress progress);
    }

    @Parameters(
        paramLabel = "LETTER",
        arity = "0..*",
        description = "Their names, as list tells them; or say which by the options.")
    private List<String> names = List.of();

    @Mixin private final Which which = new Which();

    @Option(names = "--all", description = "All that are open.")
    private boolean all;

    private final String done;
    private final Settle settle;
    private final SettleAll settleAll;

    Settling(String done, Settle settle, SettleAll settleAll) {
      this.done = done;
      this.settle = settle;
      this.settleAll = settleAll;
    }

    @Override
    int call(DeadLetterService service) {
      String by = System.getProperty("user.name", "unknown") + " (command line)";
      if (!names.isEmpty()) {
        if (which.given() || all) {
          throw output.misused("Say which by their names or by options, not both.");
        }
        return one(service, names.stream().map(this::id).toList(), by);
      }
      if (!which.given() && !all) {
        throw output.misused(
            "Which? Name letters, or say --reason, --topic, --from, --to or --all.");
      }
      return many(service, which.filter(false, output), by);
    }

    private int one(DeadLetterService service, List<DeadLetterId> ids, String by) {
      int bad = 0;
      var results = WireFormat.mapper().createArrayNode();
      for (DeadLetterId id : ids) {
        DeadLetterResult settlement = settle.settle(service, id, by);
        String sentence =
            switch (settlement) {
              case DeadLetterResult.Redriven(var topic, var partition, var offset) ->
                  "sent back, now " + topic + ":" + partition + ":" + offset;
              case DeadLetterResult.Discarded() -> "discarded";
              case DeadLetterResult.SettledBefore(var how) ->
                  "was " + how.how().wireName() + " before, by " + how.by();
              case DeadLetterResult.Unknown() -> "there is no such dead letter";
              case DeadLetterResult.Refused(var why) -> "stays open: " + why;
            };
        boolean good =
            settlement instanceof DeadLetterResult.Redriven
                || settlement instanceof DeadLetterResult.Discarded
                || settlement instanceof DeadLetterResult.SettledBefore;
        bad += good ? 0 : 1;
        results.addObject().put("letter", id.toString()).put("good", good).put("what", sentence);
        if (!output.json()) {
          output.say(id + ": " + Output.plain(sentence));
        }
      }
      if (output.json()) {
        output.say(results);
      }
      return bad == 0 ? 0 : 1;
    }

    private int many(DeadLetterService service, DeadLetterFilter filter, String by) {
      int open = service.list(filter, 1, null).total();
      RedriveCounts counts;
      try (var progress = Progress.of("Dead letters", open)) {
        counts = settleAll.settle(service, filter, by, (letters, _) -> progress.at(letters));
      }
      if (output.json()) {
        output.say(WireFormat.mapper().<JsonNode>valueToTree(counts));
      } else {
        output.say(
            "%d %s, %d had been dealt with, %d stay open"
                .formatted(counts.settled(), done, counts.before(), counts.refused().size()));
        counts.refused().forEach(refusal -> output.say("  " + refusal.id() + ": " + refusal.why()));
      }
      return counts.refused().isEmpty() ? 0 : 1;
    }
  }

  @Command(
      name = "redrive",
      mixinStandardHelpOptions = true,
      description = "Send the records of dead letters back to where they came from.")
  static final class Redrive extends Settling {

    Redrive() {
      super("sent back", DeadLetterService::redrive, DeadLetterService::redriveAll);
    }
  }

  @Command(
      name = "discard",
      mixinStandardHelpOptions = true,
      description = "Mark dead letters as needing nothing.")
  static final class Discard extends Settling {

    Discard() {
      super("discarded", DeadLetterService::discard, DeadLetterService::discardAll);
    }
  }

  private static String standing(StoredDeadLetter letter) {
    return switch (letter.standing()) {
      case StoredDeadLetter.Open() -> "open";
      case StoredDeadLetter.Settled(var how, _, var by) -> how.wireName() + " by " + by;
    };
  }

  private static ObjectNode json(StoredDeadLetter letter) {
    return WireFormat.mapper()
        .createObjectNode()
        .put("letter", letter.id().toString())
        .put("at", letter.at().toString())
        .put("reason", letter.reason())
        .put("detail", letter.detail())
        .put("origin", letter.origin() == null ? null : letter.origin().toString())
        .put("group", letter.group())
        .put("key", letter.key())
        .put("eventId", letter.eventId())
        .put("eventType", letter.eventType())
        .put("bytes", letter.bytes())
        .put("standing", standing(letter));
  }
}
