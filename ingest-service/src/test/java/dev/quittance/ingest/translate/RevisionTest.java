package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.About;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Answer;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Sample;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A question that was parked by one revision of the translation and is answered by another.
class RevisionTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void anAnswerOfTheSameRevisionAddsToWhatWasSaid() {
    assertThat(ids(answered(1, parkedBy(1)))).containsExactly("stripe:evt_1:1");
  }

  @Test
  void anAnswerOfAHigherRevisionSaysAllBecauseItReplacesAll() {
    Outcome outcome = answered(2, parkedBy(1));

    assertThat(ids(outcome)).containsExactly("stripe:evt_1:0", "stripe:evt_1:1");
    assertThat(outcome.records())
        .extracting(record -> header(record, "ce_translation"))
        .containsOnly("2");
  }

  @Test
  void aLowerRevisionLeavesTheAnswerToTheHigher() {
    Outcome outcome = answered(1, parkedBy(2));

    assertThat(outcome.records())
        .singleElement()
        .satisfies(record -> assertThat(record.topic()).isEqualTo(Parked.TOPIC))
        .satisfies(record -> assertThat(header(record, "retry_revision")).isEqualTo("2"));
  }

  private static Outcome answered(int revision, ConsumerRecord<byte[], byte[]> parked) {
    return translation(revision).answered(parked, _ -> {}).outcome();
  }

  private static ConsumerRecord<byte[], byte[]> parkedBy(int revision) {
    var webhook =
        new Webhook("stripe", "evt_1", "{}".getBytes(UTF_8), NOW, CloudEvent.Origin.WEBHOOK, null);
    Outcome told = translation(revision).of(taken(VerbatimRecord.of(webhook, "test")));
    return taken(told.records().getLast());
  }

  private static ConsumerRecord<byte[], byte[]> taken(ProducerRecord<byte[], byte[]> record) {
    var taken = new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value());
    record.headers().forEach(taken.headers()::add);
    return taken;
  }

  private static RecordTranslation translation(int revision) {
    return new RecordTranslation(
        name -> Optional.of(Bodies.endpoint(name)),
        _ -> Optional.of(new Asked(revision)),
        new RecordTranslation.Patience(
            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofDays(3)),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static List<@Nullable String> ids(Outcome outcome) {
    return outcome.records().stream().map(record -> header(record, "ce_id")).toList();
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  /// A provider that knows a payment at once and its items when asked.
  private record Asked(int revision) implements Provider {

    private static final About ABOUT =
        new About(
            OrderId.of("stripe", "pi_1"), "stripe", "stripe", "stripe", true, NOW, "evt_1", "test");

    @Override
    public String name() {
      return "stripe";
    }

    @Override
    public Verdict verify(
        Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now) {
      return new Verdict.Genuine();
    }

    @Override
    public Optional<String> eventId(Function<String, @Nullable String> header, byte[] body) {
      return Optional.empty();
    }

    @Override
    public Sample sample(Endpoint endpoint, String nonce, Instant now) {
      return new Sample(Map.of(), new byte[0]);
    }

    @Override
    public Translation translate(Webhook webhook, Endpoint endpoint) {
      return new Translation.Open(
          List.of(
              new PaymentEvent.Succeeded(
                  ABOUT,
                  PaymentDetails.of(
                      PaymentDetails.Origin.CHECKOUT, true, Money.ofMinor(3000, "USD")))));
    }

    @Override
    public Answer answer(Webhook webhook, Endpoint endpoint, Consumer<List<PaymentEvent>> part) {
      return new Answer.Final(
          new Translation.Facts(
              List.of(new PaymentEvent.ItemsKnown(ABOUT, ItemsState.UNKNOWN, List.of(), null))));
    }
  }
}
