package dev.quittance.sandbox.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// JSON as the providers write it. Decimals are kept exact.
public final class JsonText {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private static final ObjectWriter INDENTED =
      JSON.writer(
          new DefaultPrettyPrinter()
              .withSeparators(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                      .withObjectEmptySeparator("")
                      .withArrayEmptySeparator(""))
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  private static final ObjectWriter AS_GO_WRITES = JSON.writer().with(new GoEscapes());

  private JsonText() {}

  /// A template from the resources.
  ///
  /// @throws IllegalStateException when there is no such template
  public static ObjectNode template(String resource) {
    try (InputStream in = JsonText.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no template " + resource);
      }
      return JSON.readValue(in, ObjectNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An empty object.
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /// A value as a tree.
  public static JsonNode tree(Object value) {
    return JSON.valueToTree(value);
  }

  /// A tree as a value.
  ///
  /// @throws IllegalStateException when it isn't one
  public static <T> T as(JsonNode tree, Class<T> type) {
    try {
      return Objects.requireNonNull(JSON.treeToValue(tree, type));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The object that bytes hold.
  ///
  /// @throws IOException when they hold none
  public static ObjectNode read(byte[] bytes) throws IOException {
    return Objects.requireNonNull(JSON.readValue(bytes, ObjectNode.class));
  }

  /// On one line.
  public static byte[] compact(JsonNode node) {
    return bytes(JSON.writer(), node);
  }

  /// Indented by two spaces, as Stripe sends it.
  public static byte[] indented(JsonNode node) {
    return bytes(INDENTED, node);
  }

  /// On one line with `&`, `<` and `>` escaped, as Go's encoder and so PaySuper sends it.
  public static byte[] asGoWrites(JsonNode node) {
    return bytes(AS_GO_WRITES, node);
  }

  /// A field's text, null when there is none.
  public static @Nullable String text(ObjectNode object, String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? null : value.asText();
  }

  private static byte[] bytes(ObjectWriter writer, JsonNode node) {
    try {
      return writer.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class GoEscapes extends CharacterEscapes {

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] escapes = standardAsciiEscapesForJSON();
      escapes['&'] = ESCAPE_CUSTOM;
      escapes['<'] = ESCAPE_CUSTOM;
      escapes['>'] = ESCAPE_CUSTOM;
      return escapes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return switch (character) {
        case '&' -> new SerializedString("\\u0026");
        case '<' -> new SerializedString("\\u003c");
        case '>' -> new SerializedString("\\u003e");
        case 0x2028 -> new SerializedString("\\u2028");
        case 0x2029 -> new SerializedString("\\u2029");
        default -> null;
      };
    }
  }
}
