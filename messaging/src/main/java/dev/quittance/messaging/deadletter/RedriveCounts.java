package dev.quittance.messaging.deadletter;

import java.util.List;

/// What came of dealing with many letters.
///
/// @param settled how many were sent back or discarded now
/// @param before how many somebody else had dealt with meanwhile
/// @param refused those that stay open, with the reason
public record RedriveCounts(int settled, int before, List<Refusal> refused) {

  public RedriveCounts {
    refused = List.copyOf(refused);
  }

  /// A letter that can't be sent back.
  public record Refusal(DeadLetterId id, String why) {}

  /// Told after every few letters.
  @FunctionalInterface
  public interface Progress {

    /// Nobody wants to know.
    Progress UNSEEN = (_, _) -> {};

    void done(int letters, int of);
  }
}
