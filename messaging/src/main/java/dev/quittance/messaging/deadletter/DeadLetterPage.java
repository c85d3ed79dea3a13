package dev.quittance.messaging.deadletter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some letters, the newest first.
///
/// @param total how many the filter takes
/// @param next where the next page begins; null on the last
/// @param forgotten how many more there are that are too many to be held: settle some of these
///   first
public record DeadLetterPage(
    List<StoredDeadLetter> letters, int total, @Nullable DeadLetterId next, long forgotten) {

  public DeadLetterPage {
    letters = List.copyOf(letters);
  }
}
