package dev.quittance.console.orders;

import dev.quittance.console.ActionResult;
import dev.quittance.console.Labels;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.clients.IngestClient;
import dev.quittance.fulfillment.clients.ReceiptClient;
import dev.quittance.fulfillment.clients.ServiceReply;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.persistence.Audit.Person;
import dev.quittance.fulfillment.persistence.RefundRequests;
import dev.quittance.fulfillment.persistence.StoredAnswer;
import dev.quittance.fulfillment.usecase.CommandResult;
import dev.quittance.fulfillment.usecase.HandleCommand;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Does to an order what staff asks for, each thing written down before and after.
@ApplicationScoped
class OrderActions {

  private final HandleCommand commands;
  private final IngestClient ingest;
  private final ReceiptClient receipts;
  private final RefundRequests refundRequests;
  private final Audit audit;

  OrderActions(
      HandleCommand commands,
      IngestClient ingest,
      ReceiptClient receipts,
      RefundRequests refundRequests,
      Audit audit) {
    this.commands = commands;
    this.ingest = ingest;
    this.receipts = receipts;
    this.refundRequests = refundRequests;
    this.audit = audit;
  }

  /// What is kept of a command's first answer, to be given again.
  public record Kept(String sentence) {}

  /// Gives a command to an order.
  ///
  /// @param detail for the audit, without personal data
  /// @param key by which a repetition is known
  ActionResult command(
      Person person, OrderId order, FulfillmentCommand command, String detail, String key)
      throws SQLException {
    StoredAnswer answer =
        commands.perform(
            person,
            order,
            command,
            detail,
            "console:" + key,
            performed -> answer(command, performed));
    return new ActionResult(answer.status(), WireFormat.read(answer.body(), Kept.class).sentence());
  }

  private static StoredAnswer answer(FulfillmentCommand command, CommandResult performed) {
    return switch (performed) {
      case CommandResult.Taken _ -> kept(200, done(command));
      case CommandResult.Refused(var refusal) -> kept(409, refusal.sentence());
      case CommandResult.NoSuchOrder() -> kept(404, "There is no such order.");
      case CommandResult.KeyReused() ->
          kept(422, "This form was used for something else already. Begin again.");
    };
  }

  private static StoredAnswer kept(int status, String sentence) {
    return new StoredAnswer(status, WireFormat.write(new Kept(sentence)));
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
      case ServiceReply.Got<IngestClient.EndpointList>(var list) ->
          whyNoRefund(order, list.endpoints());
      case ServiceReply.Refused<IngestClient.EndpointList>(_, _, var sentence) ->
          Optional.of(sentence + " Whether a refund is possible here is unknown.");
      case ServiceReply.Away<IngestClient.EndpointList>(var sentence) ->
          Optional.of(sentence + " Whether a refund is possible here is unknown.");
    };
  }

  private static Optional<String> whyNoRefund(
      OrderView order, List<IngestClient.Endpoint> endpoints) {
    List<IngestClient.Endpoint> ofAccount =
        endpoints.stream().filter(known -> known.account().equals(order.account())).toList();
    if (ofAccount.stream().anyMatch(IngestClient.Endpoint::refunds)) {
      return Optional.empty();
    }
    String provider = Labels.provider(order.provider());
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
  ActionResult refund(
      Person person,
      OrderView order,
      @Nullable Money amount,
      String reason,
      @Nullable String note,
      String key)
      throws SQLException {
    String much = amount == null ? "all that is left" : Labels.money(amount);
    long entry =
        audit.begin(
            person, "order.refund asked", order.id().value(), much + ", " + Labels.plain(reason));
    refundRequests.begin(order.id(), key, person.name(), much, reason, note);
    String refundId = null;
    ActionResult result =
        switch (ingest.refund(
            order.id(), order.connectedAccount(), amount, reason, note, "console-" + key)) {
          case ServiceReply.Got<IngestClient.Refund>(var refund) -> {
            refundId = refund.refund();
            yield new ActionResult(
                200, "Refund of " + Labels.money(refund.amount()) + " accepted.");
          }
          case ServiceReply.Refused<IngestClient.Refund>(var status, _, var sentence) ->
              new ActionResult(status, sentence);
          case ServiceReply.Away<IngestClient.Refund>(var sentence) ->
              new ActionResult(
                  503,
                  sentence
                      + " Whether the refund was made is unknown. Confirm again: it is made once"
                      + " however often you do.");
        };
    refundRequests.end(order.id(), key, result.outcome(), refundId);
    audit.end(entry, result.outcome());
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
  ActionResult resend(
      Person person, OrderId order, Mail mail, String id, @Nullable String to, String key)
      throws SQLException {
    long entry =
        audit.begin(
            person,
            mail.action,
            order.value(),
            id + (to == null ? "" : ", to a corrected address"));
    ServiceReply<ReceiptClient.Resent> reply =
        switch (mail) {
          case RECEIPT -> receipts.resend(id, to, person.name(), "console-" + key);
          case CODE -> receipts.resendCode(id, to, person.name(), "console-" + key);
        };
    ActionResult result =
        switch (reply) {
          case ServiceReply.Got<ReceiptClient.Resent> _ -> new ActionResult(200, mail.done);
          case ServiceReply.Refused<ReceiptClient.Resent>(var status, _, var sentence) ->
              new ActionResult(status, sentence);
          case ServiceReply.Away<ReceiptClient.Resent>(var sentence) ->
              new ActionResult(
                  503,
                  sentence
                      + " Whether it is sent again is unknown. Confirm again: it is sent once"
                      + " however often you do.");
        };
    audit.end(entry, result.outcome());
    return result;
  }
}
