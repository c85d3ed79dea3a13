package dev.quittance.ingest.provider;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// A delivery as a provider would make it, for trying an endpoint out.
///
/// @param headers by their lower-case names; they hold a signature
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Sample(Map<String, String> headers, byte[] body) {

  /// The event's type in every sample: no provider has it, so nothing ever follows from one.
  public static final String TYPE = "quittance.test";

  public Sample {
    headers = Collections.unmodifiableMap(new TreeMap<>(headers));
  }

  @Override
  public String toString() {
    return "Sample[" + body.length + " bytes]";
  }
}
