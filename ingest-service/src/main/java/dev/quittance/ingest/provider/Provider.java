package dev.quittance.ingest.provider;

import dev.quittance.ingest.endpoint.Endpoint;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A payment provider. All knowledge of it lives in its own package.
public interface Provider {

  /// The name that endpoints are configured with.
  String name();

  /// The revision of its translation, from 1. Raised whenever the same bytes come to mean something
  /// else, so that a replay replaces what the older revision made of them.
  int revision();

  /// Checks a delivery's signature over the raw bytes. Never throws, whatever the input.
  ///
  /// @param header the value of a request header by its lower-case name; the values of a header
  ///   that was sent several times joined by `,`
  Verdict verify(
      Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now);

  /// Says in our words what an event means. A pure function; never throws, whatever the bytes.
  Translation translate(Webhook webhook, Endpoint endpoint);
}
