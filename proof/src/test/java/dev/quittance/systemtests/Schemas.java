package dev.quittance.systemtests;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.quittance.contracts.CloudEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The schemas as subscribers get them.
final class Schemas {

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static final Map<String, Optional<Schema>> KNOWN = new ConcurrentHashMap<>();

  private Schemas() {}

  /// What is wrong with an event by its type's schema, without a word of its content; nothing, or
  /// that there is no such schema.
  static List<String> faults(CloudEvent event) {
    Optional<Schema> schema = KNOWN.computeIfAbsent(event.type(), Schemas::find);
    if (schema.isEmpty()) {
      return List.of("has no schema");
    }
    String json = new String(event.data(), StandardCharsets.UTF_8);
    return schema.get().validate(json, InputFormat.JSON).stream().map(Schemas::fault).toList();
  }

  private static String fault(Error error) {
    return error.getInstanceLocation() + " breaks " + error.getKeyword();
  }

  private static Optional<Schema> find(String type) {
    try (InputStream file =
        CloudEvent.class.getResourceAsStream(CloudEvent.SCHEMAS + type + ".json")) {
      return file == null
          ? Optional.empty()
          : Optional.of(
              REGISTRY.getSchema(
                  new String(file.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
