package dev.quittance.system.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// YAML as trees.
final class Yaml {

  private static final YAMLMapper MAPPER = new YAMLMapper();

  private Yaml() {}

  /// The documents of a text, empty ones left out.
  static List<JsonNode> documents(String text) {
    try (MappingIterator<JsonNode> documents =
        MAPPER.readerFor(JsonNode.class).readValues(MAPPER.createParser(text))) {
      return documents.readAll().stream().filter(JsonNode::isObject).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> documentsOf(String path) {
    return documents(Checkout.text(path));
  }

  /// What is at a JSON pointer, or nothing; the elements of an array or an object.
  static Stream<JsonNode> each(JsonNode node, String pointer) {
    return node.at(pointer).valueStream();
  }

  /// An object of scalars.
  static Map<String, String> scalars(JsonNode object) {
    var scalars = new TreeMap<String, String>();
    object.properties().forEach(field -> scalars.put(field.getKey(), field.getValue().asText()));
    return scalars;
  }
}
