package dev.quittance.ingest.webhook;

import dev.quittance.ingest.endpoint.Endpoint;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One delivery of a webhook, whole and not yet verified.
///
/// @param header the value of a header by its lower-case name; several joined by `,`
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Delivery(Endpoint endpoint, Function<String, @Nullable String> header, byte[] body) {

  @Override
  public String toString() {
    return "Delivery[" + endpoint.name() + ", " + body.length + " bytes]";
  }
}
