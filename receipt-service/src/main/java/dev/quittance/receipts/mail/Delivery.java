package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.render.Rendered;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.tracing.Passage;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// One attempt to deliver one receipt: from the claim to what became of it.
final class Delivery {

  private final Renderer renderer;
  private final Stationery stationery;
  private final PostOffice postOffice;
  private final RetrySchedule schedule;
  private final Clock clock;

  Delivery(
      Renderer renderer,
      Stationery stationery,
      PostOffice postOffice,
      RetrySchedule schedule,
      Clock clock) {
    this.renderer = renderer;
    this.stationery = stationery;
    this.postOffice = postOffice;
    this.schedule = schedule;
    this.clock = clock;
  }

  /// What became of an attempt.
  ///
  /// @param receipt sent, retrying or undeliverable
  /// @param defect what went wrong on our side, if anything did
  record Outcome(Receipt receipt, Reply reply, Optional<Throwable> defect) {}

  /// The stage never fails.
  CompletionStage<Outcome> attempt(Receipt.Sending claimed) {
    Passage passage = Passage.asking("mail", claimed.origin().traceparent());
    if (passage.recorded()) {
      passage
          .with("quittance.order", claimed.key().order().value())
          .with("quittance.receipt", claimed.key().id().value());
    }
    return attempted(claimed.through(passage.traceparent()))
        .thenApply(outcome -> {
          passage.end(outcome.receipt().status().wireName());
          return outcome;
        });
  }

  private CompletionStage<Outcome> attempted(Receipt.Sending sending) {
    Optional<Mailbox> to = Mailbox.parse(sending.draft().to());
    if (to.isEmpty()) {
      var reply =
          new Reply.Refused(
              new Reason("address_invalid", "No letter can be sent to this address."));
      return CompletableFuture.completedStage(outcome(sending, "", reply, Optional.empty()));
    }
    try {
      Letter letter = letter(sending, to.get());
      return postOffice
          .post(letter)
          .handle((reply, failure) ->
              failure == null
                  ? outcome(sending, letter.messageId(), reply, Optional.empty())
                  : defect(sending, failure));
    } catch (RuntimeException | Error e) {
      return CompletableFuture.completedStage(defect(sending, e));
    }
  }

  /// A receipt that can't be written now may be after the next release: it is not given up.
  private Outcome defect(Receipt.Sending sending, Throwable defect) {
    var reply = new Reply.Deferred(new Reason("defect", defect.getClass().getSimpleName()), false);
    return outcome(sending, "", reply, Optional.of(defect));
  }

  private Letter letter(Receipt.Sending sending, Mailbox to) {
    String endpoint = sending.draft().content().endpoint();
    Letter.Sender sender = stationery.sender(endpoint);
    Rendered rendered =
        renderer.render(sending.draft().content(), sending.number(), stationery.merchant(endpoint));
    return new Letter(
        sending.messageId(sender.from().domain()),
        sending.since(),
        sender,
        to,
        rendered.subject(),
        rendered.text(),
        rendered.html(),
        rendered.language());
  }

  private Outcome outcome(
      Receipt.Sending sending, String messageId, Reply reply, Optional<Throwable> defect) {
    Instant now = clock.instant();
    Receipt receipt =
        switch (reply) {
          case Reply.Accepted() -> sending.accepted(messageId, now);
          case Reply.Refused(var reason) -> sending.refused(reason);
          // an outage of the server's is not the letter's fault, however long it takes
          case Reply.Deferred(var reason, var serverAway) ->
              !serverAway && schedule.givesUp(sending.since(), now)
                  ? sending.refused(new Reason("gave_up", reason.message()))
                  : sending.deferred(reason, schedule.next(sending.attempt(), now));
        };
    return new Outcome(receipt, reply, defect);
  }
}
