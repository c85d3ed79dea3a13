package dev.quittance.receipts.api;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.receipts.mail.MailRoom;
import dev.quittance.receipts.mail.Mailbox;
import dev.quittance.receipts.mail.Stationery;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.receipts.render.Samples;
import dev.quittance.receipts.store.ByHand;
import dev.quittance.receipts.store.Receipts;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

/// Receipts: the list of an order's, resending, the customer's view and a preview.
@Path("/receipts")
@Produces(MediaType.APPLICATION_JSON)
public class ReceiptsResource {

  /// A person's name or login; longer ones are somebody's mistake.
  private static final int BY_MAX = 100;

  /// Pages for people load nothing, run nothing and are kept by nobody on the way.
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src https:; frame-ancestors 'self'";

  private final Receipts receipts;
  private final ByHand byHand;
  private final MailRoom mailRoom;
  private final Renderer renderer;
  private final Stationery stationery;

  ReceiptsResource(
      Receipts receipts,
      ByHand byHand,
      MailRoom mailRoom,
      Renderer renderer,
      Stationery stationery) {
    this.receipts = receipts;
    this.byHand = byHand;
    this.mailRoom = mailRoom;
    this.renderer = renderer;
    this.stationery = stationery;
  }

  @GET
  @Operation(summary = "The receipts of an order, the oldest first")
  public ReceiptView.Page list(
      @Parameter(required = true, example = "stripe:pi_3Qx") @QueryParam("order")
          @Nullable String order) {
    return new ReceiptView.Page(receipts.of(orderId(order)).stream().map(ReceiptView::of).toList());
  }

  /// What a resending may say.
  ///
  /// @param to where to, if not where it went before
  /// @param by who wants it, for the audit
  public record Resending(@Nullable String to, @Nullable String by) {}

  @POST
  @Path("/{id}/resend")
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Has a receipt sent again, to the same or a corrected address")
  @RequestBody(content = @Content(schema = @Schema(implementation = Resending.class)))
  public Response resend(@PathParam("id") String id, byte @Nullable [] body) {
    Resending wish = wish(body);
    Optional<String> to = Optional.ofNullable(wish.to());
    if (to.isPresent() && Mailbox.parse(to.get()).isEmpty()) {
      throw new BadRequest("No letter can be sent to this address.");
    }
    String by = wish.by() == null ? "unknown" : wish.by();
    if (by.length() > BY_MAX) {
      throw new BadRequest("Say in at most " + BY_MAX + " characters who wants it.");
    }
    return switch (byHand.resend(receiptId(id), to, by)) {
      case ByHand.Answer.Due() -> {
        mailRoom.wake();
        yield Response.accepted(ReceiptView.of(receipts.findById(id))).build();
      }
      case ByHand.Answer.Unknown() -> throw new NotFoundException();
      case ByHand.Answer.UnderWay(var status) ->
          Problem.response(
              Response.Status.CONFLICT, "It is " + status.wireName() + " already; wait for it.");
      case ByHand.Answer.Addressless() ->
          throw new BadRequest("The order has no address: say where to.");
    };
  }

  @GET
  @Path("/preview")
  @Produces(MediaType.TEXT_HTML)
  @Operation(summary = "What receipts look like")
  public Response preview(
      @QueryParam("kind") @DefaultValue("payment") String kind,
      @QueryParam("locale") @DefaultValue("en") String locale,
      @QueryParam("currency") @DefaultValue("EUR") String currency,
      @QueryParam("endpoint") @DefaultValue("") String endpoint) {
    return page(
        renderer
            .render(
                Samples.of(kind(kind), locale, currency(currency)),
                Samples.NUMBER,
                stationery.merchant(endpoint))
            .html());
  }

  @GET
  @Path("/{token}")
  @Produces(MediaType.TEXT_HTML)
  @Operation(summary = "The customer's view of a receipt")
  public Response view(@PathParam("token") String token) {
    UUID opens = uuid(token).orElseThrow(NotFoundException::new);
    ByHand.View view = byHand.view(opens).orElseThrow(NotFoundException::new);
    return page(
        renderer
            .render(view.content(), view.number(), stationery.merchant(view.content().endpoint()))
            .html());
  }

  /// A body may be missing, of whatever type the client then says it is.
  private static Resending wish(byte @Nullable [] body) {
    if (body == null || body.length == 0) {
      return new Resending(null, null);
    }
    try {
      return WireFormat.read(body, Resending.class);
    } catch (UnreadableEvent e) {
      throw new BadRequest("The body is JSON: {\"to\": …, \"by\": …}, both optional.");
    }
  }

  private static Response page(String html) {
    return Response.ok(html)
        .type("text/html;charset=UTF-8")
        .header("Content-Security-Policy", POLICY)
        .header("Cache-Control", "private, no-store")
        .header("Referrer-Policy", "no-referrer")
        .header("X-Robots-Tag", "noindex")
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }

  private static Optional<UUID> uuid(String token) {
    try {
      return Optional.of(UUID.fromString(token));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ReceiptId receiptId(String id) {
    try {
      return new ReceiptId(id);
    } catch (IllegalArgumentException e) {
      throw new NotFoundException(e);
    }
  }

  private static Kind kind(String kind) {
    try {
      return Kind.valueOf(kind.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new BadRequest("A receipt's kind is payment, refund or correction.");
    }
  }

  private static Currency currency(String code) {
    try {
      Currency currency = Currency.getInstance(code.toUpperCase(Locale.ROOT));
      if (currency.getDefaultFractionDigits() >= 0) {
        return currency;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new BadRequest("There is no such currency.");
  }

  private static OrderId orderId(@Nullable String text) {
    if (text == null) {
      throw new BadRequest("Say which order: ?order={account}:{payment reference}.");
    }
    try {
      return new OrderId(text);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("An order's id is {account}:{payment reference}.");
    }
  }
}
