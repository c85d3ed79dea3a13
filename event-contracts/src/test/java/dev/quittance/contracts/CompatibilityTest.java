package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The gate that keeps published schemas from breaking. `src/test/resources/published` holds them
/// as of the last release; at a release `-Dquittance.contracts.publish=true` takes over what was
/// added.
class CompatibilityTest {

  static Set<String> types() {
    return Shapes.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("types")
  void nothingBreaksWhatWasPublished(String type) {
    ObjectNode current = Schemas.of(type);
    JsonNode published = published(type, current);

    assertThat(Compatibility.breaks(type, published, current)).isEmpty();
    CheckedIn.publish(CheckedIn.PUBLISHED.resolve(type + ".json"), CheckedIn.pretty(current));
  }

  @Test
  void noPublishedTypeIsDropped() {
    assertThat(CheckedIn.names(CheckedIn.PUBLISHED))
        .as("every published type has to be kept, and every type to be published")
        .containsExactlyInAnyOrderElementsOf(types().stream().map(type -> type + ".json").toList());
  }

  /// Planted breaks: each must be seen, and said so that one knows what to do.
  @Nested
  class Sees {

    private static final String TYPE = PaymentEventType.SUCCEEDED.typeName();

    @Test
    void aRemovedField() {
      assertBreaks(
          schema -> properties(schema, "PaymentDetails").remove("reference"),
          TYPE
              + " at details.reference: the field was removed. That breaks whoever reads or writes "
              + TYPE
              + ": leave it as it was, or open dev.quittance.payment.succeeded.v2 beside it.");
    }

    @Test
    void aFieldThatBecameRequired() {
      assertBreaks(
          schema -> required(schema, "PaymentDetails").add("reference"),
          "details.reference: the field became required");
    }

    @Test
    void aFieldThatBecameOptional() {
      assertBreaks(
          schema -> required(schema, "About").remove(0), "about.order: the field became optional");
    }

    @Test
    void aNewFieldThatIsRequired() {
      assertBreaks(
          schema -> {
            properties(schema, "About").putObject("region").put("type", "string");
            required(schema, "About").add("region");
          },
          "about.region: the new field is required");
    }

    @Test
    void anotherType() {
      assertBreaks(
          schema -> property(schema, "About", "livemode").put("type", "string"),
          "about.livemode: type changed from boolean to string");
    }

    @Test
    void anotherFormat() {
      assertBreaks(
          schema -> property(schema, "About", "occurredAt").put("format", "date"),
          "about.occurredAt: format changed from date-time to date");
    }

    @Test
    void aRemovedValue() {
      assertBreaks(
          schema ->
              ((ArrayNode) property(schema, "PaymentDetails", "itemsState").get("enum")).remove(0),
          "details.itemsState: the value 'pending' was removed");
    }

    @Test
    void aChangeInsideAList() {
      assertBreaks(
          schema -> properties(schema, "LineItem").remove("sku"),
          "details.lineItems[].sku: the field was removed");
    }

    @Test
    void aMapOfSomethingElse() {
      assertBreaks(
          schema ->
              ((ObjectNode)
                      property(schema, "PaymentDetails", "metadata").get("additionalProperties"))
                  .put("type", "object"),
          "details.metadata[]: type changed from string to object");
    }

    @Test
    void aStricterLimit() {
      assertBreaks(
          schema -> property(schema, "About", "order").put("maxLength", 10),
          "about.order: maxLength became stricter, from 320 to 10");
      assertBreaks(
          schema -> property(schema, "LineItem", "quantity").put("minimum", 2),
          "details.lineItems[].quantity: minimum became stricter, from 1 to 2");
    }

    @Test
    void valuesThatBecameAClosedList() {
      assertBreaks(
          schema -> property(schema, "About", "provider").putArray("enum").add("stripe"),
          "about.provider: only certain values are allowed now");
    }

    @Test
    void whatItCannotJudge() {
      assertBreaks(
          schema -> property(schema, "About", "provider").putArray("anyOf"),
          "about.provider: anyOf changed, and this gate can't tell whether that is harmless");
    }

    private void assertBreaks(Consumer<ObjectNode> change, String sentence) {
      ObjectNode changed = Schemas.of(TYPE);
      change.accept(changed);

      assertThat(Compatibility.breaks(TYPE, Schemas.of(TYPE), changed))
          .isNotEmpty()
          .allSatisfy(found -> assertThat(found).contains(sentence));
    }
  }

  @Nested
  class LetsPass {

    private static final String TYPE = PaymentEventType.SUCCEEDED.typeName();

    @Test
    void aNewOptionalField() {
      assertPasses(schema -> properties(schema, "About").putObject("region").put("type", "string"));
    }

    @Test
    void anotherDescription() {
      assertPasses(schema -> property(schema, "About", "provider").put("description", "changed"));
    }

    @Test
    void aNewValue() {
      assertPasses(schema ->
          ((ArrayNode) property(schema, "PaymentDetails", "itemsState").get("enum")).add("partly"));
    }

    @Test
    void aLooserLimit() {
      assertPasses(schema -> property(schema, "About", "order").put("maxLength", 1000));
    }

    private void assertPasses(Consumer<ObjectNode> change) {
      ObjectNode changed = Schemas.of(TYPE);
      change.accept(changed);

      assertThat(changed).isNotEqualTo(Schemas.of(TYPE));
      assertThat(Compatibility.breaks(TYPE, Schemas.of(TYPE), changed)).isEqualTo(List.of());
    }
  }

  private static JsonNode published(String type, ObjectNode current) {
    String text =
        CheckedIn.text(CheckedIn.PUBLISHED.resolve(type + ".json"), CheckedIn.pretty(current));
    try {
      return WireFormat.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a published schema is no JSON", e);
    }
  }

  private static ObjectNode properties(ObjectNode schema, String definition) {
    return (ObjectNode) schema.at("/$defs/" + definition + "/properties");
  }

  private static ObjectNode property(ObjectNode schema, String definition, String name) {
    return (ObjectNode) properties(schema, definition).get(name);
  }

  private static ArrayNode required(ObjectNode schema, String definition) {
    return (ArrayNode) schema.at("/$defs/" + definition + "/required");
  }
}
