package dev.quittance.ingest.provider.paysuper;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Sample;
import dev.quittance.ingest.provider.SignedMoment;
import dev.quittance.ingest.provider.TopLevel;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.provider.Webhook;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// PaySuper.
@Singleton
public final class PaySuper implements Provider {

  /// What is answered to `user.validate`: `approve` (the default) or `reject`.
  static final String USER_VALIDATE = "user-validate";

  private static final String APPROVE = "approve";
  private static final String REJECT = "reject";

  /// How old or early the signed `created_at` may be, in seconds. Off by default, because it is no
  /// part of the provider's own scheme.
  static final String FRESHNESS_SECONDS = "freshness-seconds";

  /// A day: whoever wants more wants no window.
  static final int FRESHNESS_SECONDS_MAX = 86_400;

  /// 2: what the Test button sends is never live; no order without an amount, and none below zero.
  private static final int REVISION = 2;

  private static final String QUESTION = "user.validate";

  /// `created_at` stands in front of the object; the envelope before it is some 300 bytes.
  private static final int ENVELOPE_BYTES_MAX = 4_096;

  private final PaySuperTranslator translator = new PaySuperTranslator();

  @Override
  public String name() {
    return "paysuper";
  }

  @Override
  public int revision() {
    return REVISION;
  }

  @Override
  public Verdict verify(
      Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now) {
    Verdict verdict =
        PaySuperSignature.verify(header.apply(PaySuperSignature.HEADER), body, endpoint.secrets());
    Optional<Duration> window = window(endpoint);
    return verdict instanceof Verdict.Genuine && window.isPresent()
        ? freshness(body, now, window.get())
        : verdict;
  }

  /// The window that an endpoint sets; [#complaint] has refused what can't be read.
  private static Optional<Duration> window(Endpoint endpoint) {
    return Optional.ofNullable(endpoint.settings().get(FRESHNESS_SECONDS))
        .flatMap(SignedMoment::parse)
        .map(seconds -> Duration.ofSeconds(seconds.unixSeconds()));
  }

  private static Verdict freshness(byte[] body, Instant now, Duration window) {
    return TopLevel.string(body, ENVELOPE_BYTES_MAX, "created_at")
        .flatMap(PaySuper::moment)
        .map(moment -> moment.judge(now, window))
        .orElseGet(Verdict.Malformed::new);
  }

  private static Optional<SignedMoment> moment(String text) {
    try {
      return Optional.of(new SignedMoment(OffsetDateTime.parse(text).toEpochSecond()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public Set<String> settings() {
    return Set.of(USER_VALIDATE, FRESHNESS_SECONDS);
  }

  @Override
  public Optional<String> complaint(Endpoint endpoint) {
    String answer = endpoint.settings().getOrDefault(USER_VALIDATE, APPROVE);
    if (!answer.equals(APPROVE) && !answer.equals(REJECT)) {
      return Optional.of("user-validate is neither approve nor reject; set one of the two");
    }
    String seconds = endpoint.settings().getOrDefault(FRESHNESS_SECONDS, "1");
    boolean sensible =
        SignedMoment.parse(seconds)
            .filter(window -> window.unixSeconds() >= 1)
            .filter(window -> window.unixSeconds() <= FRESHNESS_SECONDS_MAX)
            .isPresent();
    return sensible
        ? Optional.empty()
        : Optional.of(
            "freshness-seconds is no whole number from 1 to "
                + FRESHNESS_SECONDS_MAX
                + "; set one, or leave it out to accept any age");
  }

  @Override
  public String typeMember() {
    return "event";
  }

  /// The envelope's own, which PaySuper makes of the order and the event: the same at every retry.
  @Override
  public Optional<String> eventId(Function<String, @Nullable String> header, byte[] body) {
    return TopLevel.id(body);
  }

  @Override
  public boolean declines(Endpoint endpoint, Optional<String> type) {
    return type.filter(QUESTION::equals).isPresent()
        && REJECT.equals(endpoint.settings().get(USER_VALIDATE));
  }

  @Override
  public Translation translate(Webhook webhook, Endpoint endpoint) {
    return translator.translate(webhook, endpoint);
  }

  @Override
  public Sample sample(Endpoint endpoint, String nonce, Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    String body =
        """
        {"id":"quittance_test_%s","type":"notification","event":"%s","live":false,\
        "created_at":"%s","expires_at":"%s","delivery_try":0,"object":null}\
        """
            .formatted(nonce, Sample.TYPE, second, second.plus(2, ChronoUnit.DAYS));
    return signed(body.getBytes(UTF_8), endpoint);
  }

  private static Sample signed(byte[] body, Endpoint endpoint) {
    return new Sample(
        Map.of(
            "content-type",
            "application/json",
            PaySuperSignature.HEADER,
            PaySuperSignature.sign(body, endpoint.secrets().getFirst())),
        body);
  }
}
