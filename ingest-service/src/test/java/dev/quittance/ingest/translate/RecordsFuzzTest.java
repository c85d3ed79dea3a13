package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.Rubbish;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.standard.StandardWebhooks;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Clock;
import java.time.Duration;
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

  private final RecordTranslation translation =
      new RecordTranslation(
          name ->
              PROVIDERS.providers().contains(name)
                  ? Optional.of(Bodies.endpoint(name))
                  : Optional.empty(),
          PROVIDERS::named,
          new RecordTranslation.Patience(
              Duration.ofSeconds(1),
              Duration.ofMinutes(1),
              Duration.ofHours(1),
              Duration.ofDays(3)),
          Clock.fixed(Bodies.RECEIVED_AT, ZoneOffset.UTC));

  @Test
  void anyVerbatimRecordHasAnOutcome() {
    Fuzz.cases(
        Fuzz.USUAL_MAX / 4, rubbish -> judge(translation.of(taken(rubbish, verbatim(rubbish)))));
  }

  @Test
  void anyParkedRecordHasAnOutcome() {
    Fuzz.cases(
        Fuzz.USUAL_MAX / 4,
        rubbish -> {
          var first = Parked.first(consumed(verbatim(rubbish)), Bodies.RECEIVED_AT);

          // no endpoint has an API key, so nobody is asked
          judge(translation.answered(taken(rubbish, first.outgoing()), _ -> {}).outcome());
        });
  }

  private static void judge(Outcome outcome) {
    for (ProducerRecord<byte[], byte[]> outgoing : outcome.records()) {
      assertThat(outgoing.topic()).isNotBlank();
    }
    if (outcome instanceof Outcome.Dead(_, var letter, _, _)) {
      assertThat(letter.detail()).doesNotStartWith("translating it fails");
    }
  }

  private static ProducerRecord<byte[], byte[]> verbatim(Rubbish rubbish) {
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
      Rubbish rubbish, ProducerRecord<byte[], byte[]> sound) {
    ConsumerRecord<byte[], byte[]> taken = consumed(sound);
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

  private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> sound) {
    var consumed = new ConsumerRecord<>(sound.topic(), 0, 0L, sound.key(), sound.value());
    sound.headers().forEach(header -> consumed.headers().add(header));
    return consumed;
  }
}
