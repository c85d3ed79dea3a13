package dev.quittance.launcher;

import org.jspecify.annotations.Nullable;

/// What an examination of one part found.
///
/// @param what a sentence
/// @param todo what to do about it; null where there is nothing to do
record Finding(String part, Grade grade, String what, @Nullable String todo) {

  /// How bad it is.
  enum Grade {
    OK,
    /// It works, and may not for long.
    DOUBTFUL,
    /// It doesn't work.
    FAULT,
    /// It wasn't looked at.
    SKIPPED
  }

  static Finding ok(String part, String what) {
    return new Finding(part, Grade.OK, what, null);
  }

  static Finding doubtful(String part, String what, String todo) {
    return new Finding(part, Grade.DOUBTFUL, what, todo);
  }

  static Finding fault(String part, String what, String todo) {
    return new Finding(part, Grade.FAULT, what, todo);
  }

  static Finding skipped(String part, String why) {
    return new Finding(part, Grade.SKIPPED, why, null);
  }
}
