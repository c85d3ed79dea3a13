package dev.quittance.contracts;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.AttributeInclusion;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The JSON Schema (2020-12) of each event type, made from its record: what is `@Nullable` is
/// optional and absent, everything else is required. In commands, which others write, what has a
/// default is optional too. Unknown fields are allowed everywhere, as that is how v1 grows.
final class Schemas {

  private static final SchemaGenerator EVENTS = generator(false);
  private static final SchemaGenerator COMMANDS = generator(true);

  private Schemas() {}

  static ObjectNode of(String type) {
    Class<?> shape = Shapes.of(type);
    boolean command = FulfillmentCommand.class.isAssignableFrom(shape);
    ObjectNode schema = (command ? COMMANDS : EVENTS).generateSchema(shape);
    ObjectNode titled = WireFormat.mapper().createObjectNode();
    titled.set("$schema", schema.get("$schema"));
    titled.put("title", type);
    Docs.of(shape).ifPresent(text -> titled.put("description", text));
    schema.properties().stream()
        .filter(field -> !titled.has(field.getKey()) && !field.getKey().equals("$defs"))
        .forEach(field -> titled.set(field.getKey(), field.getValue()));
    if (schema.has("$defs")) {
      titled.set("$defs", schema.get("$defs"));
    }
    return titled;
  }

  private static SchemaGenerator generator(boolean defaultsAreOptional) {
    var config =
        new SchemaGeneratorConfigBuilder(
                WireFormat.mapper(), SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(
                Option.DEFINITIONS_FOR_ALL_OBJECTS,
                Option.PLAIN_DEFINITION_KEYS,
                Option.EXTRA_OPEN_API_FORMAT_VALUES);
    config
        .forTypesInGeneral()
        .withPropertySorter((_, _) -> 0)
        .withDescriptionResolver(
            scope -> scope.getType() == null ? null : whole(scope.getType()).orElse(null))
        .withCustomDefinitionProvider((type, _) -> plain(type).orElse(null));
    config
        .forFields()
        .withRequiredCheck(
            field -> !optional(field) && !(defaultsAreOptional && field.isContainerType()))
        .withDescriptionResolver(
            field -> field.isFakeContainerItemScope() ? null : part(field).orElse(null))
        .withNumberInclusiveMinimumResolver(
            field -> field.getDeclaredName().equals("quantity") ? BigDecimal.ONE : null);
    return new SchemaGenerator(config.build());
  }

  private static Optional<String> whole(ResolvedType type) {
    Class<?> shape = type.getErasedType();
    return shape.isRecord() && shape != OrderId.class ? Docs.of(shape) : Optional.empty();
  }

  private static Optional<String> part(FieldScope field) {
    Class<?> type = field.getType().getErasedType();
    return Docs.of(field.getDeclaringType().getErasedType(), field.getDeclaredName())
        .or(() -> type.isEnum() || type == OrderId.class ? Docs.of(type) : Optional.empty());
  }

  private static boolean optional(FieldScope field) {
    return field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  /// What stands on the wire as one string, and money.
  private static Optional<CustomDefinition> plain(ResolvedType resolved) {
    Class<?> type = resolved.getErasedType();
    if (type == OrderId.class) {
      return inline(
          text()
              .put("minLength", 3)
              .put("maxLength", OrderId.LENGTH_MAX)
              .put("pattern", "^[^:]+:.+$"));
    }
    if (type == EventId.class) {
      return inline(text().put("minLength", 1).put("maxLength", EventId.LENGTH_MAX));
    }
    if (type == Instant.class) {
      return inline(text().put("format", "date-time"));
    }
    if (type.isEnum()) {
      ObjectNode named = text();
      var values = named.putArray("enum");
      for (Object constant : type.getEnumConstants()) {
        values.add(WireFormat.mapper().convertValue(constant, String.class));
      }
      return inline(named);
    }
    if (type == Map.class) {
      ObjectNode named = WireFormat.mapper().createObjectNode().put("type", "object");
      named.set("additionalProperties", text());
      return inline(named);
    }
    if (type == Money.class) {
      return Optional.of(
          new CustomDefinition(money(), DefinitionType.STANDARD, AttributeInclusion.NO));
    }
    return Optional.empty();
  }

  private static ObjectNode money() {
    ObjectNode money = WireFormat.mapper().createObjectNode().put("type", "object");
    ObjectNode properties = money.putObject("properties");
    properties
        .putObject("minorUnits")
        .put("type", "integer")
        .put("format", "int64")
        .put("description", Docs.of(Money.class, "minorUnits").orElseThrow());
    properties
        .putObject("currency")
        .put("type", "string")
        .put("pattern", "^[A-Z]{3}$")
        .put("description", Docs.of(Money.class, "currency").orElseThrow());
    money.putArray("required").add("minorUnits").add("currency");
    return money.put("description", Docs.of(Money.class).orElseThrow());
  }

  private static ObjectNode text() {
    return WireFormat.mapper().createObjectNode().put("type", "string");
  }

  private static Optional<CustomDefinition> inline(ObjectNode schema) {
    return Optional.of(new CustomDefinition(schema, DefinitionType.INLINE, AttributeInclusion.YES));
  }
}
