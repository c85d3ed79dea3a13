package dev.quittance.messaging.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// A record's headers as texts. Of several with one name the last counts; one without a value says
/// as much as none.
public final class KafkaHeaders {

  private KafkaHeaders() {}

  /// A header's value, where it has one.
  public static byte @Nullable [] value(Headers headers, String name) {
    Header last = headers.lastHeader(name);
    return last == null ? null : last.value();
  }

  /// A header as text, where it has a value.
  public static @Nullable String text(Headers headers, String name) {
    byte[] value = value(headers, name);
    return value == null ? null : new String(value, UTF_8);
  }

  /// Adds a header.
  public static void add(Headers headers, String name, String text) {
    headers.add(name, text.getBytes(UTF_8));
  }

  /// Puts a header in the place of all with its name.
  public static void replace(Headers headers, String name, String text) {
    headers.remove(name);
    add(headers, name, text);
  }
}
