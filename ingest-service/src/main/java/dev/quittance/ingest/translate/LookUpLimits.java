package dev.quittance.ingest.translate;

import java.util.concurrent.Semaphore;

/// How much one endpoint's provider is asked of one kind at a time, whoever asks: webhooks as they
/// come, and what waits on the retry topic. Safe for several threads.
final class LookUpLimits {

  private final CircuitBreaker circuit;
  private final Semaphore slots;
  private final Semaphore slotsAtOnce;

  /// @param circuit of the endpoint's provider; shared by all kinds
  /// @param questionsMax how many questions are asked at a time
  LookUpLimits(CircuitBreaker circuit, int questionsMax) {
    this.circuit = circuit;
    slots = new Semaphore(questionsMax);
    // A third stays for what waits, which a rush of new ones must not starve.
    slotsAtOnce = new Semaphore(questionsMax - (questionsMax + 2) / 3);
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
}
