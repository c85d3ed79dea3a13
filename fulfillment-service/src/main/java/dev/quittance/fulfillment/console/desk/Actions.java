package dev.quittance.fulfillment.console.desk;

import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.neighbor.IngestService;
import dev.quittance.fulfillment.neighbor.ReceiptService;
import dev.quittance.fulfillment.neighbor.Reply;
import dev.quittance.fulfillment.store.Answer;
import dev.quittance.fulfillment.store.Audit;
import dev.quittance.fulfillment.store.Audit.Person;
import dev.quittance.fulfillment.store.OrderActions;
import dev.quittance.fulfillment.store.Performed;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Does to an order what staff asks for, each thing written down before and after.
@ApplicationScoped
class Actions {

  private final OrderActions orders;
  private final IngestService ingest;
  private final ReceiptService receipts;
  private final Audit audit;

  Actions(OrderActions orders, IngestService ingest, ReceiptService receipts, Audit audit) {
    this.orders = orders;
    this.ingest = ingest;
    this.receipts = receipts;
    this.audit = audit;
  }

  /// What came of it.
  ///
  /// @param status as HTTP has it
  /// @param sentence what to tell the person
  record Result(int status, String sentence) {

    boolean done() {
      return status < 300;
    }
  }

  /// What is kept of a command's first answer, to be given again.
  public record Kept(String sentence) {}

  /// Gives a command to an order.
  ///
  /// @param detail for the audit, without personal data
  /// @param key by which a repetition is known
  Result command(
      Person person, OrderId order, FulfillmentCommand command, String detail, String key)
      throws SQLException {
    Answer answer =
        orders.command(
            person,
            order,
            command,
            detail,
            "console:" + key,
            performed -> answer(command, performed));
    return new Result(answer.status(), WireFormat.read(answer.body(), Kept.class).sentence());
  }

  private static Answer answer(FulfillmentCommand command, Performed performed) {
    return switch (performed) {
      case Performed.Taken _ -> kept(200, done(command));
      case Performed.Refused(var refusal) -> kept(409, refusal.sentence());
      case Performed.NoSuchOrder() -> kept(404, "There is no such order.");
      case Performed.KeyReused() ->
          kept(422, "This form was used for something else already. Begin again.");
    };
  }

  private static Answer kept(int status, String sentence) {
    return new Answer(status, WireFormat.write(new Kept(sentence)));
  }

  private static String done(FulfillmentCommand command) {
    return switch (command) {
      case FulfillmentCommand.Complete _ -> "Fulfilled.";
      case FulfillmentCommand.Hold _ -> "On hold.";
      case FulfillmentCommand.Release _ -> "Released.";
      case FulfillmentCommand.Reverse _ -> "Reversed.";
    };
  }

  /// Asks the provider for a refund.
  ///
  /// @param amount null for all that is left
  Result refund(
      Person person,
      OrderView order,
      @Nullable Money amount,
      String reason,
      @Nullable String note,
      String key)
      throws SQLException {
    long entry =
        audit.begin(
            person,
            "order.refund asked",
            order.id().value(),
            (amount == null ? "all that is left" : Words.money(amount))
                + ", "
                + Words.plain(reason));
    Result result =
        switch (ingest.refund(
            order.id(), order.connectedAccount(), amount, reason, note, "console-" + key)) {
          case Reply.Got<IngestService.Refund>(var refund) ->
              new Result(
                  200,
                  "The provider has taken the refund of "
                      + Words.money(refund.amount())
                      + ". The order says so as soon as its webhook is here.");
          case Reply.Refused<IngestService.Refund>(var status, _, var sentence) ->
              new Result(status, sentence);
          case Reply.Away<IngestService.Refund>(var sentence) ->
              new Result(
                  503,
                  sentence
                      + " Whether the refund was made is unknown. Confirm again: it is made once"
                      + " however often you do.");
        };
    audit.end(entry, outcome(result));
    return result;
  }

  /// Has a receipt sent again.
  Result resend(Person person, OrderId order, String receipt) throws SQLException {
    long entry = audit.begin(person, "receipt.resend asked", order.value(), receipt);
    Result result =
        switch (receipts.resend(receipt, person.name())) {
          case Reply.Got<ReceiptService.Receipt> _ ->
              new Result(200, "The receipt is on its way again.");
          case Reply.Refused<ReceiptService.Receipt>(var status, _, var sentence) ->
              new Result(status, sentence);
          case Reply.Away<ReceiptService.Receipt>(var sentence) -> new Result(503, sentence);
        };
    audit.end(entry, outcome(result));
    return result;
  }

  private static String outcome(Result result) {
    return result.done() ? Audit.DONE : result.status() >= 500 ? "unknown" : "refused";
  }
}
