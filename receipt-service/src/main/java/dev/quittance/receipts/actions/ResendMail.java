package dev.quittance.receipts.actions;

import dev.quittance.contracts.Customer;
import dev.quittance.receipts.persistence.Database;
import dev.quittance.receipts.persistence.MailActions;
import dev.quittance.receipts.persistence.MailActions.Action;
import dev.quittance.receipts.persistence.StoredMail;
import dev.quittance.receipts.receipt.MailStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Has a single mail sent again, or its code discarded. A code that a customer bought goes for no
/// other reason than that it was delivered, that an administrator discards it, or that its customer
/// is erased.
public final class ResendMail {

  private final Database database;
  private final Clock clock;

  public ResendMail(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// What became of a request.
  public sealed interface Answer {

    /// It is due, or was made so by the same request before.
    ///
    /// @param sending how often it was sent then, or was to be
    /// @param to masked
    /// @param firstSentAt when the mail had been sent first, if it had
    record Due(int sending, String to, @Nullable Instant firstSentAt) implements Answer {}

    /// Its code is deleted, or was by the same request before.
    record Discarded() implements Answer {}

    /// There is no such mail.
    record Unknown() implements Answer {}

    /// It is on its way, or waits for the order's facts.
    record UnderWay(MailStatus status) implements Answer {}

    /// There is nothing left to send: its customer was erased, or its code was delivered or
    /// discarded.
    record Gone() implements Answer {}

    /// Nobody has said where to.
    record Addressless() implements Answer {}

    /// The key was used for another request.
    record KeyReused() implements Answer {}
  }

  /// Makes a mail due once more, to the same or a corrected address, as a new edition with a
  /// `Message-ID` of its own.
  public Answer resend(String id, ResendRequest request) {
    return act(id, Action.RESEND, request);
  }

  /// Deletes the code of a mail that was not delivered. It can't be brought back.
  ///
  /// @param request its address counts for nothing
  public Answer discard(String id, ResendRequest request) {
    return act(id, Action.DISCARD, request);
  }

  private Answer act(String id, Action action, ResendRequest request) {
    MailActions.Asked asked = request.asked();
    return database.transact(exchange -> {
      Optional<MailActions.Found> found = MailActions.lock(exchange, id, asked.key());
      // not before the lock is held: what was sent while this waited for it was sent before
      Instant now = clock.instant();
      if (found.isEmpty()) {
        return new Answer.Unknown();
      }
      StoredMail mail = found.get().mail();
      if (found.get().earlier().isPresent()) {
        return again(mail, found.get().earlier().get(), action, asked);
      }
      if (mail.gone()) {
        return new Answer.Gone();
      }
      if (!mayAct(mail, action)) {
        return new Answer.UnderWay(mail.status());
      }
      return switch (action) {
        case DISCARD -> {
          MailActions.discard(exchange, mail, asked, now);
          yield new Answer.Discarded();
        }
        case RESEND -> {
          String to = request.to().isPresent() ? request.to().get() : mail.recipient();
          if (to == null) {
            yield new Answer.Addressless();
          }
          MailActions.resend(exchange, List.of(new MailActions.Again(mail, to)), asked, now);
          yield new Answer.Due(mail.edition() + 1, Customer.masked(to), mail.firstSentAt());
        }
      };
    });
  }

  /// A code whose address somebody may have corrected meanwhile is as good as delivered.
  private static boolean mayAct(StoredMail mail, Action action) {
    return switch (mail.status()) {
      case UNDELIVERABLE, SKIPPED -> action == Action.DISCARD || mail.complete();
      case SENT, RETRYING -> action == Action.RESEND && mail.complete();
      case WAITING, DUE, SENDING -> false;
    };
  }

  /// The answer to a request that was made before.
  private static Answer again(
      StoredMail mail, MailActions.Earlier earlier, Action action, MailActions.Asked asked) {
    if (earlier.action() != action || !Objects.equals(earlier.request(), asked.request())) {
      return new Answer.KeyReused();
    }
    return switch (action) {
      case DISCARD -> new Answer.Discarded();
      case RESEND -> {
        Instant first = mail.firstSentAt();
        boolean sentBefore = first != null && !first.isAfter(earlier.at());
        yield new Answer.Due(
            earlier.edition(), String.valueOf(earlier.to()), sentBefore ? first : null);
      }
    };
  }
}
