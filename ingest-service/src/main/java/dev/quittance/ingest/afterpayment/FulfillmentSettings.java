package dev.quittance.ingest.afterpayment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/// Whom the return page asks how the order stands, and what it shows for it.
@ConfigMapping(prefix = "quittance.fulfillment")
interface FulfillmentSettings {

  @WithDefault("http://127.0.0.1:8082")
  URI url();

  Optional<String> token();
}
