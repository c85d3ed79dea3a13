package dev.quittance.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;

/// JSON from a record.
final class Json {

  private Json() {}

  static JsonNode read(byte[] bytes) {
    return WireFormat.read(bytes, JsonNode.class);
  }
}
