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
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.LookUps;
import dev.quittance.ingest.provider.StubProvider;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A question that was left open by one revision of the translation and is answered by another.
class RevisionTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void anAnswerOfTheSameRevisionAddsToWhatWasSaid() {
    assertThat(ids(answered(1, leftOpenBy(1)))).containsExactly("stripe:evt_1:1");
  }

  @Test
  void anAnswerOfAHigherRevisionSaysAllBecauseItReplacesAll() {
    TranslationOutcome outcome = answered(2, leftOpenBy(1));

    assertThat(ids(outcome)).containsExactly("stripe:evt_1:0", "stripe:evt_1:1");
    assertThat(outcome.records())
        .extracting(record -> header(record, "ce_translation"))
        .containsOnly("2");
  }

  @Test
  void aLowerRevisionLeavesTheAnswerToTheHigher() {
    TranslationOutcome outcome = answered(1, leftOpenBy(2));

    assertThat(outcome.records())
        .singleElement()
        .satisfies(record -> assertThat(record.topic()).isEqualTo(RetryRecord.TOPIC))
        .satisfies(record -> assertThat(header(record, "retry_revision")).isEqualTo("2"));
  }

  private static TranslationOutcome answered(int revision, ProducerRecord<byte[], byte[]> waiting) {
    return translation(revision).answered(waiting);
  }

  private static ProducerRecord<byte[], byte[]> leftOpenBy(int revision) {
    var webhook =
        new Webhook("stripe", "evt_1", "{}".getBytes(UTF_8), NOW, CloudEvent.Origin.WEBHOOK, null);
    return translation(revision).translated(VerbatimRecord.of(webhook, "test")).records().getLast();
  }

  private static Translations translation(int revision) {
    return Translations.of(Bodies.endpoint("stripe"), new Asked(revision), NOW);
  }

  private static List<@Nullable String> ids(TranslationOutcome outcome) {
    return outcome.records().stream().map(record -> header(record, "ce_id")).toList();
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  /// A provider that knows a payment at once and its items when asked.
  private record Asked(int revision) implements StubProvider {

    private static final About ABOUT =
        new About(
            OrderId.of("stripe", "pi_1"), "stripe", "stripe", "stripe", true, NOW, "evt_1", "test");

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
    public Optional<LookUps> lookUps() {
      var items = new PaymentEvent.ItemsKnown(ABOUT, ItemsState.UNKNOWN, List.of(), null);
      Answers answers = (_, _, _) -> new LookUpAnswer.Final(new Translation.Facts(List.of(items)));
      return Optional.of(answers);
    }
  }
}
