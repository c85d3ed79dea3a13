package dev.quittance.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.quittance.contracts.CloudEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Which types the AsyncAPI document promises on which topic.
final class Channels {

  private static final Map<String, Set<String>> TYPES = read();

  private Channels() {}

  static boolean carry(String topic, String type) {
    return TYPES.getOrDefault(topic, Set.of()).contains(type);
  }

  private static Map<String, Set<String>> read() {
    var types = new HashMap<String, Set<String>>();
    try (InputStream file = CloudEvent.class.getResourceAsStream("/asyncapi.yaml")) {
      JsonNode document = new YAMLMapper().readTree(Objects.requireNonNull(file, "asyncapi.yaml"));
      for (JsonNode channel : document.path("channels")) {
        var messages = new HashSet<String>();
        channel.path("messages").fieldNames().forEachRemaining(messages::add);
        types.put(channel.path("address").asText(), messages);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return types;
  }
}
