package dev.quittance.ingest.translate;

import dev.quittance.contracts.ConsumerGroup;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Which of the retry topic's records one consumer group takes, and how much their provider is
/// asked at a time, whoever asks: webhooks as they come, and what waits on the retry topic. It
/// passes over the other records: they are another lane's. Safe for several threads.
final class RetryLane {

  /// What the names of all lanes' groups start with.
  static final String GROUP_PREFIX = ConsumerGroup.TRANSLATE.groupName() + "-retry";

  private final String endpoint;

  /// Null in the lane of what no endpoint asks for.
  private final @Nullable LookUpKind kind;

  private final Set<String> asking;
  private final CircuitBreaker circuit;
  private final Semaphore slots;
  private final Semaphore slotsAtOnce;

  private RetryLane(
      String endpoint,
      @Nullable LookUpKind kind,
      Set<String> asking,
      CircuitBreaker circuit,
      int questionsMax) {
    this.endpoint = endpoint;
    this.kind = kind;
    this.asking = Set.copyOf(asking);
    this.circuit = circuit;
    slots = new Semaphore(questionsMax);
    // A third stays for what waits, which a rush of new ones must not starve.
    slotsAtOnce = new Semaphore(questionsMax - (questionsMax + 2) / 3);
  }

  /// One kind of question to one endpoint's provider.
  ///
  /// @param circuit of the endpoint's provider; shared by all kinds
  static RetryLane of(String endpoint, LookUpKind kind, CircuitBreaker circuit) {
    return new RetryLane(endpoint, kind, Set.of(), circuit, kind.questionsMax());
  }

  /// What no endpoint asks for any more, because it is gone or has lost its key: that ends without
  /// a question.
  ///
  /// @param asking the endpoints that have lanes of their own
  static RetryLane ofNobody(Set<String> asking, CircuitBreaker circuit) {
    return new RetryLane(
        TranslationOutcome.NO_ENDPOINT, null, asking, circuit, LookUpKind.PAYMENT.questionsMax());
  }

  /// The `group.id`: each lane stands where it stands, whatever holds up another.
  String group() {
    return kind == null ? GROUP_PREFIX : GROUP_PREFIX + "-" + endpoint + "-" + kind.word();
  }

  /// For metrics.
  String endpoint() {
    return endpoint;
  }

  /// For metrics.
  String kind() {
    return kind == null ? "any" : kind.word();
  }

  /// @param from the endpoint; null where a record doesn't say
  boolean takes(@Nullable String from, LookUpKind asked) {
    return kind == null
        ? from == null || !asking.contains(from)
        : endpoint.equals(from) && kind == asked;
  }

  CircuitBreaker circuit() {
    return circuit;
  }

  /// Whether a question that waited may be asked; then until [#freeSlot].
  boolean takeSlot() {
    return slots.tryAcquire();
  }

  void freeSlot() {
    slots.release();
  }

  /// Whether a new question may be asked; then until [#freeSlotAtOnce].
  boolean takeSlotAtOnce() {
    if (!slotsAtOnce.tryAcquire()) {
      return false;
    }
    if (slots.tryAcquire()) {
      return true;
    }
    slotsAtOnce.release();
    return false;
  }

  void freeSlotAtOnce() {
    slots.release();
    slotsAtOnce.release();
  }

  @Override
  public String toString() {
    return "RetryLane[" + group() + "]";
  }
}
