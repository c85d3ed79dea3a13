package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The schemas that others read are made from the records, and the examples keep to them.
class SchemaTest {

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  static Set<String> types() {
    return Shapes.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("types")
  void isCheckedInAsTheRecordSays(String type) {
    String generated = CheckedIn.pretty(Schemas.of(type));

    assertThat(CheckedIn.generated(CheckedIn.SCHEMAS.resolve(type + ".json"), generated))
        .as("run the tests with -Dquittance.contracts.write=true and look at the difference")
        .isEqualTo(generated);
  }

  @ParameterizedTest
  @MethodSource("types")
  void isItselfValid(String type) {
    var meta = SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    assertThat(meta.validate(Schemas.of(type).toString(), InputFormat.JSON)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("types")
  void saysWhatItIs(String type) {
    assertThat(Schemas.of(type).path("description").asText()).isNotBlank();
    for (JsonNode definition : Schemas.of(type).path("$defs")) {
      assertThat(definition.path("description").asText()).isNotBlank();
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void acceptsItsGoldenExample(String type) {
    String golden = CheckedIn.text(CheckedIn.GOLDEN.resolve(type + ".json"));

    assertThat(schema(type).validate(golden, InputFormat.JSON)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("types")
  void refusesWhatLacksARequiredField(String type) {
    for (JsonNode name : Schemas.of(type).path("required")) {
      ObjectNode example = WireFormat.mapper().valueToTree(Examples.of(type).data());
      example.remove(name.asText());

      assertThat(schema(type).validate(example.toString(), InputFormat.JSON))
          .as(name.asText())
          .isNotEmpty();
    }
  }

  /// The schema and the reader agree: what the schema lets pass is read.
  @ParameterizedTest
  @MethodSource("types")
  void whatIsAcceptedIsRead(String type) {
    ObjectNode least = WireFormat.mapper().valueToTree(Examples.of(type).data());
    prune(least, Schemas.of(type), Schemas.of(type));

    assertThat(schema(type).validate(least.toString(), InputFormat.JSON)).isEmpty();
    assertThat(WireFormat.read(least.toString().getBytes(StandardCharsets.UTF_8), Shapes.of(type)))
        .isNotNull();
  }

  @Test
  void acceptsFieldsOfTheFuture() {
    String type = PaymentEventType.SUCCEEDED.typeName();
    ObjectNode example = WireFormat.mapper().valueToTree(Examples.of(type).data());
    example.put("fieldOfTheFuture", 1);
    ((ObjectNode) example.get("details")).put("fieldOfTheFuture", 1);

    assertThat(schema(type).validate(example.toString(), InputFormat.JSON)).isEmpty();
  }

  @Test
  void noSchemaIsLeftOver() {
    assertThat(CheckedIn.names(CheckedIn.SCHEMAS))
        .containsExactlyInAnyOrderElementsOf(types().stream().map(type -> type + ".json").toList());
  }

  private static Schema schema(String type) {
    return SCHEMAS.getSchema(Schemas.of(type).toString(), InputFormat.JSON);
  }

  /// Leaves only what is required.
  private static void prune(JsonNode value, JsonNode schema, JsonNode root) {
    JsonNode rules =
        schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
    if (value instanceof ObjectNode object && rules.has("properties")) {
      var required = new ArrayList<String>();
      rules.path("required").forEach(name -> required.add(name.asText()));
      object.retain(required);
      object
          .properties()
          .forEach(
              field -> prune(field.getValue(), rules.get("properties").get(field.getKey()), root));
    }
    if (rules.has("items")) {
      value.forEach(one -> prune(one, rules.get("items"), root));
    }
  }

  static List<String> commands() {
    return types().stream().filter(type -> FulfillmentCommandType.named(type).isPresent()).toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void asksNothingOfACommandThatHasADefault(String type) {
    assertThat(schema(type).validate("{}", InputFormat.JSON)).isEmpty();
    assertThat(WireFormat.read("{}".getBytes(StandardCharsets.UTF_8), Shapes.of(type))).isNotNull();
  }
}
