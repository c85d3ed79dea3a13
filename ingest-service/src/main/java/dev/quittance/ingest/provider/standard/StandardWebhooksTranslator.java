package dev.quittance.ingest.provider.standard;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;

/// Says in our words what an event means.
final class StandardWebhooksTranslator {

  Translation translate(Webhook webhook, Endpoint endpoint) {
    return new Translation.Ignored("unknown_type");
  }
}
