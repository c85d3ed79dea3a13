package dev.quittance.ingest.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.journal.Journal;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.stripe.FakeStripe;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.ingest.publish.Publication;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RecoverMissedEventsTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_785_003_600);

  private final FakeStripe fake = new FakeStripe();
  private final List<Webhook> published = new ArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void missedEventsComeBackMarkedAsRecovered() throws Exception {
    missed(150);

    Sweep sweep = recovery(_ -> true).sweep(Duration.ofDays(3));

    assertThat(published)
        .hasSize(300)
        .allSatisfy(webhook -> assertThat(webhook.origin()).isEqualTo(CloudEvent.Origin.RECOVERED))
        .extracting(Webhook::eventId)
        .contains("evt_0", "evt_149");
    assertThat(sweep)
        .isEqualTo(
            new Sweep(
                "done", List.of(new Sweep.OfEndpoint("stripe", 300, 300, 3_600 + 149, null))));
    assertThat(registry.counter("quittance.recovery.found", "endpoint", "stripe").count())
        .isEqualTo(300);
    assertThat(registry.get("quittance.recovery.oldest.age.seconds").gauge().value())
        .isEqualTo(3_600 + 149);
  }

  @Test
  void itAsksNoFurtherBackThanTheProviderRemembers() throws Exception {
    missed(1);

    recovery(_ -> true).sweep(Duration.ofDays(300));

    assertThat(fake.requests().getFirst())
        .contains("created[gte]=" + NOW.minus(Duration.ofDays(30)).getEpochSecond());
  }

  @Test
  void itStopsWhereTheBrokersDoNotTakeThem() throws Exception {
    missed(150);

    Sweep sweep =
        recovery(webhook -> !webhook.eventId().equals("evt_7")).sweep(Duration.ofHours(1));

    assertThat(sweep.endpoints().getFirst().recovered()).isEqualTo(99);
    assertThat(sweep.endpoints().getFirst().fault()).isEqualTo("the brokers don't take them");
    assertThat(fake.requests()).hasSize(1);
  }

  @Test
  void aProviderThatDoesNotTellIsSaidSo() throws Exception {
    fake.fail("/v1/events", 503);

    Sweep sweep = recovery(_ -> true).sweep(Duration.ofHours(1));

    assertThat(sweep.endpoints().getFirst().fault()).contains("status_503");
    assertThat(published).isEmpty();
  }

  @Test
  void aProviderThatCannotTellIsNotAsked() throws Exception {
    var recovery =
        recovery(_ -> true, List.of(Bodies.endpoint("stripe"), Bodies.endpoint("paysuper")));

    assertThat(recovery.sweep(Duration.ofHours(1)).endpoints()).isEmpty();
    assertThat(fake.requests()).isEmpty();
  }

  private void missed(int count) {
    fake.list(
        "/v1/events",
        IntStream.range(0, count)
            .mapToObj(n ->
                "{\"id\": \"evt_%d\", \"type\": \"charge.succeeded\", \"created\": %d}"
                    .formatted(n, 1_785_000_000 - n))
            .toList());
  }

  private RecoverMissedEvents recovery(Predicate<Webhook> taken) {
    return recovery(taken, List.of(fake.endpoint("stripe"), Bodies.endpoint("paysuper")));
  }

  private RecoverMissedEvents recovery(Predicate<Webhook> taken, List<Endpoint> endpoints) {
    var providers = new Providers(List.of(new Stripe(), new PaySuper()));
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    return new RecoverMissedEvents(
        () -> endpoints,
        providers,
        webhook -> {
          published.add(webhook);
          return CompletableFuture.completedFuture(
              taken.test(webhook)
                  ? new Publication.Safe(0, 0)
                  : new Publication.NotSafe(Publication.Why.NO_ACK));
        },
        Duration.ZERO,
        new RecoveryMetrics(registry, new Journal(), clock),
        clock);
  }
}
