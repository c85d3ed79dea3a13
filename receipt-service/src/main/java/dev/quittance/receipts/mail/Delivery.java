package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// One attempt to deliver one letter: from the claim to what became of it.
final class Delivery {

  private final PostOffice postOffice;

  Delivery(PostOffice postOffice) {
    this.postOffice = postOffice;
  }

  /// What became of it.
  ///
  /// @param defect what went wrong on our side, if anything did
  record Tried(Reply reply, Optional<Throwable> defect) {}

  /// Tries once. The stage never fails.
  ///
  /// @param recipient as the provider gave it
  /// @param writing writes the letter
  CompletionStage<Tried> attempt(String recipient, Function<Mailbox, Letter> writing) {
    Optional<Mailbox> to = Mailbox.parse(recipient);
    if (to.isEmpty()) {
      var reply =
          new Reply.Unaddressable(
              new Reason("address_invalid", "No letter can be sent to this address."));
      return CompletableFuture.completedStage(new Tried(reply, Optional.empty()));
    }
    try {
      return postOffice
          .post(writing.apply(to.get()))
          .handle((reply, failure) ->
              failure == null ? new Tried(reply, Optional.empty()) : defect(failure));
    } catch (RuntimeException | Error e) {
      return CompletableFuture.completedStage(defect(e));
    }
  }

  /// A letter that can't be written now may be after the next release: it is not given up at once.
  static Tried defect(Throwable defect) {
    var reason = new Reason("defect", defect.getClass().getSimpleName());
    return new Tried(new Reply.Deferred(reason, Reply.Trouble.OURS), Optional.of(defect));
  }
}
