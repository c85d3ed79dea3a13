package dev.quittance.contracts;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An event in the binary mode of the CloudEvents 1.0 Kafka binding: attributes as headers, JSON as
/// the record's value, the order as its key.
///
/// @param id unique per source and the same at every repetition
/// @param source who published it, for example `/quittance/ingest`
/// @param type the whole type name
/// @param subject the order
/// @param time when the thing happened
/// @param origin how the provider's event came to us
/// @param translation the translator's revision (0 where nothing was translated): a higher one
///   replaces what a lower one made of the same provider event
/// @param lookUp how far the provider was asked for it, beside what the translation says
/// @param sequence increasing per order on the fulfilment topics, absent elsewhere
/// @param traceparent the W3C trace context
/// @param data the JSON
@SuppressWarnings("ArrayRecordComponent") // an event is handed on, never compared
public record CloudEvent(
    EventId id,
    String source,
    String type,
    OrderId subject,
    Instant time,
    Origin origin,
    int translation,
    LookUpState lookUp,
    @Nullable Long sequence,
    @Nullable String traceparent,
    byte[] data) {

  /// How the provider's event came to us.
  public enum Origin {
    WEBHOOK,
    RECOVERED,
    REPLAYED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /// As it stands in `ce_origin`, and as the mapper writes it.
    public String wireName() {
      return wireName;
    }

    /// Reads `ce_origin`; anything unknown counts as a webhook.
    public static Origin named(@Nullable String name) {
      for (Origin origin : values()) {
        if (origin.wireName().equals(name)) {
          return origin;
        }
      }
      return WEBHOOK;
    }
  }

  /// An event that nobody was asked for.
  public CloudEvent(
      EventId id,
      String source,
      String type,
      OrderId subject,
      Instant time,
      Origin origin,
      int translation,
      @Nullable Long sequence,
      @Nullable String traceparent,
      byte[] data) {
    this(
        id,
        source,
        type,
        subject,
        time,
        origin,
        translation,
        LookUpState.NONE,
        sequence,
        traceparent,
        data);
  }

  /// Where the schemas of the events are published, relative to the service.
  public static final String SCHEMAS = "/schemas/";

  /// As W3C has it, of this version and those to come.
  private static final Pattern TRACE =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}[-!-~]{0,200}");

  /// The headers of the record, in a fixed order.
  public Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_id", id.value());
    headers.put("ce_source", source);
    headers.put("ce_type", type);
    headers.put("ce_time", time.toString());
    headers.put("ce_subject", subject.value());
    headers.put("ce_dataschema", SCHEMAS + type + ".json");
    headers.put("ce_origin", origin.wireName());
    if (translation > 0) {
      headers.put("ce_translation", Integer.toString(translation));
    }
    if (lookUp != LookUpState.NONE) {
      headers.put(LookUpState.HEADER, lookUp.wireName());
    }
    if (sequence != null) {
      headers.put("ce_sequence", Long.toString(sequence));
    }
    if (traceparent != null) {
      headers.put("traceparent", traceparent);
    }
    headers.put("content-type", "application/json");
    return headers;
  }

  /// Reads a record.
  ///
  /// @param header the value of a header by its name, or null
  /// @throws UnreadableEvent when an attribute is missing or malformed; the message names it
  public static CloudEvent read(
      Function<String, byte @Nullable []> header, byte @Nullable [] value) {
    var headers = new Reader(header);
    if (!headers.required("ce_specversion").startsWith("1.")) {
      throw new UnreadableEvent("ce_specversion is not 1.x");
    }
    if (value == null) {
      throw new UnreadableEvent("the record has no value");
    }
    return new CloudEvent(
        headers.required("ce_id", EventId::new),
        headers.required("ce_source"),
        headers.required("ce_type"),
        headers.required("ce_subject", OrderId::new),
        headers.required("ce_time", Instant::parse),
        Origin.named(headers.optional("ce_origin").orElse(null)),
        headers.optional("ce_translation", Integer::valueOf).orElse(0),
        LookUpState.named(headers.optional(LookUpState.HEADER).orElse(null)),
        headers.optional("ce_sequence", Long::valueOf).orElse(null),
        // nothing but a trace hangs on it
        headers.optional("traceparent").filter(TRACE.asMatchPredicate()).orElse(null),
        value);
  }

  /// The event's data.
  ///
  /// @throws UnreadableEvent when the data isn't of the shape
  public <T> T data(Class<T> shape) {
    return WireFormat.read(data, shape);
  }

  @Override
  public String toString() {
    return "CloudEvent[" + id + ", " + type + "]";
  }

  private record Reader(Function<String, byte @Nullable []> header) {

    Optional<String> optional(String name) {
      return Optional.ofNullable(header.apply(name))
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    <T> Optional<T> optional(String name, Function<String, T> parse) {
      return optional(name).map(text -> parsed(name, text, parse));
    }

    String required(String name) {
      return optional(name).orElseThrow(() -> new UnreadableEvent(name + " is missing"));
    }

    <T> T required(String name, Function<String, T> parse) {
      return parsed(name, required(name), parse);
    }

    private static <T> T parsed(String name, String text, Function<String, T> parse) {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException | DateTimeException e) {
        throw new UnreadableEvent(name + " is malformed");
      }
    }
  }
}
