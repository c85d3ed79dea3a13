package dev.quittance.console.mails;

import dev.quittance.console.ActionResult;
import dev.quittance.console.Labels;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.clients.ReceiptClient;
import dev.quittance.fulfillment.clients.ServiceReply;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.persistence.Audit.Person;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Function;

/// Does to mails what staff asks for, each thing written down before and after.
@ApplicationScoped
class MailActions {

  /// The audit's subject of what is done to all that failed.
  static final String FAILED = "failed mail";

  /// The audit's subject of what is done to all that are wrong.
  static final String WRONG = "wrong receipts";

  private final ReceiptClient receipts;
  private final Audit audit;

  MailActions(ReceiptClient receipts, Audit audit) {
    this.receipts = receipts;
    this.audit = audit;
  }

  /// What came of something that was done to many.
  ///
  /// @param entry the audit's, which holds the sentence
  record Outcome(long entry, ActionResult result) {}

  /// Deletes a code for good.
  ActionResult discard(Person person, OrderId order, String code, String key) throws SQLException {
    long entry = audit.begin(person, "code.discard asked", order.value(), code);
    return ended(
        entry,
        result(
            receipts.discardCode(code, person.name(), "console-" + key),
            _ -> "The code is discarded."));
  }

  /// Sends the correction of a receipt.
  ActionResult correct(Person person, String order, String receipt) throws SQLException {
    long entry = audit.begin(person, "receipt.correction asked", order, receipt);
    return ended(
        entry,
        result(
            receipts.correct(receipt, person.name()),
            made -> "The correction of " + receipt + " is " + Labels.plain(made.status()) + "."));
  }

  /// Sends the corrections of all that are wrong.
  Outcome correctAll(Person person) throws SQLException {
    long entry = audit.begin(person, "receipts.correction asked", WRONG, "all");
    return endedForMany(
        entry,
        result(
            receipts.correctAll(person.name()),
            done ->
                counted(done.corrections(), "correction")
                    + " on the way."
                    + unreadable(done.unreadable().size())
                    + remaining(done.remaining())));
  }

  /// Sending again would change nothing about them, unlike about those that remain.
  private static String unreadable(long many) {
    return many == 0
        ? ""
        : " "
            + counted(many, "receipt")
            + " can't be read by this version, and so can't be corrected.";
  }

  /// Has all sent again that was given up since a time.
  Outcome resendAll(Person person, Instant since) throws SQLException {
    long entry = audit.begin(person, "mails.resend asked", FAILED, "since " + Labels.time(since));
    return endedForMany(
        entry,
        result(
            receipts.resendUndeliverable(since, person.name()),
            done ->
                counted(done.receipts(), "receipt")
                    + " and "
                    + counted(done.codes(), "code")
                    + " on the way again."
                    + remaining(done.remaining())));
  }

  private static String remaining(long many) {
    return many == 0 ? "" : " " + Labels.number(many) + " remain: send again.";
  }

  /// Such as `1 code`, `2 codes`.
  static String counted(long many, String one) {
    return Labels.number(many) + " " + one + (many == 1 ? "" : "s");
  }

  private static <T> ActionResult result(ServiceReply<T> reply, Function<T, String> done) {
    return switch (reply) {
      case ServiceReply.Got<T>(var value) -> new ActionResult(200, done.apply(value));
      case ServiceReply.Refused<T>(var status, _, var sentence) ->
          new ActionResult(status, sentence);
      case ServiceReply.Away<T>(var sentence) ->
          new ActionResult(
              503,
              sentence
                  + " Whether it was done is unknown. Confirm again: it is done once however often"
                  + " you do.");
    };
  }

  private ActionResult ended(long entry, ActionResult result) throws SQLException {
    audit.end(entry, result.outcome());
    return result;
  }

  /// Where it went well, what is said afterwards is the audit's own word.
  private Outcome endedForMany(long entry, ActionResult result) throws SQLException {
    audit.end(entry, result.done() ? result.sentence() : result.outcome());
    return new Outcome(entry, result);
  }
}
