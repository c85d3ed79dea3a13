package dev.quittance.ingest.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.FuzzRandom;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoint.Mode;
import dev.quittance.ingest.endpoint.Endpoint.OrdersFrom;
import dev.quittance.ingest.endpoint.SigningSecret;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.standard.StandardWebhooks;
import dev.quittance.ingest.provider.stripe.Stripe;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Whatever the headers and the body: a verdict comes of them, and never that a body is genuine
/// which the secret's owner did not sign.
class SignaturesFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private static final List<Provider> PROVIDERS =
      List.of(new Stripe(), new PaySuper(), new StandardWebhooks());

  @Test
  void whatIsSoundIsGenuine() {
    for (Provider provider : PROVIDERS) {
      Sample sample = provider.sample(endpoint(provider), "n1", NOW);

      assertThat(verify(provider, sample.headers(), sample.body(), NOW))
          .isEqualTo(new Verdict.Genuine());
    }
  }

  @Test
  void damagedBodiesAreNeverGenuine() {
    Fuzz.cases(
        Fuzz.USUAL_MAX,
        rubbish -> {
          Provider provider = rubbish.of(PROVIDERS);
          Sample sample = provider.sample(endpoint(provider), "n" + rubbish.below(100), NOW);
          byte[] body = rubbish.inPercent(20) ? rubbish.bytes(500) : rubbish.damaged(sample.body());
          Verdict verdict = verify(provider, headers(rubbish, sample), body, NOW);

          if (!Arrays.equals(body, sample.body())) {
            assertThat(verdict).isNotInstanceOf(Verdict.Genuine.class);
          }
        });
  }

  @Test
  void damagedHeadersBringNothingButAVerdict() {
    Fuzz.cases(
        Fuzz.USUAL_MAX,
        rubbish -> {
          Provider provider = rubbish.of(PROVIDERS);
          Sample sample = provider.sample(endpoint(provider), "n1", NOW);
          Instant now = NOW.plus(Duration.ofSeconds(rubbish.below(2_000) - 1_000));

          assertThat(verify(provider, headers(rubbish, sample), sample.body(), now)).isNotNull();
        });
  }

  private static Map<String, String> headers(FuzzRandom rubbish, Sample sample) {
    var headers = new HashMap<>(sample.headers());
    List<String> names = List.copyOf(sample.headers().keySet());
    for (int left = rubbish.below(3); left > 0; left--) {
      String name = rubbish.of(names);
      String value = headers.getOrDefault(name, "");
      switch (rubbish.below(5)) {
        case 0 -> headers.remove(name);
        case 1 -> headers.put(name, rubbish.text());
        case 2 -> headers.put(name, value + "," + value);
        default -> headers.put(name, rubbish.damaged(value));
      }
    }
    return headers;
  }

  private static Verdict verify(
      Provider provider, Map<String, String> headers, byte[] body, Instant now) {
    return provider.verify(endpoint(provider), headers::get, body, now);
  }

  private static Endpoint endpoint(Provider provider) {
    String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    return new Endpoint(
        provider.name(),
        provider.name(),
        provider.name(),
        List.of(new SigningSecret("another"), new SigningSecret(secret)),
        Mode.ANY,
        OrdersFrom.CHECKOUT);
  }
}
