package dev.quittance.receipts.api;

import dev.quittance.access.CustomerPages;
import dev.quittance.access.Needs;
import dev.quittance.access.Open;
import dev.quittance.access.Problem;
import dev.quittance.access.RequestReader;
import dev.quittance.access.Role;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.receipts.actions.ResendMail;
import dev.quittance.receipts.actions.ResendRequest;
import dev.quittance.receipts.mail.MailAddress;
import dev.quittance.receipts.mail.MailBranding;
import dev.quittance.receipts.mail.MailDispatcher;
import dev.quittance.receipts.mail.PdfAttachment;
import dev.quittance.receipts.mail.TestMail;
import dev.quittance.receipts.persistence.CustomerViews;
import dev.quittance.receipts.persistence.MailQueries;
import dev.quittance.receipts.persistence.MailRow;
import dev.quittance.receipts.persistence.Sendings;
import dev.quittance.receipts.receipt.ReceiptContent;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.receipt.Seller;
import dev.quittance.receipts.render.Merchant;
import dev.quittance.receipts.render.ReceiptLink;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.receipts.render.Samples;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Receipts: the list of an order's, resending, the customer's view and a preview.
@Path("/receipts")
@Produces(MediaType.APPLICATION_JSON)
public class ReceiptsResource {

  /// Pages for people load nothing, run nothing and are kept by nobody on the way.
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src https:; frame-ancestors 'self'";

  private static final Logger LOG = Logger.getLogger(ReceiptsResource.class);

  private static final String PDF = "application/pdf";

  private static final Problem FORGOTTEN =
      Problem.of(410, "erased", "Gone", "This receipt was deleted at its customer's wish.");

  private final MailQueries mails;
  private final ResendMail resends;
  private final CustomerViews views;
  private final MailDispatcher dispatcher;
  private final Renderer renderer;
  private final MailBranding branding;
  private final TestMail testMail;
  private final Sendings sendings;

  ReceiptsResource(
      MailQueries mails,
      ResendMail resends,
      CustomerViews views,
      MailDispatcher dispatcher,
      Renderer renderer,
      MailBranding branding,
      TestMail testMail,
      Sendings sendings) {
    this.sendings = sendings;
    this.testMail = testMail;
    this.mails = mails;
    this.resends = resends;
    this.views = views;
    this.dispatcher = dispatcher;
    this.renderer = renderer;
    this.branding = branding;
  }

  /// A mail server's own words may name somebody.
  @GET
  @Needs(Role.OPERATOR)
  @Operation(summary = "The receipts of an order, the oldest first, 1,000 at most")
  public ReceiptView.Page list(
      @Parameter(required = true, example = "stripe:pi_3Qx") @QueryParam("order")
          @Nullable String order) {
    OrderId of = Requests.orderId(order);
    return new ReceiptView.Page(
        mails.receiptsOf(of).stream().map(ReceiptView::of).toList(),
        mails.codesOf(of).stream().map(ReceiptView.Code::of).toList());
  }

  @GET
  @Path("/{id: rcp_[a-z0-9]+}")
  @Needs(Role.OPERATOR)
  @Operation(summary = "A receipt, with each of its sendings")
  public ReceiptView.Detail receipt(@PathParam("id") String id) {
    ReceiptId of = Requests.receiptId(id);
    MailRow row = mails.findById(of.value());
    if (row == null) {
      throw new NotFoundException();
    }
    return new ReceiptView.Detail(ReceiptView.of(row), sendings.of(of));
  }

  @POST
  @Path("/{id}/resend")
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Has a receipt sent again, to the same or a corrected address")
  @RequestBody(content = @Content(schema = @Schema(implementation = Requests.Resending.class)))
  public Response resend(
      @PathParam("id") String id,
      @Parameter(description = "The same key again is the same sending, and the same answer")
          @HeaderParam("Idempotency-Key")
          @Nullable String key,
      @Context SecurityContext caller,
      byte @Nullable [] body) {
    ResendRequest request = Requests.resending(body, key, caller);
    return switch (resends.resend(Requests.receiptId(id).value(), request)) {
      case ResendMail.Answer.Due(var sending, var to, var firstSentAt) -> {
        dispatcher.wake();
        yield Response.accepted(ReceiptView.again(mails.findById(id), sending, to, firstSentAt))
            .build();
      }
      case ResendMail.Answer.Unknown() -> throw new NotFoundException();
      case ResendMail.Answer.UnderWay(var status) ->
          Requests.underWay("It is " + status.wireName() + " already; wait for it.").response();
      case ResendMail.Answer.Gone(), ResendMail.Answer.Discarded() -> FORGOTTEN.response();
      case ResendMail.Answer.Addressless() ->
          throw Problem.badRequest("The order has no address: say where to.");
      case ResendMail.Answer.KeyReused() -> RequestReader.KEY_REUSED.response();
    };
  }

  /// Who gets a test mail.
  ///
  /// @param to the one address
  /// @param endpoint whose sender it comes from
  public record Testing(@Nullable String to, @Nullable String endpoint) {

    @Override
    public String toString() {
      return "Testing[" + endpoint + "]";
    }
  }

  @POST
  @Path("/test-mail")
  @Consumes(MediaType.WILDCARD)
  @RunOnVirtualThread
  @Operation(summary = "Tries the mail settings out, with a mail to an address of your own")
  @RequestBody(content = @Content(schema = @Schema(implementation = Testing.class)))
  public TestMail.Result testMail(byte @Nullable [] body, @Context SecurityContext caller) {
    Testing wish =
        RequestReader.body(body, Testing.class, "The body is JSON: {\"to\": …, \"endpoint\": …}.");
    MailAddress to =
        Optional.ofNullable(wish.to())
            .flatMap(MailAddress::parse)
            .orElseThrow(() -> Problem.badRequest("Say where to: {\"to\": \"you@example.com\"}."));
    LOG.infof("testmail.asked by=%s", caller.getUserPrincipal().getName());
    return testMail.send(to, Optional.ofNullable(wish.endpoint()).orElse(""));
  }

  @GET
  @Path("/preview")
  @Produces({MediaType.TEXT_HTML, MediaType.TEXT_PLAIN, PDF})
  @Operation(summary = "What receipts look like")
  public Response preview(
      @QueryParam("kind") @DefaultValue("payment") String kind,
      @QueryParam("locale") @DefaultValue("en") String locale,
      @QueryParam("currency") @DefaultValue("EUR") String currency,
      @QueryParam("endpoint") @DefaultValue("") String endpoint,
      @QueryParam("format") @DefaultValue("html") String format) {
    ReceiptContent sample = Samples.of(kind(kind), locale, currency(currency));
    Merchant merchant = branding.merchant(Seller.of(endpoint));
    return switch (format) {
      case "html" -> page(renderer.render(sample, Samples.NUMBER, merchant).html());
      case "text" ->
          guarded(Response.ok(renderer.render(sample, Samples.NUMBER, merchant).text()))
              .type("text/plain;charset=UTF-8")
              .build();
      case "pdf" -> pdf(renderer.pdf(sample, Samples.NUMBER, merchant), Samples.NUMBER);
      default -> throw Problem.badRequest("A preview's format is html, text or pdf.");
    };
  }

  @GET
  @Path("/{token}")
  @Produces(MediaType.TEXT_HTML)
  @Open
  @Operation(summary = "The customer's view of a receipt")
  public Response view(@PathParam("token") String token) {
    return switch (opened(token)) {
      case CustomerViews.View.Gone() -> FORGOTTEN.response();
      case CustomerViews.View.Shown(var content, var number) -> {
        // relative, so that it is right behind whatever proxy
        Optional<ReceiptLink> pdf =
            branding.pdf(content.endpoint())
                ? Optional.of(new ReceiptLink.Pdf(token + "/pdf"))
                : Optional.empty();
        yield page(
            renderer.render(content, number, branding.merchant(content.seller()), pdf).html());
      }
    };
  }

  @GET
  @Path("/{token}/pdf")
  @Produces(PDF)
  @Open
  @Operation(summary = "The customer's receipt as PDF")
  public Response viewPdf(@PathParam("token") String token) {
    return switch (opened(token)) {
      case CustomerViews.View.Gone() -> FORGOTTEN.response();
      case CustomerViews.View.Shown(var content, var number) -> {
        if (!branding.pdf(content.endpoint())) {
          throw new NotFoundException();
        }
        yield pdf(renderer.pdf(content, number, branding.merchant(content.seller())), number);
      }
    };
  }

  private CustomerViews.View opened(String token) {
    UUID opens = uuid(token).orElseThrow(NotFoundException::new);
    return views.opened(opens).orElseThrow(NotFoundException::new);
  }

  private static Response page(String html) {
    return guarded(Response.ok(html)).type("text/html;charset=UTF-8").build();
  }

  private static Response pdf(Optional<byte[]> pdf, String number) {
    return guarded(Response.ok(pdf.orElseThrow(NotFoundException::new)))
        .type(PDF)
        .header(
            "Content-Disposition", "inline; filename=\"" + PdfAttachment.fileName(number) + "\"")
        .build();
  }

  private static Response.ResponseBuilder guarded(Response.ResponseBuilder response) {
    return CustomerPages.seal(response, POLICY);
  }

  private static Optional<UUID> uuid(String token) {
    try {
      return Optional.of(UUID.fromString(token));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Kind kind(String kind) {
    try {
      return Kind.valueOf(kind.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("A receipt's kind is payment, refund or correction.");
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
    throw Problem.badRequest("There is no such currency.");
  }
}
