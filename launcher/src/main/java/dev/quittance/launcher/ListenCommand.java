package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.messaging.Pause;
import dev.quittance.messaging.kafka.KafkaHeaders;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Shows events as they happen.
@Command(
    name = "listen",
    mixinStandardHelpOptions = true,
    description = {
      "Show events as they happen, a line each, until Ctrl-C.",
      "",
      "Nothing is taken from anybody: it reads beside the services. Who a customer is",
      "stays masked. Colors follow the terminal; NO_COLOR turns them off.",
      "",
      "With --forward-to events are posted to a server of yours, too: as CloudEvents in",
      "JSON, signed by Standard Webhooks, in order for each order, each until your server",
      "answers 2xx. For trying out; who must lose none across restarts reads the topic.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance listen",
      "  ./quittance listen --topic payments --topic receipts",
      "  ./quittance listen --order stripe:pi_3Qx --since 1h",
      "  ./quittance listen --json --count 10",
      "  ./quittance listen --forward-to http://127.0.0.1:3000/hooks",
      "",
      "Exit codes: 0 all that was asked for was seen, 1 failed, 2 invalid usage."
    })
final class ListenCommand implements Callable<Integer> {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  /// What people call the topics.
  private static final Map<String, Topic> NAMES = names();

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description =
          "webhooks, payments, fulfillment, orders, commands, receipts, or any by its whole name;"
              + " may be repeated. Otherwise all but orders.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = "--order",
      paramLabel = "ID",
      description = "Only what is about this order, such as stripe:pi_3Qx.")
  private @Nullable String order;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Begin with the past: " + Moments.FORMS)
  private @Nullable String since;

  @Option(
      names = "--forward-to",
      paramLabel = "URL",
      description =
          "Post each event to this address. Otherwise of fulfillment only; --topic says of which"
              + " else, and webhooks are the provider's to send.")
  private @Nullable URI forwardTo;

  @Option(
      names = "--forward-secret",
      paramLabel = "FILE",
      description =
          "Sign what is forwarded with this secret, whsec_ and base64; otherwise with the one in"
              + " .quittance/forward-secret, which is made the first time.")
  private @Nullable Path forwardSecret;

  @Option(names = "--count", paramLabel = "N", description = "End after so many.")
  private @Nullable Integer count;

  @Mixin private final Brokers brokers = new Brokers();

  @Mixin private final Output output = new Output();

  /// What is a CloudEvent of ours.
  private static final List<String> FORWARDED =
      List.of(
          Topic.PAYMENT_EVENTS.topicName(),
          Topic.FULFILLMENT_EVENTS.topicName(),
          Topic.FULFILLMENT_ORDERS.topicName(),
          Topic.RECEIPT_EVENTS.topicName());

  /// Before the names of a CloudEvent's attributes among a record's headers.
  private static final String ATTRIBUTE = "ce_";

  private static Map<String, Topic> names() {
    var names = new LinkedHashMap<String, Topic>();
    names.put("webhooks", Topic.WEBHOOKS);
    names.put("payments", Topic.PAYMENT_EVENTS);
    names.put("fulfillment", Topic.FULFILLMENT_EVENTS);
    names.put("commands", Topic.FULFILLMENT_COMMANDS);
    names.put("receipts", Topic.RECEIPT_EVENTS);
    names.put("orders", Topic.FULFILLMENT_ORDERS);
    return names;
  }

  @Override
  public Integer call() {
    if (count != null && count < 1) {
      throw output.misused("--count is at least 1.");
    }
    Instant begin = since == null ? null : Moments.given("--since", since, output);
    try (var forwarder = forwarder();
        var live = LiveTopics.open(brokers.client(), wanted(), begin)) {
      output.remark("Listening to " + String.join(", ", wanted()) + ". Ctrl-C ends it.");
      for (int seen = 0; count == null || seen < count; ) {
        for (ConsumerRecord<byte[], byte[]> found : live.next()) {
          if (isMeant(found) && (count == null || seen < count)) {
            tell(found);
            if (forwarder != null) {
              forwarder.forward(event(found));
            }
            seen++;
          }
        }
      }
    }
    return 0;
  }

  private @Nullable EventForwarder forwarder() {
    URI url = forwardTo;
    if (url == null) {
      if (forwardSecret != null) {
        throw output.misused("--forward-secret is for --forward-to.");
      }
      return null;
    }
    if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
      throw output.misused("--forward-to is an address such as http://127.0.0.1:3000/hooks.");
    }
    if (!FORWARDED.containsAll(wanted())) {
      throw output.misused(
          "--forward-to takes events of the topics payments, fulfillment, orders and receipts.");
    }
    ForwardSecret secret =
        forwardSecret == null
            ? ForwardSecret.kept(Repository.home().resolve("forward-secret"))
            : ForwardSecret.in(forwardSecret);
    output.remark("Forwarding to " + url + ", signed with the secret in " + secret.path() + ".");
    return new EventForwarder(
        url,
        secret,
        Clock.systemUTC(),
        Pause.REAL,
        line -> output.remark("  → " + Output.plain(line)));
  }

  private static EventForwarder.Event event(ConsumerRecord<byte[], byte[]> found) {
    var attributes = new TreeMap<String, String>();
    for (Header header : found.headers()) {
      if (header.key().startsWith(ATTRIBUTE) && header.value() != null) {
        attributes.put(header.key().substring(ATTRIBUTE.length()), text(header.value()));
      }
    }
    return new EventForwarder.Event(
        text(found.key()),
        attributes.getOrDefault(
            "id", found.topic() + "/" + found.partition() + "/" + found.offset()),
        type(found),
        attributes,
        data(found));
  }

  private List<String> wanted() {
    if (topics.isEmpty() && forwardTo != null) {
      return List.of(Topic.FULFILLMENT_EVENTS.topicName());
    }
    if (topics.isEmpty()) {
      return NAMES.values().stream()
          .filter(topic -> topic != Topic.FULFILLMENT_ORDERS)
          .map(Topic::topicName)
          .toList();
    }
    return topics.stream().map(this::topic).distinct().toList();
  }

  private String topic(String name) {
    Topic known = NAMES.get(name);
    if (known != null) {
      return known.topicName();
    }
    // what only the letter writer may know is not for a screen
    boolean secret = name.startsWith(Topic.FULFILLMENT_LETTERS.topicName());
    if (secret || Topic.all().stream().noneMatch(spec -> spec.name().equals(name))) {
      throw output.misused(
          "There is no topic "
              + name
              + ": "
              + String.join(", ", NAMES.keySet())
              + ", or the whole name of one.");
    }
    return name;
  }

  private boolean isMeant(ConsumerRecord<byte[], byte[]> found) {
    return order == null
        || order.equals(text(found.key()))
        || order.equals(header(found, "ce_subject").orElse(null));
  }

  private void tell(ConsumerRecord<byte[], byte[]> found) {
    if (output.json()) {
      output.sayOnOneLine(json(found));
      return;
    }
    String type = type(found);
    String at =
        CLOCK.format(Instant.ofEpochMilli(found.timestamp()).atZone(ZoneId.systemDefault()));
    String origin =
        header(found, "ce_origin")
            .filter(how -> !how.equals("webhook"))
            .map(how -> " " + how)
            .orElse("");
    output.say(
        "%s %s %s %s%s%s"
            .formatted(
                output.colored(Style.faint, at),
                output.colored(color(found.topic()), "%-11s".formatted(shortName(found.topic()))),
                output.colored(Style.bold, "%-36s".formatted(Output.plain(type))),
                Output.plain(text(found.key())),
                Output.plain(amount(found)),
                output.colored(Style.fg_yellow, Output.plain(origin))));
  }

  /// The provider's name of a webhook's event, or ours without what all begin with.
  private static String type(ConsumerRecord<byte[], byte[]> found) {
    return header(found, "webhook_event_type")
        .or(() ->
            header(found, "ce_type")
                .map(type ->
                    type.replaceFirst("^dev\\.quittance\\.", "").replaceFirst("\\.v1$", "")))
        .orElse(found.value() == null ? "tombstone" : "unknown");
  }

  private static Style color(String topic) {
    return topic.endsWith(".dlq")
        ? Style.fg_red
        : switch (topic.substring(0, topic.indexOf('.'))) {
          case "payments" -> topic.contains("webhooks") ? Style.fg_blue : Style.fg_cyan;
          case "receipts" -> Style.fg_magenta;
          default -> Style.fg_green;
        };
  }

  private static String shortName(String topic) {
    return NAMES.entrySet().stream()
        .filter(name -> name.getValue().topicName().equals(topic))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(topic.endsWith(".dlq") ? "dead" : topic.endsWith(".retry") ? "retry" : topic);
  }

  private static String amount(ConsumerRecord<byte[], byte[]> found) {
    if (found.topic().startsWith(Topic.WEBHOOKS.topicName())) {
      return "";
    }
    JsonNode data = data(found);
    for (String where : List.of("/amount", "/details/amount", "/order/amount")) {
      JsonNode amount = data.at(where);
      if (amount.hasNonNull("minorUnits")) {
        return "  " + Output.money(amount);
      }
    }
    return "";
  }

  /// A webhook's body is the provider's and is left out; everything else is masked.
  private static ObjectNode json(ConsumerRecord<byte[], byte[]> found) {
    ObjectNode json = WireFormat.mapper().createObjectNode();
    json.put("topic", found.topic());
    json.put("partition", found.partition());
    json.put("offset", found.offset());
    json.put("time", Instant.ofEpochMilli(found.timestamp()).toString());
    json.put("key", text(found.key()));
    ObjectNode headers = json.putObject("headers");
    Arrays.stream(found.headers().toArray())
        .filter(header -> header.value() != null)
        .forEach(header -> headers.put(header.key(), text(header.value())));
    json.put("bytes", found.value() == null ? 0 : found.value().length);
    if (!found.topic().startsWith(Topic.WEBHOOKS.topicName())) {
      json.set("data", Masked.of(data(found)));
    }
    return json;
  }

  private static JsonNode data(ConsumerRecord<byte[], byte[]> found) {
    try {
      return found.value() == null
          ? WireFormat.mapper().nullNode()
          : WireFormat.mapper().readTree(found.value());
    } catch (IOException _) {
      return WireFormat.mapper().nullNode();
    }
  }

  private static Optional<String> header(ConsumerRecord<byte[], byte[]> found, String name) {
    return Optional.ofNullable(KafkaHeaders.text(found.headers(), name));
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
