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
import dev.quittance.fulfillment.store.RefundRequests;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Does to an order what staff asks for, each thing written down before and after.
@ApplicationScoped
class Actions {

  private final OrderActions orders;
  private final IngestService ingest;
  private final ReceiptService receipts;
  private final RefundRequests refundRequests;
  private final Audit audit;

  Actions(
      OrderActions orders,
      IngestService ingest,
      ReceiptService receipts,
      RefundRequests refundRequests,
      Audit audit) {
    this.orders = orders;
    this.ingest = ingest;
    this.receipts = receipts;
    this.refundRequests = refundRequests;
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
      case FulfillmentCommand.Complete _ -> "Marked as fulfilled.";
      case FulfillmentCommand.Hold _ -> "On hold.";
      case FulfillmentCommand.Release _ -> "Released.";
      case FulfillmentCommand.Reverse _ -> "Marked as returned.";
    };
  }

  /// Why no refund of the order can be asked for here, as a sentence; empty where one can.
  Optional<String> whyNoRefund(OrderView order) {
    return switch (ingest.endpoints()) {
      case Reply.Got<IngestService.EndpointList>(var list) -> whyNoRefund(order, list.endpoints());
      case Reply.Refused<IngestService.EndpointList>(_, _, var sentence) ->
          Optional.of(sentence + " Whether a refund is possible here is unknown.");
      case Reply.Away<IngestService.EndpointList>(var sentence) ->
          Optional.of(sentence + " Whether a refund is possible here is unknown.");
    };
  }

  private static Optional<String> whyNoRefund(
      OrderView order, List<IngestService.Endpoint> endpoints) {
    List<IngestService.Endpoint> ofAccount =
        endpoints.stream().filter(known -> known.account().equals(order.account())).toList();
    if (ofAccount.stream().anyMatch(IngestService.Endpoint::refunds)) {
      return Optional.empty();
    }
    String provider = Words.provider(order.provider());
    if (ofAccount.isEmpty()) {
      return Optional.of(
          "No endpoint has the account " + order.account() + ", so nobody here can refund it.");
    }
    return Optional.of(
        ofAccount.stream().allMatch(known -> known.apiAccess().equals("none"))
            ? provider
                + " has no API for refunds. Refund in its own dashboard; this page follows what it"
                + " reports."
            : "The endpoint "
                + ofAccount.getFirst().name()
                + " has no API key to refund with. Set one, or refund in "
                + provider
                + "'s dashboard.");
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
    String much = amount == null ? "all that is left" : Words.money(amount);
    long entry =
        audit.begin(
            person, "order.refund asked", order.id().value(), much + ", " + Words.plain(reason));
    refundRequests.begin(order.id(), key, person.name(), much, reason, note);
    String refundId = null;
    Result result =
        switch (ingest.refund(
            order.id(), order.connectedAccount(), amount, reason, note, "console-" + key)) {
          case Reply.Got<IngestService.Refund>(var refund) -> {
            refundId = refund.refund();
            yield new Result(200, "Refund of " + Words.money(refund.amount()) + " accepted.");
          }
          case Reply.Refused<IngestService.Refund>(var status, _, var sentence) ->
              new Result(status, sentence);
          case Reply.Away<IngestService.Refund>(var sentence) ->
              new Result(
                  503,
                  sentence
                      + " Whether the refund was made is unknown. Confirm again: it is made once"
                      + " however often you do.");
        };
    refundRequests.end(order.id(), key, outcome(result), refundId);
    audit.end(entry, outcome(result));
    return result;
  }

  /// A mail that can be sent again.
  enum Mail {
    RECEIPT("receipt.resend asked", "The receipt is on its way again."),
    CODE("code.resend asked", "The mail with the code is on its way again.");

    private final String action;
    private final String done;

    Mail(String action, String done) {
      this.action = action;
      this.done = done;
    }
  }

  /// Has a receipt or a mail with a code sent again.
  ///
  /// @param to null for where it went before; the audit, which erasing a customer doesn't reach,
  ///   says only that it was corrected
  Result resend(Person person, OrderId order, Mail mail, String id, @Nullable String to, String key)
      throws SQLException {
    long entry =
        audit.begin(
            person,
            mail.action,
            order.value(),
            id + (to == null ? "" : ", to a corrected address"));
    Reply<ReceiptService.Resent> reply =
        switch (mail) {
          case RECEIPT -> receipts.resend(id, to, person.name(), "console-" + key);
          case CODE -> receipts.resendCode(id, to, person.name(), "console-" + key);
        };
    Result result =
        switch (reply) {
          case Reply.Got<ReceiptService.Resent> _ -> new Result(200, mail.done);
          case Reply.Refused<ReceiptService.Resent>(var status, _, var sentence) ->
              new Result(status, sentence);
          case Reply.Away<ReceiptService.Resent>(var sentence) ->
              new Result(
                  503,
                  sentence
                      + " Whether it is sent again is unknown. Confirm again: it is sent once"
                      + " however often you do.");
        };
    audit.end(entry, outcome(result));
    return result;
  }

  /// As the audit says what came of it.
  static String outcome(Result result) {
    return result.done() ? Audit.DONE : result.status() >= 500 ? "unknown" : "refused";
  }
}
