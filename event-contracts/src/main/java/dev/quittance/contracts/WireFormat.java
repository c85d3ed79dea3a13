package dev.quittance.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// How records become JSON and back: camelCase fields, lower_snake enum values, ISO 8601 UTC times,
/// absent instead of null, unknown fields ignored.
public final class WireFormat {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          // The same value is the same bytes in every process: maps have no order of their own.
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          // Amounts and quantities are whole: 1.9 is unreadable, not 1.
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
          .build();

  private WireFormat() {}

  /// The mapper itself, for frameworks that need one. Callers must not reconfigure it.
  public static ObjectMapper mapper() {
    return JSON;
  }

  /// A record as JSON in UTF-8.
  public static byte[] write(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A record from JSON.
  ///
  /// @throws UnreadableEvent when it is no JSON, or not of the shape, or lacks what the shape can't
  ///   be without; the message says where, and holds no content
  public static <T> T read(byte[] json, Class<T> shape) {
    return read(JSON.readerFor(shape), json, shape);
  }

  /// What somebody asks to be done. A field that nobody knows or that comes twice, and whatever
  /// follows the end, are refused: of a list that is misspelled all would be fulfilled, of an
  /// amount all refunded, and of a `dryRun` all be sent.
  ///
  /// @throws UnreadableEvent as of [#read], and for that
  public static <T> T readRequest(byte[] json, Class<T> shape) {
    return read(
        JSON.readerFor(shape)
            .with(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION),
        json,
        shape);
  }

  private static <T> T read(ObjectReader reader, byte[] json, Class<T> shape) {
    try {
      T value = reader.readValue(json);
      if (value == null) {
        throw new UnreadableEvent("JSON null where a " + shape.getSimpleName() + " is due");
      }
      Completeness.firstGap(value)
          .ifPresent(gap -> {
            throw new UnreadableEvent(shape.getSimpleName() + " lacks " + gap);
          });
      return value;
    } catch (JsonProcessingException e) {
      throw new UnreadableEvent("no readable " + shape.getSimpleName() + place(e.getLocation()));
    } catch (IOException | IllegalArgumentException e) {
      throw new UnreadableEvent("no readable " + shape.getSimpleName());
    }
  }

  private static String place(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }
}
