package dev.quittance.deadletters;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some letters, the newest first.
///
/// @param total how many the filter takes
/// @param next where the next page begins; null on the last
/// @param forgotten how many more there are that are too many to be held: settle some of these
///   first
public record LetterPage(List<Letter> letters, int total, @Nullable LetterId next, long forgotten) {

  public LetterPage {
    letters = List.copyOf(letters);
  }
}
