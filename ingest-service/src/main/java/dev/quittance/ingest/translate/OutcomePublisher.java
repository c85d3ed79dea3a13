package dev.quittance.ingest.translate;

import dev.quittance.deadletters.LetterForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/// Makes outcomes safe. What the brokers refuse for ever becomes a dead letter, so that one record
/// that is too large for a topic doesn't stop the payments behind it.
///
/// For one thread at a time.
final class OutcomePublisher {

  private static final Logger LOG = Logger.getLogger(OutcomePublisher.class);

  private final CanonicalTopic topic;
  private final RecordTranslation translation;

  OutcomePublisher(CanonicalTopic topic, RecordTranslation translation) {
    this.topic = topic;
    this.translation = translation;
  }

  /// Returns when all that the outcomes consist of is safe on its topics.
  ///
  /// @param incoming what each outcome is the outcome of
  /// @return the outcomes in the same order; dead where the brokers refuse one's records for ever
  /// @throws InterruptedException when the service stops before
  List<Outcome> publish(
      List<ConsumerRecord<byte[], byte[]>> incoming, List<? extends Outcome> outcomes)
      throws InterruptedException {
    var safe = new ArrayList<Outcome>(outcomes);
    List<ProducerRecord<byte[], byte[]>> outgoing =
        safe.stream().flatMap(outcome -> outcome.records().stream()).toList();
    while (!outgoing.isEmpty()) {
      Set<ProducerRecord<byte[], byte[]>> refused = topic.publish(outgoing);
      outgoing = refused.isEmpty() ? List.of() : replaced(safe, incoming, refused);
    }
    return safe;
  }

  /// Puts a dead letter in the place of each outcome of which something was refused, or a smaller
  /// one in the place of such a letter.
  ///
  /// @return what is to be published now
  private List<ProducerRecord<byte[], byte[]>> replaced(
      List<Outcome> outcomes,
      List<ConsumerRecord<byte[], byte[]>> incoming,
      Set<ProducerRecord<byte[], byte[]>> refused)
      throws InterruptedException {
    var letters = new ArrayList<ProducerRecord<byte[], byte[]>>();
    boolean stuck = false;
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i).records().stream().anyMatch(refused::contains)) {
        stuck |= isSmallest(outcomes.get(i));
        Outcome.Dead dead = translation.refused(incoming.get(i), outcomes.get(i));
        outcomes.set(i, dead);
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

  private static boolean isSmallest(Outcome outcome) {
    return outcome instanceof Outcome.Dead(_, _, var envelope, _)
        && LetterForm.isSmallest(envelope);
  }
}
