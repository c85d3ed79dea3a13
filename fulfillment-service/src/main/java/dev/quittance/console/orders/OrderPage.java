package dev.quittance.console.orders;

import dev.quittance.access.Needs;
import dev.quittance.access.Role;
import dev.quittance.console.ActionResult;
import dev.quittance.console.Confirmation;
import dev.quittance.console.Confirmation.Field;
import dev.quittance.console.Labels;
import dev.quittance.console.Panels;
import dev.quittance.console.orders.OrderActions.Mail;
import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.contracts.Tracking;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.fulfillment.access.PageFrame;
import dev.quittance.fulfillment.clients.ReceiptClient;
import dev.quittance.fulfillment.clients.ServiceReply;
import dev.quittance.fulfillment.order.CommandLimits;
import dev.quittance.fulfillment.order.Decision;
import dev.quittance.fulfillment.order.OrderState;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.persistence.Audit.Person;
import dev.quittance.fulfillment.persistence.OrderQueries;
import dev.quittance.fulfillment.persistence.RefundRequests;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/// One order: what is known of it, how it came about, and what can be done. Everything that is done
/// is asked twice.
@Path("/console/orders/{id}")
@Produces("text/html; charset=utf-8")
@Blocking // a method that returns a template is otherwise thought not to wait for anything
public class OrderPage {

  /// Enough to see what goes on; the table holds all.
  private static final int AUDIT_MAX = 50;

  /// Far more events than one payment has.
  private static final int FACTS_MAX = 200;

  /// What the provider takes.
  private static final int NOTE_LENGTH_MAX = 500;

  /// Providers' ids and our own receipts' are shorter.
  private static final int RECEIPT_ID_LENGTH_MAX = 255;

  /// What the page says after it was done, by the word in its address.
  private static final Map<String, String> DONE =
      Map.of(
          "fulfill", "Marked as fulfilled.",
          "hold", "The order is on hold.",
          "release", "The order is released.",
          "reverse", "The order is marked as returned.",
          "refund",
              "Refund accepted by the provider. This page updates when the provider confirms it.",
          "resend", "The mail is on its way again.",
          "discard-code", "The code is discarded.");

  /// One at sign with something on both sides; the mail server knows the rest.
  private static final Pattern ADDRESS = Pattern.compile("[^\\s@]{1,64}@[^\\s@]{1,255}");

  private static final Map<String, String> REASONS =
      Map.of(
          "requested_by_customer", "Requested by the customer",
          "duplicate", "Duplicate payment",
          "fraudulent", "Fraudulent");

  private final OrderQueries orders;
  private final RefundRequests refundRequests;
  private final Audit audit;
  private final OrderActions actions;
  private final ReceiptClient receipts;
  private final EventsPanel events;
  private final PageFrame shell;

  OrderPage(
      OrderQueries orders,
      RefundRequests refundRequests,
      Audit audit,
      OrderActions actions,
      ReceiptClient receipts,
      EventsPanel events,
      PageFrame shell) {
    this.orders = orders;
    this.refundRequests = refundRequests;
    this.audit = audit;
    this.actions = actions;
    this.receipts = receipts;
    this.events = events;
    this.shell = shell;
  }

  @GET
  public Response show(@PathParam("id") String id, @QueryParam("did") @Nullable String did)
      throws SQLException {
    String notice = did == null ? "" : DONE.getOrDefault(did, "");
    return page(200, order(id), false, notice, "good");
  }

  /// Shows the customer in full; who looked is written down.
  @POST
  @Path("/reveal")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response reveal(@PathParam("id") String id) throws SQLException {
    OrderView order = order(id);
    audit.note(person(), "customer.revealed", order.id().value(), "");
    return page(200, order, true, "", "");
  }

  /// Shows what the provider said, byte for byte, beside what it means; who looked is written down.
  @POST
  @Path("/events")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public TemplateInstance events(@PathParam("id") String id) throws SQLException {
    OrderView order = order(id);
    audit.note(person(), "events.read", order.id().value(), "");
    return Templates.events(order.id().value(), path(order.id()), events.of(order.id()));
  }

  /// The receipts of the order, asked of the service that has them.
  @GET
  @Path("/receipts")
  public TemplateInstance receipts(
      @PathParam("id") String id, @HeaderParam("HX-Request") @Nullable String htmx)
      throws SQLException {
    return Panels.of("Receipts", htmx, receiptLines(order(id)));
  }

  private TemplateInstance receiptLines(OrderView order) throws SQLException {
    var began =
        orders.receivedFacts(order.id(), FACTS_MAX).stream()
            .map(fact -> Objects.requireNonNullElse(fact.receivedAt(), fact.recordedAt()))
            .min(Comparator.naturalOrder());
    return switch (receipts.of(order.id())) {
      case ServiceReply.Got<ReceiptClient.ReceiptList>(var list) ->
          Templates.receipts(
              path(order.id()),
              order.id().value(),
              Stream.concat(
                      list.receipts().stream()
                          .map(receipt ->
                              ReceiptLine.of(
                                  receipt, sendings(receipt), began, shell.personalData())),
                      list.codes().stream().map(ReceiptLine::of))
                  .toList(),
              "");
      case ServiceReply.Refused<ReceiptClient.ReceiptList>(_, _, var sentence) ->
          Templates.receipts(path(order.id()), order.id().value(), List.of(), sentence);
      case ServiceReply.Away<ReceiptClient.ReceiptList>(var sentence) ->
          Templates.receipts(path(order.id()), order.id().value(), List.of(), sentence);
    };
  }

  @POST
  @Path("/fulfill")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response fulfill(
      @PathParam("id") String id,
      @RestForm List<String> line,
      @RestForm List<String> quantity,
      @RestForm @Nullable String carrier,
      @RestForm @Nullable String number,
      @RestForm @Nullable String code,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    OrderView order = order(id);
    List<FulfilledItem> items;
    try {
      items = items(order, line, quantity);
    } catch (IllegalArgumentException e) {
      return complaint(order, String.valueOf(e.getMessage()));
    }
    boolean tracked = given(carrier) != null || given(number) != null;
    var command =
        new FulfillmentCommand.Complete(
            items, tracked ? new Tracking(given(carrier), given(number)) : null, given(code));
    Optional<String> limit = CommandLimits.exceededBy(command);
    if (limit.isPresent()) {
      return complaint(order, "The form has " + limit.get() + ".");
    }
    String what = items.isEmpty() ? "all that remains" : OrderModel.named(order, items);
    String once = Confirmation.key(confirmed, key);
    if (once != null) {
      String detail =
          (items.isEmpty() ? "all that remains" : counted(items))
              + (tracked ? ", with tracking" : "")
              + (command.deliveredCode() == null ? "" : ", with a code");
      return did(order, "fulfill", actions.command(person(), order.id(), command, detail, once));
    }
    Optional<Response> refused = refused(order, command);
    if (refused.isPresent()) {
      return refused.get();
    }
    var sentences = new ArrayList<String>();
    sentences.add(
        "You're marking as fulfilled: "
            + what
            + (tracked
                ? " ("
                    + Objects.requireNonNullElse(given(carrier), "carrier unknown")
                    + ", "
                    + Objects.requireNonNullElse(given(number), "no tracking number")
                    + ")"
                : "")
            + ".");
    if (command.deliveredCode() != null) {
      sentences.add("The code is mailed to the customer. It can't be shown here afterwards.");
    }
    sentences.add("Other services are notified at once. This can't be undone.");
    var fields = new ArrayList<Field>();
    for (FulfilledItem item : items) {
      fields.add(new Field("line", item.id()));
      fields.add(new Field("quantity", Long.toString(item.quantity())));
    }
    add(fields, "carrier", carrier);
    add(fields, "number", number);
    add(fields, "code", code);
    return ask(order, "fulfill", "Fulfill this order?", sentences, fields, "Fulfill", false);
  }

  @POST
  @Path("/hold")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response hold(
      @PathParam("id") String id,
      @RestForm @Nullable String reason,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    return simple(
        id,
        "hold",
        new FulfillmentCommand.Hold(given(reason)),
        reason,
        confirmed,
        key,
        new Question(
            "Put this order on hold?",
            "Nothing of it is to be shipped until it is released.",
            "Put on hold"));
  }

  @POST
  @Path("/release")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response release(
      @PathParam("id") String id,
      @RestForm @Nullable String reason,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    return simple(
        id,
        "release",
        new FulfillmentCommand.Release(given(reason)),
        reason,
        confirmed,
        key,
        new Question("Release this order?", released(order(id)), "Release"));
  }

  private static String released(OrderView order) {
    if (order.paymentStatus() == PaymentStatus.DISPUTED) {
      return "The hold ends. An open dispute keeps the order on hold: nothing is to be shipped"
          + " until it is decided.";
    }
    String shipped = "What was to be shipped before the hold may be shipped at once.";
    return order.duplicateOf() == null
        ? shipped
        : "Order %s was paid before with the same reference. ".formatted(order.duplicateOf())
            + shipped;
  }

  @POST
  @Path("/reverse")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response reverse(
      @PathParam("id") String id,
      @RestForm @Nullable String reason,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    return simple(
        id,
        "reverse",
        new FulfillmentCommand.Reverse(given(reason)),
        reason,
        confirmed,
        key,
        new Question(
            "Are the goods back, or written off?",
            "The order is closed as returned. This can't be undone.",
            "Mark as returned"));
  }

  /// The form for a refund, or why there is none: that the provider takes refunds by its API is
  /// ingest-service's to say.
  @GET
  @Path("/refund")
  @Needs(Role.OPERATOR)
  public TemplateInstance refund(
      @PathParam("id") String id, @HeaderParam("HX-Request") @Nullable String htmx) {
    OrderView order = order(id);
    Optional<Money> refundable = OrderModel.refundable(order);
    String trouble =
        refundable.isEmpty()
            ? "Nothing of this order can be refunded now."
            : actions.whyNoRefund(order).orElse("");
    return Panels.of(
        "Refund",
        htmx,
        Templates.refund(
            path(order.id()),
            refundable.map(money -> money.major().toPlainString()).orElse(""),
            refundable.map(money -> money.currency().getCurrencyCode()).orElse(""),
            Labels.provider(order.provider()),
            trouble));
  }

  @POST
  @Path("/refund")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response refund(
      @PathParam("id") String id,
      @RestForm @Nullable String amount,
      @RestForm @Nullable String reason,
      @RestForm @Nullable String note,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    OrderView order = order(id);
    String once = Confirmation.key(confirmed, key);
    Optional<Money> refundable = OrderModel.refundable(order);
    // a repeated click may find the first one's refund already reported: the key settles that
    if (refundable.isEmpty() && once == null) {
      return complaint(order, "Nothing of this order can be refunded now.");
    }
    String why = Objects.requireNonNullElse(reason, "");
    if (!REASONS.containsKey(why)) {
      return complaint(order, "Choose a reason for the refund.");
    }
    if (CodePoints.moreThan(NOTE_LENGTH_MAX, note)) {
      return complaint(order, "The note has at most " + NOTE_LENGTH_MAX + " characters.");
    }
    Money part;
    try {
      part = part(order, amount);
    } catch (IllegalArgumentException e) {
      return complaint(order, String.valueOf(e.getMessage()));
    }
    if (once != null) {
      return did(order, "refund", actions.refund(person(), order, part, why, given(note), once));
    }
    if (part != null && part.compareTo(refundable.orElseThrow()) > 0) {
      return complaint(
          order, "At most " + Labels.money(refundable.orElseThrow()) + " can be refunded.");
    }
    Optional<String> impossible = actions.whyNoRefund(order);
    if (impossible.isPresent()) {
      return page(409, order, false, impossible.get(), "bad");
    }
    var sentences = new ArrayList<String>();
    sentences.add(
        "Refund amount: "
            + (part == null
                ? "all that is left, " + Labels.money(refundable.orElseThrow())
                : Labels.money(part))
            + ".");
    sentences.add("Reason: " + REASONS.get(why) + ".");
    sentences.add(
        Labels.provider(order.provider())
            + " moves the money. This can't be undone; the customer gets a receipt.");
    if (given(note) != null) {
      sentences.add("Note: " + given(note));
    }
    var fields = new ArrayList<Field>();
    add(fields, "amount", amount);
    add(fields, "reason", reason);
    add(fields, "note", note);
    return ask(order, "refund", "Refund this order?", sentences, fields, "Refund", true);
  }

  /// Each sending of a receipt that was sent more than once; none where that isn't known now.
  private List<ReceiptClient.Sending> sendings(ReceiptClient.Receipt receipt) {
    return receipt.sendings() > 1
            && receipts.receipt(receipt.id())
                instanceof ServiceReply.Got<ReceiptClient.ReceiptDetail>(var detail)
        ? detail.sendings()
        : List.of();
  }

  /// Sends a receipt or a mail with a code again, to where it went before or to an address that
  /// somebody corrected.
  @POST
  @Path("/resend")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response resend(
      @PathParam("id") String id,
      @RestForm @Nullable String receipt,
      @RestForm @Nullable String code,
      @RestForm @Nullable String to,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    OrderView order = order(id);
    Mail mail = given(code) == null ? Mail.RECEIPT : Mail.CODE;
    String wanted = mail == Mail.CODE ? given(code) : given(receipt);
    if (wanted == null || CodePoints.moreThan(RECEIPT_ID_LENGTH_MAX, wanted)) {
      return complaint(order, "The form names no receipt.");
    }
    String address = given(to);
    if (address != null && !ADDRESS.matcher(address).matches()) {
      return complaint(
          order, "The corrected address is no e-mail address such as ada@example.com.");
    }
    Optional<ReceiptLine> line =
        mails(order.id()).stream()
            .filter(known ->
                known.id().equals(wanted)
                    && known.kind().equals("code mail") == (mail == Mail.CODE))
            .findFirst();
    if (line.isEmpty()) {
      return complaint(order, "This order has no such receipt, or receipt-service is away.");
    }
    String once = Confirmation.key(confirmed, key);
    if (once != null) {
      return did(
          order, "resend", actions.resend(person(), order.id(), mail, wanted, address, once));
    }
    if (line.get().again().isEmpty()) {
      return page(
          409,
          order,
          false,
          "It is " + line.get().status() + " now: it can't be sent again.",
          "bad");
    }
    boolean addressless = line.get().to().equals(Labels.NOTHING);
    if (address == null && addressless) {
      return complaint(order, "There is no e-mail address yet: enter where to send it.");
    }
    var sentences = new ArrayList<String>();
    if (address != null) {
      sentences.add(
          "It is sent to "
              + address
              + (addressless ? "." : " instead of " + line.get().to() + "."));
    } else {
      sentences.add("It is sent to " + line.get().to() + ", as before.");
      if (line.get().status().equals("undeliverable")) {
        sentences.add(
            "It could not be delivered there"
                + (line.get().note().isEmpty() ? "" : " (" + line.get().note() + ")")
                + ". Go back and correct the address, unless that has been fixed.");
      }
    }
    if (mail == Mail.CODE) {
      sentences.add("Whoever receives it has the code.");
    }
    var fields = new ArrayList<Field>();
    fields.add(new Field(mail == Mail.CODE ? "code" : "receipt", wanted));
    add(fields, "to", to);
    return ask(
        order,
        "resend",
        mail == Mail.CODE ? "Send this code mail again?" : "Send this receipt again?",
        sentences,
        fields,
        "Send again",
        false);
  }

  private List<ReceiptLine> mails(OrderId order) {
    return receipts.of(order) instanceof ServiceReply.Got<ReceiptClient.ReceiptList>(var list)
        ? Stream.concat(
                list.receipts().stream()
                    .map(known ->
                        ReceiptLine.of(known, List.of(), Optional.empty(), shell.personalData())),
                list.codes().stream().map(ReceiptLine::of))
            .toList()
        : List.of();
  }

  /// What is asked before something that needs a reason only.
  private record Question(String title, String sentence, String button) {}

  private Response simple(
      String id,
      String action,
      FulfillmentCommand command,
      @Nullable String reason,
      @Nullable String confirmed,
      @Nullable String key,
      Question question)
      throws SQLException {
    OrderView order = order(id);
    Optional<String> limit = CommandLimits.exceededBy(command);
    if (limit.isPresent()) {
      return complaint(order, "The form has " + limit.get() + ".");
    }
    String once = Confirmation.key(confirmed, key);
    if (once != null) {
      return did(order, action, actions.command(person(), order.id(), command, "", once));
    }
    Optional<Response> refused = refused(order, command);
    if (refused.isPresent()) {
      return refused.get();
    }
    var sentences = new ArrayList<String>();
    sentences.add(question.sentence());
    if (given(reason) != null) {
      sentences.add("Reason: " + given(reason));
    }
    var fields = new ArrayList<Field>();
    add(fields, "reason", reason);
    return ask(order, action, question.title(), sentences, fields, question.button(), false);
  }

  /// What the order says to a command now, where it would refuse it: nobody is asked to confirm
  /// what can't be done.
  private Optional<Response> refused(OrderView order, FulfillmentCommand command)
      throws SQLException {
    Optional<OrderState> state = orders.state(order.id());
    if (state.isPresent() && state.get().decide(command) instanceof Decision.Refused(var refusal)) {
      return Optional.of(page(409, order, false, refusal.sentence(), "bad"));
    }
    return Optional.empty();
  }

  /// The lines and how many of each; all zero means all that remains.
  ///
  /// @throws IllegalArgumentException with a sentence for people
  private static List<FulfilledItem> items(
      OrderView order, List<String> lines, List<String> quantities) {
    if (lines.size() != quantities.size() || lines.size() > CommandLimits.ITEMS_MAX) {
      throw new IllegalArgumentException("The form's lines and quantities don't go together.");
    }
    var items = new ArrayList<FulfilledItem>();
    for (int i = 0; i < lines.size(); i++) {
      String id = lines.get(i);
      if (order.lineItems().stream().noneMatch(known -> known.id().equals(id))) {
        throw new IllegalArgumentException("The order has no such line.");
      }
      long quantity = quantity(quantities.get(i));
      if (quantity > 0) {
        items.add(new FulfilledItem(id, quantity));
      }
    }
    if (!lines.isEmpty() && items.isEmpty()) {
      throw new IllegalArgumentException("Say how many of which line are fulfilled.");
    }
    return items;
  }

  private static long quantity(String text) {
    try {
      long quantity = text.isBlank() ? 0 : Long.parseLong(text.strip());
      if (quantity >= 0) {
        return quantity;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("A quantity is a whole number from 0.");
  }

  private static String counted(List<FulfilledItem> items) {
    return items.stream()
        .map(item -> item.quantity() + " × " + item.id())
        .collect(Collectors.joining(", "));
  }

  /// The part that was written, in major units; null for all.
  ///
  /// @throws IllegalArgumentException with a sentence for people
  private static @Nullable Money part(OrderView order, @Nullable String text) {
    String written = given(text);
    Money whole = order.amount();
    if (written == null || whole == null) {
      return null;
    }
    String code = whole.currency().getCurrencyCode();
    try {
      // more digits than any amount has are no amount, and writing them out takes long
      Money part =
          written.length() > 20 ? null : Money.ofMajor(new BigDecimal(written.strip()), code);
      if (part != null && part.isPositive()) {
        return part;
      }
    } catch (NumberFormatException | UnreadableMoney e) {
      // said below
    }
    throw new IllegalArgumentException(
        "The amount is a positive number such as "
            + Money.ofMinor(1250, code).major().toPlainString()
            + ", in "
            + code
            + ".");
  }

  private static void add(List<Field> fields, String name, @Nullable String value) {
    if (given(value) != null) {
      fields.add(new Field(name, Objects.requireNonNull(value)));
    }
  }

  private static @Nullable String given(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  private Response ask(
      OrderView order,
      String action,
      String title,
      List<String> sentences,
      List<Field> fields,
      String button,
      boolean danger) {
    String path = path(order.id());
    var confirmation =
        new Confirmation(
            title, sentences, path + "/" + action, Confirmation.with(fields), button, danger, path);
    return Response.ok(confirmation.page(order.id().value()).render()).build();
  }

  private Response did(OrderView before, String action, ActionResult result) throws SQLException {
    if (result.done()) {
      return Response.seeOther(URI.create(path(before.id()) + "?did=" + action)).build();
    }
    return page(result.status(), order(before.id().value()), false, result.sentence(), "bad");
  }

  private Response complaint(OrderView order, String sentence) throws SQLException {
    return page(422, order, false, sentence, "bad");
  }

  private Response page(
      int status, OrderView order, boolean revealed, String notice, String noticeTone)
      throws SQLException {
    PersonalData personal = shell.personalData();
    OrderModel model =
        OrderModel.of(
            personal.in(order),
            orders.state(order.id()),
            orders.duplicates(order.id()),
            path(order.id()),
            revealed,
            new OrderModel.Entered(
                orders.commands(order.id(), personal), refundRequests.of(order.id(), personal)),
            orders.timeline(order.id(), personal),
            orders.receivedFacts(order.id(), FACTS_MAX),
            audit.of(order.id().value(), AUDIT_MAX));
    return Response.status(status)
        .entity(Templates.order(model, notice, noticeTone).render())
        .build();
  }

  private Person person() {
    return shell.person();
  }

  private OrderView order(String id) {
    try {
      return orders.view(new OrderId(id)).orElseThrow(NotFoundException::new);
    } catch (IllegalArgumentException e) {
      throw new NotFoundException(e);
    }
  }

  /// The page's address.
  public static String path(OrderId id) {
    return "/console/orders/"
        + URLEncoder.encode(id.value(), StandardCharsets.UTF_8)
            .replace("+", "%20")
            .replace("%3A", ":");
  }

  @CheckedTemplate(basePath = "console/orders", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance order(OrderModel model, String notice, String noticeTone);

    static native TemplateInstance events(String id, String path, EventsPanel.Sides sides);

    static native TemplateInstance receipts(
        String path, String order, List<ReceiptLine> receipts, String trouble);

    static native TemplateInstance refund(
        String path, String refundable, String currency, String provider, String trouble);
  }
}
