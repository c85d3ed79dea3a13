package dev.quittance.launcher;

import dev.quittance.testkit.StackFault;

/// What was asked isn't there, or didn't answer: nobody refused anything.
final class NotReachable extends StackFault {

  private static final long serialVersionUID = 1;

  private final boolean perhapsDone;

  /// @param perhapsDone whether it may have been asked all the same, and have done it
  NotReachable(String sentence, boolean perhapsDone, Throwable cause) {
    super(sentence, cause);
    this.perhapsDone = perhapsDone;
  }

  /// Something before the service answered in its place.
  NotReachable(String sentence) {
    super(sentence);
    this.perhapsDone = true;
  }

  boolean perhapsDone() {
    return perhapsDone;
  }
}
