package dev.quittance.console.mails;

import dev.quittance.console.Labels;
import dev.quittance.console.orders.OrderPage;
import dev.quittance.console.orders.ReceiptLine;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.clients.ReceiptClient.Code;
import dev.quittance.fulfillment.clients.ReceiptClient.FailedList;
import dev.quittance.fulfillment.clients.ReceiptClient.Receipt;
import dev.quittance.fulfillment.order.PersonalData;
import java.util.List;
import java.util.Objects;

/// The mails that failed, in the page's words.
///
/// @param since what was typed
/// @param sinceWords the time that was understood
/// @param complaint about what was typed
/// @param resendable how many can be sent again; 0 where that isn't offered
public record FailedMailModel(
    String since,
    String sinceWords,
    String complaint,
    List<Row> receipts,
    String receiptsInAll,
    List<Row> codes,
    String codesInAll,
    long resendable,
    String trouble) {

  /// One mail.
  ///
  /// @param discard whether its code can be discarded
  public record Row(
      String id,
      String order,
      String path,
      String kind,
      String at,
      String status,
      String tone,
      String to,
      String note,
      boolean discard) {

    @Override
    public String toString() {
      return "Row[" + id + ", " + status + "]";
    }

    static Row of(Receipt receipt, PersonalData personal) {
      return new Row(
          receipt.id(),
          receipt.order(),
          OrderPage.path(new OrderId(receipt.order())),
          receipt.kind(),
          Labels.time(receipt.undeliverableAt()),
          Labels.plain(receipt.status()),
          "bad",
          Objects.requireNonNullElse(receipt.to(), Labels.NOTHING),
          ReceiptLine.note(receipt.reason(), personal),
          false);
    }

    static Row of(Code code) {
      return new Row(
          code.id(),
          code.order(),
          OrderPage.path(new OrderId(code.order())),
          "code mail",
          Labels.time(code.undeliverableAt()),
          Labels.plain(code.status()),
          code.status().equals("undeliverable") ? "bad" : "",
          Objects.requireNonNullElse(code.to(), "no e-mail address yet"),
          code.reason() == null ? "" : Labels.plain(code.reason()),
          ReceiptLine.discardable(code));
    }
  }

  static FailedMailModel of(
      String since, String sinceWords, String complaint, FailedList list, PersonalData personal) {
    return new FailedMailModel(
        since,
        sinceWords,
        complaint,
        list.receipts().stream().map(receipt -> Row.of(receipt, personal)).toList(),
        MailActions.counted(list.receiptsInAll(), "receipt"),
        list.codes().stream().map(Row::of).toList(),
        MailActions.counted(list.codesInAll(), "code"),
        complaint.isEmpty() ? list.resendable() : 0,
        "");
  }

  static FailedMailModel away(String since, String sinceWords, String complaint, String trouble) {
    return new FailedMailModel(
        since, sinceWords, complaint, List.of(), "", List.of(), "", 0, trouble);
  }
}
