package dev.quittance.ingest.translate;

import dev.quittance.messaging.deadletter.DeadLetterFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/// Makes outcomes safe, and then counts, traces and logs them. What the brokers refuse for ever
/// becomes a dead letter, so that one record that is too large for a topic doesn't stop the
/// payments behind it.
///
/// For one thread at a time.
final class OutcomePublisher {

  private static final Logger LOG = Logger.getLogger(OutcomePublisher.class);

  private final CanonicalTopic topic;
  private final TranslationInputs inputs;
  private final TranslationMetrics metrics;

  OutcomePublisher(CanonicalTopic topic, TranslationInputs inputs, TranslationMetrics metrics) {
    this.topic = topic;
    this.inputs = inputs;
    this.metrics = metrics;
  }

  TranslationMetrics metrics() {
    return metrics;
  }

  /// A record, and what becomes of it.
  ///
  /// @param delivery what became of all that came with it
  record Result(TracedRecord record, TranslationOutcome outcome, DeliveryTally delivery) {

    /// Of a record that came alone.
    Result(TracedRecord record, TranslationOutcome outcome) {
      this(record, outcome, new DeliveryTally(1));
    }
  }

  /// Returns when all that the outcomes consist of is safe on its topics.
  ///
  /// @return the outcomes in the same order; dead where the brokers refuse one's records for ever
  /// @throws InterruptedException when the service stops before
  List<TranslationOutcome> publish(List<Result> results) throws InterruptedException {
    var safe = new ArrayList<>(results.stream().map(Result::outcome).toList());
    var outgoing = new ArrayList<>(safe.stream().map(TranslationOutcome::records).toList());
    Set<ProducerRecord<byte[], byte[]>> refused =
        topic.publish(outgoing.stream().flatMap(List::stream).toList());
    while (!refused.isEmpty()) {
      refused = topic.publish(replaced(results, safe, outgoing, refused));
    }
    for (int i = 0; i < safe.size(); i++) {
      TracedRecord record = results.get(i).record();
      results.get(i).delivery().ended(safe.get(i)).ifPresent(metrics::count);
      record.span().end(safe.get(i).word());
      log(record, safe.get(i));
    }
    return safe;
  }

  /// Publishes what is known of records whose outcome isn't yet.
  ///
  /// @return those that the brokers refuse: they are refused again with the outcome
  /// @throws InterruptedException when the service stops before
  Set<ProducerRecord<byte[], byte[]>> publishEarly(List<ProducerRecord<byte[], byte[]>> known)
      throws InterruptedException {
    return topic.publish(known);
  }

  /// Puts a dead letter in the place of each outcome of which something was refused, or a smaller
  /// one in the place of such a letter.
  ///
  /// @return what is to be published now
  private List<ProducerRecord<byte[], byte[]>> replaced(
      List<Result> results,
      List<TranslationOutcome> outcomes,
      List<List<ProducerRecord<byte[], byte[]>>> outgoing,
      Set<ProducerRecord<byte[], byte[]>> refused)
      throws InterruptedException {
    var letters = new ArrayList<ProducerRecord<byte[], byte[]>>();
    boolean stuck = false;
    for (int i = 0; i < outcomes.size(); i++) {
      if (outgoing.get(i).stream().anyMatch(refused::contains)) {
        stuck |= isSmallest(outcomes.get(i));
        TranslationOutcome.Dead dead =
            inputs.refused(results.get(i).record().record(), outcomes.get(i));
        outcomes.set(i, dead);
        outgoing.set(i, dead.records());
        letters.add(dead.envelope());
      }
    }
    if (stuck) {
      LOG.error(
          "publish.refused the brokers don't even take a dead letter's headers: trying again");
      topic.pauseAfterFailure();
    }
    return letters;
  }

  private static boolean isSmallest(TranslationOutcome outcome) {
    return outcome instanceof TranslationOutcome.Dead(_, _, var envelope, _)
        && DeadLetterFormat.isSmallest(envelope);
  }

  /// What any record becomes is logged for those who ask for it; what died, for all.
  private static void log(TracedRecord record, TranslationOutcome outcome) {
    if (outcome instanceof TranslationOutcome.Dead(var endpoint, var letter, _, _)) {
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
            outcome.endpoint(), outcome.word(), outcome.records().size());
      }
    }
  }
}
