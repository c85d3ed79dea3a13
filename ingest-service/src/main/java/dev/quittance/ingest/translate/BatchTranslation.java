package dev.quittance.ingest.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/// Takes a batch of verbatim records as far as it goes: returns when every one of them is
/// translated, ignored or dead-lettered, and all of that is safe.
final class BatchTranslation {

  private static final Logger LOG = Logger.getLogger(BatchTranslation.class);

  private final RecordTranslation translation;
  private final CanonicalTopic canonicalTopic;
  private final TranslationMetrics metrics;

  BatchTranslation(
      RecordTranslation translation, CanonicalTopic canonicalTopic, TranslationMetrics metrics) {
    this.translation = translation;
    this.canonicalTopic = canonicalTopic;
    this.metrics = metrics;
  }

  /// @throws InterruptedException when the service stops before all is safe; then nothing of the
  ///   batch may be acknowledged
  void work(Iterable<ConsumerRecord<byte[], byte[]>> batch) throws InterruptedException {
    long start = System.nanoTime();
    var outcomes = new ArrayList<Outcome>();
    var outgoing = new ArrayList<ProducerRecord<byte[], byte[]>>();
    for (ConsumerRecord<byte[], byte[]> incoming : batch) {
      Outcome outcome = translation.of(incoming);
      outcomes.add(outcome);
      outgoing.addAll(outcome.records());
    }
    canonicalTopic.publish(outgoing);
    outcomes.forEach(metrics::count);
    log(outcomes, outgoing.size(), System.nanoTime() - start);
  }

  private static void log(List<Outcome> outcomes, int published, long nanos) {
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Dead(var endpoint, var letter, _)) {
        LOG.warnf(
            "webhook.dead endpoint=%s reason=%s partition=%d offset=%d detail=\"%s\"",
            endpoint,
            letter.why().wireName(),
            letter.partition(),
            letter.offset(),
            letter.detail());
      }
    }
    LOG.infof(
        "batch.translated webhooks=%d published=%d duration_ms=%d",
        outcomes.size(), published, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  static void logDeath(Outcome outcome) {
    if (outcome instanceof Outcome.Dead(var endpoint, var letter, _)) {
      LOG.warnf(
          "webhook.dead endpoint=%s reason=%s partition=%d offset=%d detail=\"%s\"",
          endpoint, letter.why().wireName(), letter.partition(), letter.offset(), letter.detail());
    }
  }
}
