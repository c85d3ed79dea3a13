package dev.quittance.messaging.deadletter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A dead letter with all that the record held. It may hold personal data, so it is never printed.
///
/// @param headers of the record, in their order, a name possibly several times; without those of
///   the letter itself
/// @param missing why the record can't be had, where only the letter is left of it
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record DeadLetterContent(
    StoredDeadLetter letter,
    byte @Nullable [] key,
    List<Header> headers,
    byte @Nullable [] value,
    @Nullable String missing) {

  public DeadLetterContent {
    headers = List.copyOf(headers);
  }

  /// A header of a record.
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Header(String name, byte @Nullable [] value) {

    @Override
    public String toString() {
      return name;
    }
  }

  @Override
  public String toString() {
    return "LetterContent[" + letter.id() + "]";
  }
}
