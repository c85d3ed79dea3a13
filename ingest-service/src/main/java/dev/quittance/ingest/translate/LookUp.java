package dev.quittance.ingest.translate;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A question to a provider, on a thread of its own. Whoever asks holds a slot of the question's
/// lane until it ends, and tells the circuit then what it says of the provider.
abstract class LookUp {

  private static final Logger LOG = Logger.getLogger(LookUp.class);

  private final TracedRecord record;
  private @Nullable Thread thread;
  private volatile @Nullable LookUpReply reply;

  LookUp(RetryRecord record) {
    this.record = TracedRecord.begin("look-up", record);
  }

  /// Something is known while more is asked for. On the question's thread.
  abstract void learned(TranslationOutcome known);

  /// There is a [#reply], or asking ended in an error of our own. On the question's thread.
  abstract void ended();

  TracedRecord record() {
    return record;
  }

  /// Begins to ask. Whatever happens, the question ends.
  void ask(LookUpDetails details) {
    thread = Thread.ofVirtual().name("look-up").start(() -> askUntilEnded(details));
  }

  private void askUntilEnded(LookUpDetails details) {
    try {
      reply = details.answer(record.record(), this::learned);
    } catch (RuntimeException | Error e) { // of a library's, or the memory is full
      LOG.warnf("lookup.failed error=%s: asking again later", e.getClass().getName());
    } finally {
      ended();
    }
  }

  /// Ends without a question.
  void end(TranslationOutcome outcome) {
    reply = new LookUpReply(outcome, LookUpReply.Contact.NONE);
    ended();
  }

  /// Ends the call to the provider, which counts as no answer in time.
  void interrupt() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  boolean asked() {
    return thread != null;
  }

  LookUpReply.Contact contact() {
    LookUpReply answer = reply;
    return answer == null ? LookUpReply.Contact.NONE : answer.contact();
  }

  TranslationOutcome outcome(LookUpDetails details) {
    LookUpReply answer = reply;
    return answer == null ? details.failed(record.record()) : answer.outcome();
  }
}
