package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The document that subscribers generate from says what the code does: it is made from the code,
/// and these look at it as a reader does, without the maker's help.
class AsyncApiTest {

  private static final SchemaRegistry DRAFT_7 =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);

  private final String checkedIn = CheckedIn.generated(CheckedIn.ASYNC_API, AsyncApi.yaml());
  private final JsonNode document = AsyncApi.parsed(checkedIn);

  static List<Examples.Example> examples() {
    return Examples.all();
  }

  @Test
  void isCheckedInAsTheCodeSays() {
    assertThat(checkedIn)
        .as("run the tests with -Dquittance.contracts.write=true and look at the difference")
        .isEqualTo(AsyncApi.yaml());
    assertThat(document).isEqualTo(AsyncApi.parsed(AsyncApi.document().toString()));
  }

  @Test
  void keepsToTheRulesOfAsyncApi3AndItsKafkaBindings() {
    assertThat(rules().validate(document.toString(), InputFormat.JSON)).isEmpty();
  }

  @Test
  void theRulesCanFail() {
    var noPartition = AsyncApi.document();
    ((ObjectNode) noPartition.at("/channels/paymentsEventsV1/bindings/kafka")).put("partitions", 0);
    var noAction = AsyncApi.document();
    ((ObjectNode) noAction.at("/operations/publishPaymentsEventsV1")).put("action", "publish");

    assertThat(rules().validate(noPartition.toString(), InputFormat.JSON)).isNotEmpty();
    assertThat(rules().validate(noAction.toString(), InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void hasEveryTopicAsItIsCreated() {
    var channels = new ArrayList<Map.Entry<String, JsonNode>>();
    document
        .get("channels")
        .forEach(channel -> channels.add(Map.entry(channel.get("address").asText(), channel)));

    assertThat(channels)
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrderElementsOf(Topic.all().stream().map(Topic.Spec::name).toList());
    for (Topic.Spec spec : Topic.all()) {
      JsonNode kafka =
          channels.stream()
              .filter(channel -> channel.getKey().equals(spec.name()))
              .findFirst()
              .orElseThrow()
              .getValue()
              .at("/bindings/kafka");
      assertThat(kafka.get("topic").asText()).isEqualTo(spec.name());
      assertThat(kafka.get("partitions").asInt()).isEqualTo(spec.partitions());
      assertThat(settings(kafka.get("topicConfiguration"))).isEqualTo(spec.settings());
    }
  }

  @Test
  void hasEveryTypeOnItsTopic() {
    for (Examples.Example example : Examples.all()) {
      JsonNode channel =
          Stream.of(document.get("channels"))
              .flatMap(channels -> channels.properties().stream())
              .map(Map.Entry::getValue)
              .filter(one -> one.get("address").asText().equals(example.topic().topicName()))
              .findFirst()
              .orElseThrow();

      assertThat(channel.get("messages").has(example.type())).as(example.type()).isTrue();
    }
    assertThat(Shapes.all().keySet())
        .allMatch(type -> document.at("/components/messages").has(type));
  }

  @Test
  void everyConsumerGroupReadsWhatTheCodeSays() {
    var reads = new TreeSet<String>();
    document
        .get("operations")
        .forEach(operation -> {
          if (operation.get("action").asText().equals("receive")) {
            String channel = operation.at("/channel/$ref").asText().substring(1);
            reads.add(
                operation.at("/bindings/kafka/groupId/enum/0").asText()
                    + " "
                    + document.at(channel).get("address").asText());
          }
        });

    assertThat(reads)
        .containsExactly(
            "quittance-fulfillment fulfillment.commands.v1",
            "quittance-fulfillment payments.events.v1",
            "quittance-receipts fulfillment.letters.v1",
            "quittance-receipts payments.events.v1",
            "quittance-translate payments.webhooks.v1");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void namesEveryHeaderOfARecordAndIsRightAboutIt(Examples.Example example) {
    JsonNode message = document.at("/components/messages").get(example.type());
    JsonNode headers = resolved(message.get("headers"));
    Map<String, String> written = example.event().headers();

    assertThat(written.keySet()).allMatch(name -> headers.get("properties").has(name));
    assertThat(
            DRAFT_7
                .getSchema(headers.toString(), InputFormat.JSON)
                .validate(WireFormat.mapper().valueToTree(written).toString(), InputFormat.JSON))
        .isEmpty();
    assertThat(headers.get("required")).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyRequiredHeaderIsWritten(Examples.Example example) {
    JsonNode message = document.at("/components/messages").get(example.type());

    for (JsonNode name : resolved(message.get("headers")).get("required")) {
      assertThat(example.event().headers()).containsKey(name.asText());
    }
  }

  @Test
  void namesEveryHeaderOfADeadLetter() {
    JsonNode headers = resolved(document.at("/components/messages/deadLetter/headers"));
    Map<String, String> written = Examples.deadLetter().headers();
    var named = new ArrayList<String>();
    headers.get("properties").fieldNames().forEachRemaining(named::add);

    assertThat(named).containsExactlyInAnyOrderElementsOf(written.keySet());
    assertThat(
            DRAFT_7
                .getSchema(headers.toString(), InputFormat.JSON)
                .validate(WireFormat.mapper().valueToTree(written).toString(), InputFormat.JSON))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyPayloadIsASchemaThatIsThereAndEveryExampleIsTheGoldenOne(Examples.Example example) {
    JsonNode message = document.at("/components/messages").get(example.type());
    Path schema =
        Objects.requireNonNull(CheckedIn.ASYNC_API.getParent())
            .resolve(message.at("/payload/$ref").asText());

    assertThat(schema).isEqualTo(CheckedIn.SCHEMAS.resolve(example.type() + ".json"));
    assertThat(Files.exists(schema)).isTrue();
    assertThat(
            CheckedIn.pretty(
                message.at("/examples/0/payload").toString().getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(CheckedIn.text(CheckedIn.GOLDEN.resolve(example.type() + ".json")));
    assertThat(message.at("/bindings/kafka/key/type").asText()).isEqualTo("string");
  }

  @Test
  void everyReferenceInsideLeadsSomewhere() {
    for (JsonNode reference : document.findValues("$ref")) {
      if (reference.asText().startsWith("#")) {
        assertThat(resolved(document.at(reference.asText().substring(1))).isMissingNode())
            .as(reference.asText())
            .isFalse();
      }
    }
  }

  private static Schema rules() {
    return DRAFT_7.getSchema(CheckedIn.text(CheckedIn.ASYNC_API_RULES), InputFormat.JSON);
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  private static Map<String, String> settings(JsonNode configuration) {
    var settings = new HashMap<String, String>();
    configuration
        .properties()
        .forEach(setting ->
            settings.put(
                setting.getKey(),
                setting.getValue().isArray()
                    ? setting.getValue().get(0).asText()
                    : setting.getValue().asText()));
    return settings;
  }
}
