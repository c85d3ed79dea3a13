package dev.quittance.ingest.provider.standard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Sample;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.provider.Webhook;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Any system that signs by the Standard Webhooks scheme and speaks our own documented JSON.
@Singleton
public final class StandardWebhooks implements Provider {

  /// 2: amounts that a payment can be without, and texts for people that are too long, don't cost
  /// the payment; what was received stands beside the amount.
  ///
  /// 3: a payment may bounce, and a success may name its attempt.
  private static final int REVISION = 3;

  private final StandardWebhooksTranslator translator = new StandardWebhooksTranslator();

  @Override
  public String name() {
    return "standard";
  }

  @Override
  public int revision() {
    return REVISION;
  }

  @Override
  public Verdict verify(
      Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now) {
    return StandardWebhooksSignature.verify(
        header.apply(StandardWebhooksSignature.ID),
        header.apply(StandardWebhooksSignature.TIMESTAMP),
        header.apply(StandardWebhooksSignature.SIGNATURE),
        body,
        endpoint.secrets(),
        now);
  }

  @Override
  public Optional<String> complaint(Endpoint endpoint) {
    boolean unusable =
        endpoint.secrets().stream()
            .anyMatch(secret -> StandardWebhooksSignature.key(secret).isEmpty());
    return unusable
        ? Optional.of("a secret is no base64; set secrets of the form whsec_<base64>")
        : Optional.empty();
  }

  /// The signed header's alone: what a body calls its `id` is the sender's own affair, for example
  /// the order's number, which every event of the order bears.
  @Override
  public Optional<String> eventId(Function<String, @Nullable String> header, byte[] body) {
    return Optional.ofNullable(header.apply(StandardWebhooksSignature.ID));
  }

  @Override
  public Translation translate(Webhook webhook, Endpoint endpoint) {
    return translator.translate(webhook, endpoint);
  }

  @Override
  public Sample sample(Endpoint endpoint, String nonce, Instant now) {
    String id = "msg_quittance_test_" + nonce;
    String timestamp = Long.toString(now.getEpochSecond());
    byte[] body =
        """
        {"type":"%s","timestamp":"%s","livemode":false,"data":{}}\
        """
            .formatted(Sample.TYPE, now.truncatedTo(ChronoUnit.SECONDS))
            .getBytes(UTF_8);
    return new Sample(
        Map.of(
            "content-type",
            "application/json",
            StandardWebhooksSignature.ID,
            id,
            StandardWebhooksSignature.TIMESTAMP,
            timestamp,
            StandardWebhooksSignature.SIGNATURE,
            StandardWebhooksSignature.sign(id, timestamp, body, endpoint.secrets().getFirst())),
        body);
  }
}
