package dev.quittance.contracts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The AsyncAPI 3 document, made from the topics, the consumer groups, the records and the
/// examples.
final class AsyncApi {

  /// The version of the contracts: the second number grows with what is added. What breaks is a new
  /// topic or type with a `.v2` of its own, so the first never changes.
  private static final String VERSION = "1.0.0";

  private static final String KAFKA_BINDING = "0.5.0";
  private static final String WEBHOOK = "dev.quittance.webhook.received.v1";
  private static final String DEAD_LETTER = "deadLetter";
  private static final String PARKED = "parked";
  private static final Pattern WORD_START = Pattern.compile("(?:^|[._-])(\\w)");

  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                  .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                  .build())
          .build();

  private AsyncApi() {}

  static String yaml() {
    try {
      return YAML.writeValueAsString(document());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode parsed(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode document() {
    ObjectNode document = object().put("asyncapi", "3.0.0");
    document.set("info", info());
    document.put("defaultContentType", "application/json");
    document
        .putObject("servers")
        .putObject("local")
        .put("host", "127.0.0.1:9092")
        .put("protocol", "kafka")
        .put("description", "The embedded broker of `./quittance up`.");
    document.set("channels", channels());
    document.set("operations", operations());
    ObjectNode components = document.putObject("components");
    components.set("messages", messages());
    components.set("schemas", headerSchemas());
    return document;
  }

  private static ObjectNode info() {
    ObjectNode info =
        object()
            .put("title", "Quittance")
            .put("version", VERSION)
            .put(
                "description",
                "What has to happen after a customer pays. Every record is a CloudEvent 1.0 in the"
                    + " binary mode of the Kafka binding: attributes are headers, the data is the"
                    + " value, and the key is the order's id, so that everything about an order is"
                    + " in one partition. Records come at least once. Unknown fields, types and enum"
                    + " values must be ignored; a break is a new `.v2` topic or type.");
    info.putObject("license")
        .put("name", "Apache-2.0")
        .put("url", "https://www.apache.org/licenses/LICENSE-2.0.txt");
    return info;
  }

  private static ObjectNode channels() {
    ObjectNode channels = object();
    for (Topic topic : Topic.values()) {
      ObjectNode channel = channel(channels, topic.spec(), Docs.of(topic).orElseThrow());
      ObjectNode messages = channel.putObject("messages");
      if (topic == Topic.WEBHOOKS) {
        refer(messages, WEBHOOK);
      }
      examplesOn(topic).forEach(example -> refer(messages, example.type()));
    }
    for (ConsumerGroup group : ConsumerGroup.values()) {
      for (Topic topic : group.reads()) {
        ObjectNode letters =
            channel(
                channels,
                spec(topic.deadLetters(group)).orElseThrow(),
                "What `%s` can't process of `%s`: the records as they were, with headers that say why."
                    .formatted(group.groupName(), topic.topicName()));
        refer(letters.putObject("messages"), DEAD_LETTER);
        spec(topic.retries(group))
            .ifPresent(spec -> {
              String description =
                  "What `%s` will try again later of `%s`: internal."
                      .formatted(group.groupName(), topic.topicName());
              refer(channel(channels, spec, description).putObject("messages"), PARKED);
            });
      }
    }
    return channels;
  }

  private static ObjectNode channel(ObjectNode channels, Topic.Spec spec, String description) {
    ObjectNode channel =
        channels
            .putObject(camel(spec.name()))
            .put("address", spec.name())
            .put("description", description);
    ObjectNode kafka =
        channel
            .putObject("bindings")
            .putObject("kafka")
            .put("topic", spec.name())
            .put("partitions", spec.partitions());
    ObjectNode configuration = kafka.putObject("topicConfiguration");
    spec.settings().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(setting -> {
          if (setting.getKey().equals("cleanup.policy")) {
            ArrayNode policies = configuration.putArray(setting.getKey());
            Arrays.stream(setting.getValue().split(",", -1)).forEach(policies::add);
          } else {
            configuration.put(setting.getKey(), Long.parseLong(setting.getValue()));
          }
        });
    kafka.put("bindingVersion", KAFKA_BINDING);
    return channel;
  }

  private static ObjectNode operations() {
    ObjectNode operations = object();
    for (Topic topic : Topic.values()) {
      if (topic != Topic.FULFILLMENT_COMMANDS) {
        operation(
            operations, "publish", topic, "send", "Quittance publishes to " + topic.topicName());
      }
    }
    for (ConsumerGroup group : ConsumerGroup.values()) {
      for (Topic topic : group.reads()) {
        ObjectNode kafka =
            operation(
                    operations,
                    camel(group.groupName()) + "Reads",
                    topic,
                    "receive",
                    group.groupName() + " reads " + topic.topicName())
                .putObject("bindings")
                .putObject("kafka");
        kafka.putObject("groupId").put("type", "string").putArray("enum").add(group.groupName());
        kafka.put("bindingVersion", KAFKA_BINDING);
      }
    }
    return operations;
  }

  private static ObjectNode operation(
      ObjectNode operations, String verb, Topic topic, String action, String summary) {
    String channel = camel(topic.topicName());
    ObjectNode operation =
        operations
            .putObject(
                verb + channel.substring(0, 1).toUpperCase(Locale.ROOT) + channel.substring(1))
            .put("action", action);
    operation.putObject("channel").put("$ref", "#/channels/" + channel);
    return operation.put("summary", summary);
  }

  private static ObjectNode messages() {
    ObjectNode messages = object();
    message(
            messages,
            WEBHOOK,
            "A verified webhook: the provider's bytes, untouched.",
            "webhookHeaders",
            "`{endpoint}:{event id}`")
        .putObject("payload")
        .put("description", "Whatever the provider sent.");
    for (Examples.Example example : Examples.all()) {
      ObjectNode message =
          message(
              messages,
              example.type(),
              Docs.of(Shapes.of(example.type())).orElseThrow(),
              headersOf(example.topic()),
              example.type().equals(PaymentWithdrawn.TYPE)
                  ? "`{account}:{event id}`"
                  : "the order's id");
      message.putObject("payload").put("$ref", "schemas/" + example.type() + ".json");
      ObjectNode shown = message.putArray("examples").addObject();
      shown.put("name", example.type());
      shown.set("headers", WireFormat.mapper().valueToTree(example.event().headers()));
      shown.set("payload", WireFormat.mapper().valueToTree(example.data()));
    }
    var letter =
        message(
            messages,
            DEAD_LETTER,
            "A record that can't be processed, as it was, with the reason.",
            "deadLetterHeaders",
            "the record's own");
    letter.putObject("payload").put("description", "The record's own value.");
    message(messages, PARKED, "Work that waits for its next attempt.", null, "the order's id")
        .putObject("payload")
        .put("description", "Internal to ingest-service; it may change at any time.");
    return messages;
  }

  private static ObjectNode message(
      ObjectNode messages, String name, String summary, @Nullable String headers, String key) {
    ObjectNode message =
        messages
            .putObject(name)
            .put("name", name)
            .put("summary", summary)
            .put("contentType", "application/json");
    if (headers != null) {
      message.putObject("headers").put("$ref", "#/components/schemas/" + headers);
    }
    ObjectNode kafka = message.putObject("bindings").putObject("kafka");
    kafka.putObject("key").put("type", "string").put("description", key);
    kafka.put("bindingVersion", KAFKA_BINDING);
    return message;
  }

  private static String headersOf(Topic topic) {
    return switch (topic) {
      case WEBHOOKS -> "webhookHeaders";
      case PAYMENT_EVENTS -> "paymentEventHeaders";
      case FULFILLMENT_EVENTS, FULFILLMENT_ORDERS, FULFILLMENT_LETTERS -> "fulfillmentHeaders";
      case FULFILLMENT_COMMANDS -> "commandHeaders";
      case RECEIPT_EVENTS -> "receiptHeaders";
    };
  }

  private static ObjectNode headerSchemas() {
    ObjectNode schemas = object();
    schemas.set("paymentEventHeaders", headers("ce_origin", "ce_translation"));
    schemas.set("fulfillmentHeaders", headers("ce_sequence"));
    schemas.set("receiptHeaders", headers());
    schemas.set("commandHeaders", commandHeaders());
    schemas.set("webhookHeaders", webhookHeaders());
    schemas.set("deadLetterHeaders", deadLetterHeaders());
    return schemas;
  }

  /// The CloudEvents headers, of which `alsoRequired` are always there on a topic besides those
  /// that always are.
  private static ObjectNode headers(String... alsoRequired) {
    ObjectNode schema = object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    header(properties, "ce_specversion", "The version of CloudEvents.").put("const", "1.0");
    header(properties, "ce_id", "The event's id: the same at every repetition.")
        .put("maxLength", EventId.LENGTH_MAX);
    header(properties, "ce_source", "Who published it.");
    header(properties, "ce_type", "The whole type name.");
    header(properties, "ce_time", "When it happened.").put("format", "date-time");
    header(
            properties,
            "ce_subject",
            "The order's id: the record's key as well. Of a withdrawal, which knows no order,"
                + " `{account}:{event id}`.")
        .put("maxLength", OrderId.LENGTH_MAX);
    header(
        properties, "ce_dataschema", "The value's JSON Schema, relative to fulfillment-service.");
    ArrayNode origins =
        header(properties, "ce_origin", "How the provider's event came to us.").putArray("enum");
    Arrays.stream(CloudEvent.Origin.values())
        .map(CloudEvent.Origin::wireName)
        .forEach(origins::add);
    header(
            properties,
            "ce_translation",
            "The translator's revision: a higher one replaces what a lower one made of the same"
                + " provider event.")
        .put("pattern", "^[1-9][0-9]*$");
    ArrayNode lookUps =
        header(
                properties,
                "ce_lookup",
                "How far the provider was asked for it: what is known outweighs what isn't, of"
                    + " whichever translation. Absent where nothing had to be asked.")
            .putArray("enum");
    Arrays.stream(LookUpState.values())
        .filter(state -> state != LookUpState.NONE)
        .map(LookUpState::wireName)
        .forEach(lookUps::add);
    header(
            properties,
            "ce_sequence",
            "Increases per order, by one with every event; on the topic of states it is that of the"
                + " last event that the state holds.")
        .put("pattern", "^[0-9]+$");
    header(properties, "traceparent", "The W3C trace context.");
    header(properties, "content-type", "What the value is.").put("const", "application/json");
    ArrayNode required = schema.putArray("required");
    List.of(
            "ce_specversion",
            "ce_id",
            "ce_source",
            "ce_type",
            "ce_time",
            "ce_subject",
            "ce_dataschema",
            "content-type")
        .forEach(required::add);
    Arrays.stream(alsoRequired).forEach(required::add);
    return schema;
  }

  /// Others write commands: no more is asked of them than is needed.
  private static ObjectNode commandHeaders() {
    ObjectNode schema = headers();
    ArrayNode required = schema.putArray("required");
    List.of("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject")
        .forEach(required::add);
    return schema;
  }

  private static ObjectNode webhookHeaders() {
    ObjectNode schema = headers();
    ObjectNode properties = (ObjectNode) schema.get("properties");
    properties.remove(
        List.of("ce_subject", "ce_dataschema", "ce_translation", "ce_lookup", "ce_sequence"));
    header(properties, "webhook_endpoint", "The endpoint that it came in by.");
    header(
        properties, "webhook_event_id", "The provider's id of the event, or a hash of the body.");
    header(properties, "webhook_event_type", "The provider's name of the event's type, if known.");
    header(properties, "webhook_delivery", "The id of the delivery that held it beside others.");
    header(properties, "webhook_hint", "Is true where the signature doesn't vouch for the body.");
    ArrayNode required = schema.putArray("required");
    List.of(
            "ce_specversion",
            "ce_id",
            "ce_source",
            "ce_type",
            "ce_time",
            "ce_origin",
            "webhook_endpoint",
            "webhook_event_id",
            "content-type")
        .forEach(required::add);
    return schema;
  }

  private static ObjectNode deadLetterHeaders() {
    ObjectNode schema =
        object().put("type", "object").put("description", "The record's own headers, and these.");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode reasons = header(properties, "dlq_reason", "Why, for machines.").putArray("enum");
    Arrays.stream(DeadLetter.Why.values()).map(DeadLetter.Why::wireName).forEach(reasons::add);
    header(properties, "dlq_detail", "Why, for people, without content of the record.");
    header(properties, "dlq_topic", "The topic that it came from.");
    header(properties, "dlq_partition", "Its partition there.").put("pattern", "^[0-9]+$");
    header(properties, "dlq_offset", "Its offset there.").put("pattern", "^[0-9]+$");
    ArrayNode groups =
        header(properties, "dlq_group", "The consumer group that gave up.").putArray("enum");
    Arrays.stream(ConsumerGroup.values()).map(ConsumerGroup::groupName).forEach(groups::add);
    header(properties, "dlq_at", "When.").put("format", "date-time");
    ArrayNode required = schema.putArray("required");
    properties.fieldNames().forEachRemaining(required::add);
    return schema;
  }

  private static ObjectNode header(ObjectNode properties, String name, String description) {
    return properties.putObject(name).put("type", "string").put("description", description);
  }

  private static List<Examples.Example> examplesOn(Topic topic) {
    return Examples.all().stream().filter(example -> example.topic() == topic).toList();
  }

  private static Optional<Topic.Spec> spec(String name) {
    return Topic.all().stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  private static void refer(ObjectNode messages, String name) {
    messages.putObject(name).put("$ref", "#/components/messages/" + name);
  }

  /// `payments.webhooks.v1` → `paymentsWebhooksV1`.
  private static String camel(String name) {
    String joined =
        WORD_START.matcher(name).replaceAll(start -> start.group(1).toUpperCase(Locale.ROOT));
    return joined.substring(0, 1).toLowerCase(Locale.ROOT) + joined.substring(1);
  }

  private static ObjectNode object() {
    return WireFormat.mapper().createObjectNode();
  }
}
