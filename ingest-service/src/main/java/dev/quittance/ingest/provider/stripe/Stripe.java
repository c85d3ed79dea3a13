package dev.quittance.ingest.provider.stripe;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.provider.Webhook;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Stripe.
@Singleton
public final class Stripe implements Provider {

  private static final int REVISION = 1;

  private final StripeTranslator translator = new StripeTranslator();

  @Override
  public String name() {
    return "stripe";
  }

  @Override
  public int revision() {
    return REVISION;
  }

  @Override
  public Verdict verify(
      Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now) {
    return StripeSignature.verify(
        header.apply(StripeSignature.HEADER), body, endpoint.secrets(), now);
  }

  @Override
  public Translation translate(Webhook webhook, Endpoint endpoint) {
    return translator.translate(webhook, endpoint);
  }
}
