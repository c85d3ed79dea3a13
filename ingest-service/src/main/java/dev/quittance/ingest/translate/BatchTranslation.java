package dev.quittance.ingest.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/// Takes a batch of verbatim records as far as it goes: returns when every one of them is
/// translated, ignored or dead-lettered, and all of that is safe.
final class BatchTranslation {

  private static final Logger LOG = Logger.getLogger(BatchTranslation.class);

  private final RecordTranslation translation;
  private final OutcomePublisher publisher;
  private final TranslationMetrics metrics;

  BatchTranslation(
      RecordTranslation translation, CanonicalTopic canonicalTopic, TranslationMetrics metrics) {
    this.translation = translation;
    this.publisher = new OutcomePublisher(canonicalTopic, translation);
    this.metrics = metrics;
  }

  /// @return what became of each record, in their order
  /// @throws InterruptedException when the service stops before all is safe; then nothing of the
  ///   batch may be acknowledged
  List<Outcome> work(Iterable<ConsumerRecord<byte[], byte[]>> batch) throws InterruptedException {
    long start = System.nanoTime();
    var passing = new ArrayList<Passing>();
    var translated = new ArrayList<Outcome>();
    for (ConsumerRecord<byte[], byte[]> incoming : batch) {
      Passing record = Passing.through("translate", incoming);
      passing.add(record);
      translated.add(translation.of(record.incoming()));
    }
    return publish(passing, translated, start);
  }

  /// Takes a batch, and asks at once for what it leaves open.
  ///
  /// @return what completes when everything of it is safe; when this returns, all is but what is
  ///   being asked for
  /// @throws InterruptedException as above
  CompletionStage<Void> begin(
      Iterable<ConsumerRecord<byte[], byte[]>> batch, ImmediateLookUps lookUps)
      throws InterruptedException {
    long start = System.nanoTime();
    var passing = new ArrayList<Passing>();
    var translated = new ArrayList<Outcome>();
    var asked = new ArrayList<CompletableFuture<Void>>();
    for (ConsumerRecord<byte[], byte[]> incoming : batch) {
      Passing record = Passing.through("translate", incoming);
      Outcome outcome = translation.of(record.incoming());
      CompletableFuture<Void> safe = lookUps.begin(record, outcome);
      if (safe == null) {
        passing.add(record);
        translated.add(outcome);
      } else {
        asked.add(safe);
      }
    }
    lookUps.tellWhatCannotWait();
    var _ = publish(passing, translated, start);
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
  }

  private List<Outcome> publish(List<Passing> passing, List<Outcome> translated, long start)
      throws InterruptedException {
    List<Outcome> outcomes =
        publisher.publish(passing.stream().map(Passing::incoming).toList(), translated);
    int published = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      metrics.count(outcomes.get(i));
      passing.get(i).end(outcomes.get(i));
      log(passing.get(i), outcomes.get(i));
      published += outcomes.get(i).records().size();
    }
    LOG.debugf(
        "batch.translated webhooks=%d published=%d duration_ms=%d",
        outcomes.size(), published, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    return outcomes;
  }

  /// What any record may become is told to those who ask for it; what died, to all.
  static void log(Passing record, Outcome outcome) {
    if (outcome instanceof Outcome.Dead(var endpoint, var letter, _, _)) {
      try (var _ = record.inLog()) {
        LOG.warnf(
            "webhook.dead endpoint=%s reason=%s partition=%d offset=%d detail=\"%s\"",
            endpoint,
            letter.why().wireName(),
            letter.partition(),
            letter.offset(),
            letter.detail());
      }
    } else if (LOG.isDebugEnabled()) {
      try (var _ = record.inLog()) {
        LOG.debugf(
            "webhook.handled endpoint=%s outcome=%s events=%d",
            outcome.endpoint(), Passing.word(outcome), outcome.records().size());
      }
    }
  }
}
