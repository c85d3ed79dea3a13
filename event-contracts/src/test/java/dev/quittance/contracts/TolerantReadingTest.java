package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What readers put up with, and what they don't: fields that they don't know, and optional ones
/// that are missing or null; but not a gap that would fail a fold later.
class TolerantReadingTest {

  private static final String SECRET = "SECRET-7QX2-91KD";

  static List<Examples.Example> examples() {
    return Examples.all();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void unknownFieldsAreIgnoredAtEveryLevel(Examples.Example example) {
    JsonNode json = json(example);
    eachRecord(
        json,
        Shapes.of(example.type()),
        (node, _) -> node.putObject("fieldOfTheFuture").put("a", 1).putNull("b"));

    assertThat(json.toString()).contains("fieldOfTheFuture");
    assertThat(read(json, example)).isEqualTo(example.data());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void optionalFieldsMayBeMissingOrNull(Examples.Example example) {
    JsonNode missing = json(example);
    JsonNode nulled = json(example);
    eachRecord(
        missing, Shapes.of(example.type()), (node, part) -> node.remove(part.getName()), true);
    eachRecord(
        nulled, Shapes.of(example.type()), (node, part) -> node.putNull(part.getName()), true);

    assertThat(read(missing, example)).isEqualTo(read(nulled, example));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void listsMapsAndTheCustomerMayBeMissingOrNull(Examples.Example example) {
    JsonNode missing = json(example);
    JsonNode nulled = json(example);
    eachRecord(
        missing,
        Shapes.of(example.type()),
        (node, part) -> {
          if (hasDefault(part)) {
            node.remove(part.getName());
          }
        },
        false);
    eachRecord(
        nulled,
        Shapes.of(example.type()),
        (node, part) -> {
          if (hasDefault(part)) {
            node.putNull(part.getName());
          }
        },
        false);

    assertThat(read(missing, example)).isEqualTo(read(nulled, example));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyOtherGapIsFoundAtOnceAndNamed(Examples.Example example) {
    for (RecordComponent part : Shapes.of(example.type()).getRecordComponents()) {
      if (!optional(part) && !hasDefault(part)) {
        ObjectNode json = json(example);
        json.remove(part.getName());

        assertThatThrownBy(() -> read(json, example))
            .as(part.getName())
            .isInstanceOf(UnreadableEvent.class);
      }
    }
  }

  @Test
  void aGapDeepInsideIsNamedByItsPath() {
    Examples.Example example = Examples.of(PaymentEventType.ITEMS_KNOWN.typeName());
    ObjectNode json = json(example);
    ((ObjectNode) json.get("lineItems").get(1)).remove("amount");

    assertThatThrownBy(() -> read(json, example))
        .isInstanceOf(UnreadableEvent.class)
        .hasMessage("ItemsKnown lacks lineItems.amount");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "SECRET-7QX2-91KD",
        "\"SECRET-7QX2-91KD\"",
        "[\"SECRET-7QX2-91KD\"]",
        "{\"refund\":\"SECRET-7QX2-91KD\"",
        "{\"refund\":\"SECRET-7QX2-91KD\"}",
        "{\"status\":\"SECRET-7QX2-91KD\"}",
        "{\"about\":\"SECRET-7QX2-91KD\"}",
        "{\"about\":{\"order\":\"SECRET-7QX2-91KD\"}}",
        "{\"about\":{\"occurredAt\":\"SECRET-7QX2-91KD\"}}",
        "{\"amount\":{\"minorUnits\":\"SECRET-7QX2-91KD\",\"currency\":\"USD\"}}",
        "{\"amount\":{\"minorUnits\":1,\"currency\":\"SECRET-7QX2-91KD\"}}",
        "{\"amount\":{\"minorUnits\":99999999999999999999,\"currency\":\"USD\"}}",
        "{\"full\":null}",
        "{\"amount\":{\"minorUnits\":9999.9,\"currency\":\"USD\"}}",
      })
  void whatCannotBeReadIsSaidWithoutItsContent(String text) {
    UnreadableEvent thrown =
        catchThrowableOfType(
            UnreadableEvent.class,
            () ->
                WireFormat.read(
                    text.getBytes(StandardCharsets.UTF_8), PaymentEvent.RefundUpdated.class));

    assertThat(thrown.getMessage()).contains("RefundUpdated").doesNotContain(SECRET, "9999");
    assertThat(thrown.getCause()).isNull();
    assertThat(thrown.getSuppressed()).isEmpty();
  }

  @Test
  void bytesThatAreNoUtf8AreUnreadable() {
    assertThatThrownBy(() ->
            WireFormat.read(
                new byte[] {'{', '"', (byte) 0xc3, '"', '}'},
                PaymentEvent.RefundTotalUpdated.class))
        .isInstanceOf(UnreadableEvent.class);
  }

  @Test
  void nestingWithoutEndIsUnreadableNotAnOverflow() {
    byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> WireFormat.read(deep, PaymentEvent.RefundTotalUpdated.class))
        .isInstanceOf(UnreadableEvent.class);
  }

  @Test
  void enumValuesAreReadInAnyCaseAndWrittenInLower() {
    assertThat(
            WireFormat.read(
                "\"OPEN\"".getBytes(StandardCharsets.UTF_8), PaymentEvent.DisputeStatus.class))
        .isEqualTo(PaymentEvent.DisputeStatus.OPEN);
    assertThat(WireFormat.write(PaymentEvent.DisputeStatus.WARNING_CLOSED))
        .asString()
        .isEqualTo("\"warning_closed\"");
  }

  private static ObjectNode json(Examples.Example example) {
    return WireFormat.mapper().valueToTree(example.data());
  }

  private static Object read(JsonNode json, Examples.Example example) {
    return WireFormat.read(
        json.toString().getBytes(StandardCharsets.UTF_8), Shapes.of(example.type()));
  }

  private static boolean optional(RecordComponent part) {
    return part.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static boolean hasDefault(RecordComponent part) {
    return part.getGenericType() instanceof ParameterizedType
        || part.getType() == Customer.class
        || (part.getType() == ItemsState.class
            && part.getDeclaringRecord() == PaymentDetails.class);
  }

  private static void eachRecord(
      JsonNode json,
      Class<?> shape,
      BiConsumer<ObjectNode, RecordComponent> change,
      boolean optionalOnly) {
    eachRecord(
        json,
        shape,
        (node, record) -> {
          for (RecordComponent part : record.getRecordComponents()) {
            if (!optionalOnly || optional(part)) {
              change.accept(node, part);
            }
          }
        });
  }

  /// Depth first, so that a change doesn't hide what is below it.
  private static void eachRecord(
      JsonNode json, Class<?> shape, BiConsumer<ObjectNode, Class<?>> change) {
    if (!(json instanceof ObjectNode object) || !shape.isRecord()) {
      return;
    }
    for (RecordComponent part : shape.getRecordComponents()) {
      JsonNode value = object.get(part.getName());
      if (value instanceof ArrayNode several
          && part.getGenericType() instanceof ParameterizedType list) {
        several.forEach(
            one -> eachRecord(one, (Class<?>) list.getActualTypeArguments()[0], change));
      } else if (value != null) {
        eachRecord(value, part.getType(), change);
      }
    }
    change.accept(object, shape);
  }
}
