package dev.quittance.ingest.translate;

import dev.quittance.ingest.translate.OutcomePublisher.Result;
import java.time.Clock;
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

  private static final String TRANSLATE = "translate";

  private final TranslateWebhook translation;
  private final OutcomePublisher publisher;
  private final Clock clock;

  BatchTranslation(TranslateWebhook translation, OutcomePublisher publisher, Clock clock) {
    this.translation = translation;
    this.publisher = publisher;
    this.clock = clock;
  }

  /// @return what became of each record, in their order
  /// @throws InterruptedException when the service stops before all is safe; then nothing of the
  ///   batch may be acknowledged
  List<TranslationOutcome> work(Iterable<ConsumerRecord<byte[], byte[]>> batch)
      throws InterruptedException {
    long start = System.nanoTime();
    var results = new ArrayList<Result>();
    batch.forEach(incoming -> results.addAll(translated(incoming)));
    publish(results, start);
    return results.stream().map(Result::delivery).distinct().map(DeliveryTally::worst).toList();
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
    var results = new ArrayList<Result>();
    var asked = new ArrayList<CompletableFuture<Void>>();
    for (ConsumerRecord<byte[], byte[]> incoming : batch) {
      for (Result result : translated(incoming)) {
        lookUps.begin(result).ifPresentOrElse(asked::add, () -> results.add(result));
      }
    }
    lookUps.publishWhatCannotWait();
    publish(results, start);
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
  }

  /// One result for each event that the record holds.
  private List<Result> translated(ConsumerRecord<byte[], byte[]> incoming) {
    RetryRecord verbatim = RetryRecord.first(incoming, clock.instant());
    List<RetryRecord> events;
    try {
      events = translation.events(verbatim);
    } catch (RuntimeException e) {
      TracedRecord record = TracedRecord.begin(TRANSLATE, verbatim);
      return List.of(new Result(record, translation.undivided(verbatim, e)));
    }
    var delivery = new DeliveryTally(events.size());
    return events.stream()
        .map(event -> TracedRecord.begin(TRANSLATE, event))
        .map(record -> new Result(record, translation.translate(record.record()), delivery))
        .toList();
  }

  private void publish(List<Result> results, long start) throws InterruptedException {
    List<TranslationOutcome> safe = publisher.publish(results);
    LOG.debugf(
        "batch.translated webhooks=%d published=%d duration_ms=%d",
        safe.size(),
        safe.stream().mapToInt(outcome -> outcome.records().size()).sum(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
  }
}
