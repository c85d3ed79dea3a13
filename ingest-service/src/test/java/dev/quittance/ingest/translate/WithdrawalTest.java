package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.endpoint.Endpoint;
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
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A translation that says nothing takes back what an earlier one may have said.
class WithdrawalTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Translation OTHER_MODE = new Translation.Ignored("other_mode");
  private static final Translation UNKNOWN_TYPE =
      new Translation.Ignored(Translation.Ignored.UNKNOWN_TYPE);
  private static final Translation UNTRANSLATABLE =
      new Translation.Untranslatable(DeadLetter.Why.UNREADABLE_MONEY, "no amount");

  @Test
  void aFirstRevisionHasNothingToTakeBack() {
    assertThat(of(OTHER_MODE, 1, CloudEvent.Origin.WEBHOOK).records()).isEmpty();
    assertThat(of(UNTRANSLATABLE, 1, CloudEvent.Origin.WEBHOOK).records()).hasSize(1);
  }

  @Test
  void aHigherRevisionThatIgnoresAnEventWithdrawsIt() {
    Outcome outcome = of(OTHER_MODE, 2, CloudEvent.Origin.WEBHOOK);

    assertThat(outcome).isInstanceOf(Outcome.Ignored.class);
    assertThat(withdrawals(outcome))
        .containsExactly(new PaymentMessage.Withdrawal("stripe:evt_1", 2, LookUpState.NONE));
    assertThat(outcome.records().getFirst().key()).isEqualTo("stripe:evt_1".getBytes(UTF_8));
  }

  @Test
  void oneThatCannotReadItWithdrawsItBesideTheDeadLetter() {
    Outcome outcome = of(UNTRANSLATABLE, 2, CloudEvent.Origin.WEBHOOK);

    assertThat(outcome.records())
        .extracting(ProducerRecord::topic)
        .containsExactly(
            "payments.webhooks.v1.quittance-translate.dlq", Topic.PAYMENT_EVENTS.topicName());
    assertThat(withdrawals(outcome)).hasSize(1);
  }

  @Test
  void aReplayWithdrawsWhateverTheRevision() {
    assertThat(withdrawals(of(OTHER_MODE, 1, CloudEvent.Origin.REPLAYED))).hasSize(1);
    assertThat(withdrawals(of(UNKNOWN_TYPE, 1, CloudEvent.Origin.REPLAYED))).hasSize(1);
  }

  @Test
  void typesThatNobodyEverUnderstoodAreNotWithdrawnAllDay() {
    assertThat(of(UNKNOWN_TYPE, 7, CloudEvent.Origin.WEBHOOK).records()).isEmpty();
  }

  private static List<PaymentMessage> withdrawals(Outcome outcome) {
    return outcome.records().stream()
        .filter(record -> record.topic().equals(Topic.PAYMENT_EVENTS.topicName()))
        .map(record ->
            PaymentMessage.read(CloudEvent.read(name -> value(record, name), record.value())))
        .toList();
  }

  private static byte @Nullable [] value(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  private static Outcome of(Translation translation, int revision, CloudEvent.Origin origin) {
    var webhook = new Webhook("stripe", "evt_1", "{}".getBytes(UTF_8), NOW, origin, null);
    ProducerRecord<byte[], byte[]> record = VerbatimRecord.of(webhook, "test");
    var taken = new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value());
    record.headers().forEach(taken.headers()::add);
    return new RecordTranslation(
            name -> Optional.of(Bodies.endpoint(name)),
            _ -> Optional.of(new Says(translation, revision)),
            new RecordTranslation.Patience(
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                Duration.ofDays(3)),
            Clock.fixed(NOW, ZoneOffset.UTC))
        .of(taken);
  }

  private record Says(Translation translation, int revision) implements Provider {

    @Override
    public String name() {
      return "stripe";
    }

    @Override
    public Optional<String> eventId(Function<String, @Nullable String> header, byte[] body) {
      return Optional.empty();
    }

    @Override
    public Verdict verify(
        Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now) {
      return new Verdict.Genuine();
    }

    @Override
    public Sample sample(Endpoint endpoint, String nonce, Instant now) {
      return new Sample(Map.of(), new byte[0]);
    }

    @Override
    public Translation translate(Webhook webhook, Endpoint endpoint) {
      return translation;
    }
  }
}
