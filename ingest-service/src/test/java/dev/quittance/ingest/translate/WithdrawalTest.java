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
import dev.quittance.ingest.provider.StubProvider;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import dev.quittance.messaging.kafka.KafkaHeaders;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
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
    TranslationOutcome outcome = of(OTHER_MODE, 2, CloudEvent.Origin.WEBHOOK);

    assertThat(outcome).isInstanceOf(TranslationOutcome.Ignored.class);
    assertThat(withdrawals(outcome))
        .containsExactly(new PaymentMessage.Withdrawal("stripe:evt_1", 2, LookUpState.NONE));
    assertThat(outcome.records().getFirst().key()).isEqualTo("stripe:evt_1".getBytes(UTF_8));
  }

  @Test
  void oneThatCannotReadItWithdrawsItBesideTheDeadLetter() {
    TranslationOutcome outcome = of(UNTRANSLATABLE, 2, CloudEvent.Origin.WEBHOOK);

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

  @Test
  void aNeighborsPaymentsOnASharedAccountAreNotWithdrawnAllDay() {
    var neighbors = new Translation.Ignored(Translation.Ignored.OTHER_METADATA);

    assertThat(of(neighbors, 7, CloudEvent.Origin.WEBHOOK).records()).isEmpty();
    assertThat(withdrawals(of(neighbors, 7, CloudEvent.Origin.REPLAYED))).hasSize(1);
  }

  private static List<PaymentMessage> withdrawals(TranslationOutcome outcome) {
    return outcome.records().stream()
        .filter(record -> record.topic().equals(Topic.PAYMENT_EVENTS.topicName()))
        .map(record ->
            PaymentMessage.read(
                CloudEvent.read(
                    name -> KafkaHeaders.value(record.headers(), name), record.value())))
        .toList();
  }

  private static TranslationOutcome of(
      Translation translation, int revision, CloudEvent.Origin origin) {
    var webhook = new Webhook("stripe", "evt_1", "{}".getBytes(UTF_8), NOW, origin, null);
    return Translations.of(Bodies.endpoint("stripe"), new Says(translation, revision), NOW)
        .translated(VerbatimRecord.of(webhook, "test"));
  }

  private record Says(Translation translation, int revision) implements StubProvider {

    @Override
    public Translation translate(Webhook webhook, Endpoint endpoint) {
      return translation;
    }
  }
}
