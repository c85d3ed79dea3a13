package dev.quittance.messaging.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.quittance.contracts.WireFormat;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A record's headers as they wait in the outbox: a JSON object of strings. Each row has a dozen,
/// so they aren't sorted, and nothing is looked up twice.
final class HeaderJson {

  private static final ObjectWriter WRITER =
      WireFormat.mapper().writer().without(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private static final ObjectReader READER =
      WireFormat.mapper().readerFor(new TypeReference<LinkedHashMap<String, String>>() {});

  private HeaderJson() {}

  static String write(Map<String, String> headers) {
    try {
      return WRITER.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, String> read(String json) {
    try {
      return READER.readValue(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A record with them, as it goes to the brokers.
  static ProducerRecord<byte[], byte[]> record(
      String topic, String key, Map<String, String> headers, byte[] value) {
    var record =
        new ProducerRecord<byte[], byte[]>(topic, key.getBytes(StandardCharsets.UTF_8), value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    return record;
  }
}
