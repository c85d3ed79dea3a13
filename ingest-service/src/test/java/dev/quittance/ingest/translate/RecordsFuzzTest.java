package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.FuzzRandom;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.standard.StandardWebhooks;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/// Whatever stands on the topics that this room reads has an outcome, and none is that the
/// translation fails.
class RecordsFuzzTest {

  private static final Providers PROVIDERS =
      new Providers(List.of(new Stripe(), new PaySuper(), new StandardWebhooks()));

  private static final List<String> BODIES = Bodies.names();

  private final Translations translation =
      Translations.of(
          name ->
              PROVIDERS.providers().contains(name)
                  ? Optional.of(Bodies.endpoint(name))
                  : Optional.empty(),
          PROVIDERS::named,
          Clock.fixed(Bodies.RECEIVED_AT, ZoneOffset.UTC));

  @Test
  void anyVerbatimRecordHasAnOutcome() {
    Fuzz.cases(
        Fuzz.USUAL_MAX / 4,
        rubbish -> judge(translation.translated(taken(rubbish, verbatim(rubbish)))));
  }

  @Test
  void anyRecordOfTheRetryTopicHasAnOutcome() {
    Fuzz.cases(
        Fuzz.USUAL_MAX / 4,
        rubbish -> {
          var first = RetryRecord.first(Translations.taken(verbatim(rubbish)), Bodies.RECEIVED_AT);

          // no endpoint has an API key, so nobody is asked
          judge(translation.answered(taken(rubbish, first.outgoing())));
        });
  }

  private static void judge(TranslationOutcome outcome) {
    for (ProducerRecord<byte[], byte[]> outgoing : outcome.records()) {
      assertThat(outgoing.topic()).isNotBlank();
    }
    if (outcome instanceof TranslationOutcome.Dead(_, var letter, _, _)) {
      assertThat(letter.detail()).doesNotStartWith("translating it fails");
    }
  }

  private static ProducerRecord<byte[], byte[]> verbatim(FuzzRandom rubbish) {
    String name = rubbish.of(BODIES);
    byte[] body = Bodies.body(name);
    return VerbatimRecord.of(
        Bodies.webhook(
            Bodies.providerOf(name),
            rubbish.inPercent(20) ? rubbish.damaged(body) : rubbish.damagedJson(body)),
        "test");
  }

  /// The record with a few of its headers damaged.
  private static ConsumerRecord<byte[], byte[]> taken(
      FuzzRandom rubbish, ProducerRecord<byte[], byte[]> sound) {
    ConsumerRecord<byte[], byte[]> taken = Translations.taken(sound);
    var names = new ArrayList<String>();
    for (Header header : taken.headers()) {
      names.add(header.key());
    }
    for (int left = rubbish.below(4); left > 0; left--) {
      String name = rubbish.of(names);
      switch (rubbish.below(4)) {
        case 0 -> taken.headers().remove(name);
        case 1 -> taken.headers().add(name, rubbish.bytes(1_000));
        case 2 -> taken.headers().add(name, null);
        default -> taken.headers().add(name, rubbish.text().getBytes(UTF_8));
      }
    }
    return taken;
  }
}
