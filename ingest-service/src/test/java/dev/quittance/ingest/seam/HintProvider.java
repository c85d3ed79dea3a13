package dev.quittance.ingest.seam;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.FetchedKeys;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.LookUps;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Sample;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.provider.Webhook;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A made-up provider whose signature doesn't cover the body, made with a key that has to be
/// fetched and with the id that the endpoint's settings hold.
@Singleton
@IfBuildProperty(name = "quittance.test.made-up-providers", stringValue = "true")
public final class HintProvider implements Provider {

  /// What the provider's API says was paid, in minor units, by order.
  static final Map<String, Long> PAID = new ConcurrentHashMap<>();

  /// Keys by their names; one that isn't here can't be fetched.
  static final Map<String, String> PUBLISHED = new ConcurrentHashMap<>();

  /// What holds the fetching of a key up.
  static final Map<String, CountDownLatch> SLOW = new ConcurrentHashMap<>();

  static final AtomicInteger FETCHES = new AtomicInteger();

  private final FetchedKeys<String> keys = new FetchedKeys<>(HintProvider::fetch);

  private static String fetch(String name) throws IOException, InterruptedException {
    FETCHES.incrementAndGet();
    CountDownLatch held = SLOW.get(name);
    if (held != null) {
      held.await();
    }
    String key = PUBLISHED.get(name);
    if (key == null) {
      throw new IOException("there is no such key");
    }
    return key;
  }

  @Override
  public String name() {
    return "hint";
  }

  @Override
  public int revision() {
    return 2;
  }

  @Override
  public Set<String> settings() {
    return Set.of("webhook-id");
  }

  @Override
  public Verdict verify(
      Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now) {
    String name = header.apply("x-key");
    if (name == null) {
      return new Verdict.Missing();
    }
    if (!name.startsWith("key-")) {
      return new Verdict.Malformed();
    }
    return keys.key(name, now)
        .<Verdict>map(key ->
            (key + ":" + endpoint.settings().get("webhook-id")).equals(header.apply("x-signature"))
                ? new Verdict.Hint()
                : new Verdict.Wrong())
        .orElseGet(Verdict.NoKeyYet::new);
  }

  @Override
  public Optional<String> eventId(Function<String, @Nullable String> header, byte[] body) {
    return Optional.ofNullable(header.apply("x-transmission"));
  }

  /// As careless as a provider's package can be: it believes the body.
  @Override
  public Translation translate(Webhook webhook, Endpoint endpoint) {
    Fields event = Fields.parse(webhook.body()).orElseThrow();
    return "unknown".equals(event.text("type"))
        ? Translation.unknownType()
        : new Translation.Facts(List.of(paid(webhook, endpoint, said(event))));
  }

  @Override
  public Optional<LookUps> lookUps() {
    return Optional.of(
        new LookUps() {
          @Override
          public List<PaymentEvent> meanwhile(Webhook webhook, Endpoint endpoint) {
            Fields event = Fields.parse(webhook.body()).orElseThrow();
            return List.of(paid(webhook, endpoint, said(event)));
          }

          @Override
          public LookUpAnswer answer(
              Webhook webhook, Endpoint endpoint, Consumer<List<PaymentEvent>> part) {
            part.accept(meanwhile(webhook, endpoint));
            String order = order(webhook);
            Long paid = PAID.get(order);
            return paid == null
                ? new LookUpAnswer.Unanswered(giveUp(webhook, endpoint))
                : new LookUpAnswer.Final(
                    new Translation.Facts(List.of(paid(webhook, endpoint, paid))));
          }

          @Override
          public Translation giveUp(Webhook webhook, Endpoint endpoint) {
            return new Translation.Facts(meanwhile(webhook, endpoint));
          }
        });
  }

  private static long said(Fields event) {
    return Long.parseLong(String.valueOf(event.text("amount")));
  }

  private static String order(Webhook webhook) {
    return String.valueOf(Fields.parse(webhook.body()).orElseThrow().text("order"));
  }

  private static PaymentEvent paid(Webhook webhook, Endpoint endpoint, long amount) {
    return new PaymentEvent.Succeeded(
        webhook.about(endpoint, order(webhook), true, webhook.receivedAt(), "paid"),
        PaymentDetails.of(PaymentDetails.Origin.CHECKOUT, true, Money.ofMinor(amount, "EUR")));
  }

  @Override
  public ApiAccess apiAccess(Endpoint endpoint) {
    return ApiAccess.KEY;
  }

  @Override
  public Sample sample(Endpoint endpoint, String nonce, Instant now) {
    return new Sample(Map.of(), new byte[0]);
  }
}
