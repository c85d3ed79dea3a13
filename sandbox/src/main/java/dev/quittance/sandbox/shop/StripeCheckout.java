package dev.quittance.sandbox.shop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.delivery.Deliveries;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.page.PageHeaders;
import dev.quittance.sandbox.page.Pages;
import dev.quittance.sandbox.page.Shown;
import dev.quittance.sandbox.problem.Refusal;
import dev.quittance.sandbox.shop.TestMethods.Verdict;
import dev.quittance.sandbox.stripe.Decline;
import dev.quittance.sandbox.stripe.PaymentMethod;
import dev.quittance.sandbox.stripe.StripeAccount;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// The pretended Stripe's hosted checkout.
@Path("/checkout/stripe/{id}")
@RunOnVirtualThread
public final class StripeCheckout {

  /// What a success page's address has in place of the session's id.
  static final String SESSION = "{CHECKOUT_SESSION_ID}";

  /// As long as Stripe waits for the shop before it sends the customer on.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  /// Percent off by code.
  private static final Map<String, Integer> CODES = Map.of("FREE100", 100, "TAKE10", 10);

  private static final String COMPLETED = "checkout.session.completed";

  private final StripeAccount account;
  private final Deliveries deliveries;
  private final Settlements settlements;
  private final PageHeaders pageHeaders;
  private final Clock clock;

  @Inject
  StripeCheckout(
      StripeAccount account,
      Deliveries deliveries,
      Settlements settlements,
      PageHeaders pageHeaders,
      Clock clock) {
    this.account = account;
    this.deliveries = deliveries;
    this.settlements = settlements;
    this.pageHeaders = pageHeaders;
    this.clock = clock;
  }

  /// The cart and the ways to pay.
  ///
  /// @param number a card's number to fill in
  /// @param iban an account's number to fill in
  @GET
  public Response show(
      @RestPath String id,
      @RestQuery @DefaultValue("4242 4242 4242 4242") String number,
      @RestQuery @DefaultValue("") String iban) {
    ObjectNode session = account.session(id);
    return switch (session.path("status").asText()) {
      case "complete" -> onwards(session);
      case "expired" -> Pages.page(410, Templates.expired(back(session)));
      default -> page(session, "", number, iban);
    };
  }

  /// Other quantities, or a code.
  @POST
  @Path("/cart")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response cart(@RestPath String id, @Nullable MultivaluedMap<String, String> form) {
    ObjectNode session = open(id);
    Purchase purchase = account.purchaseOf(id);
    var items = new ArrayList<Purchase.Item>();
    for (int i = 0; i < purchase.items().size(); i++) {
      Purchase.Item item = purchase.items().get(i);
      String given = form == null ? null : form.getFirst("quantity_" + i);
      long quantity =
          given == null || !item.adjustable() ? item.quantity() : ShopPage.quantity(given);
      if (quantity > 0) {
        items.add(item.times(quantity));
      }
    }
    if (items.isEmpty()) {
      return page(session, "At least one thing has to stay in the cart.", "", "");
    }
    String code = form == null ? null : form.getFirst("code");
    String coupon = code == null ? "" : code.strip().toUpperCase(Locale.ROOT);
    if (!coupon.isEmpty() && !CODES.containsKey(coupon)) {
      return page(session, "This code is invalid.", "", "");
    }
    Purchase changed = purchase.withItems(items);
    long off = changed.subtotal() * CODES.getOrDefault(coupon, 0) / 100;
    account.change(id, changed.withDiscount(off), coupon.isEmpty() ? null : coupon);
    return Pages.to("/checkout/stripe/" + id);
  }

  /// Pays, or tries to.
  @POST
  @Path("/pay")
  public Response pay(
      @RestPath String id,
      @RestForm @DefaultValue("") String email,
      @RestForm @DefaultValue("") String name,
      @RestForm @DefaultValue("") String method,
      @RestForm @DefaultValue("") String number,
      @RestForm @DefaultValue("") String expiry,
      @RestForm @DefaultValue("") String cvc,
      @RestForm @DefaultValue("") String iban)
      throws InterruptedException {
    ObjectNode session = open(id);
    Purchase purchase = account.purchaseOf(id);
    account.change(
        id,
        purchase.withCustomer(ShopPage.email(email), name.isBlank() ? "Jenny Rosen" : name.strip()),
        coupon(session));
    if (session.path("amount_total").asLong() == 0) {
      return paid(id, account.pay(id, PaymentMethod.VISA));
    }
    Verdict verdict =
        method.equals("debit")
            ? TestMethods.stripeAccount(iban)
            : TestMethods.stripeCard(
                number, expiry, cvc, YearMonth.now(clock.withZone(ZoneOffset.UTC)));
    return switch (verdict) {
      case Verdict.Approved(var card) -> paid(id, account.pay(id, card));
      case Verdict.Authenticate _ -> Pages.to("/checkout/stripe/" + id + "/authentication");
      case Verdict.Declined(var card, var decline) -> {
        deliveries.announce(account.decline(id, card, decline));
        yield page(account.session(id), decline.message(), number, "");
      }
      case Verdict.Delayed(var debit, var comes) -> {
        List<ProviderEvent> told = account.pay(id, debit);
        settlements.plan(id, comes);
        yield paid(id, told);
      }
      case Verdict.Unreadable(var complaint) -> page(session, complaint, number, iban);
    };
  }

  /// The customer's bank asks whether it is the customer.
  @GET
  @Path("/authentication")
  public Response authentication(@RestPath String id) {
    ObjectNode session = open(id);
    return form(
        session,
        200,
        Templates.authentication("/checkout/stripe/" + id + "/authentication", total(session)));
  }

  /// What the customer told the bank.
  @POST
  @Path("/authentication")
  public Response authenticated(@RestPath String id, @RestForm @DefaultValue("") String answer)
      throws InterruptedException {
    open(id);
    PaymentMethod card = new PaymentMethod("card", "visa", "3155");
    if (answer.equals("confirm")) {
      return paid(id, account.pay(id, card));
    }
    deliveries.announce(account.decline(id, card, Decline.NOT_AUTHENTICATED));
    return page(account.session(id), Decline.NOT_AUTHENTICATED.message(), "", "");
  }

  private Response paid(String id, List<ProviderEvent> told) throws InterruptedException {
    List<String> sent = deliveries.announce(told);
    List<String> completed =
        told.stream()
            .filter(event -> event.type().equals(COMPLETED))
            .map(ProviderEvent::id)
            .filter(sent::contains)
            .toList();
    deliveries.awaitAnswers(completed, ANSWER_MAX);
    return onwards(account.session(id));
  }

  private static Response onwards(ObjectNode session) {
    String page = JsonText.text(session, "success_url");
    String id = session.path("id").asText();
    return Pages.to(page == null ? "/thanks?session_id=" + id : page.replace(SESSION, id));
  }

  private ObjectNode open(String id) {
    ObjectNode session = account.session(id);
    String status = session.path("status").asText();
    if (!status.equals("open")) {
      throw Refusal.conflict("This checkout is " + status + ".");
    }
    return session;
  }

  private Response page(ObjectNode session, String complaint, String number, String iban) {
    Purchase purchase = account.purchaseOf(session.path("id").asText());
    var lines = new ArrayList<Line>();
    for (Purchase.Item item : purchase.items()) {
      lines.add(
          new Line(
              item.name(),
              item.description(),
              item.quantity(),
              item.adjustable(),
              Shown.money(item.unitAmount() * item.quantity(), purchase.currency())));
    }
    boolean priced = !session.path("amount_total").isNull();
    var shown =
        new Checkout(
            session.path("id").asText(),
            lines,
            priced ? total(session) : "",
            purchase.discount() == 0 ? "" : Shown.money(-purchase.discount(), purchase.currency()),
            Objects.requireNonNullElse(coupon(session), ""),
            priced && session.path("amount_total").asLong() == 0,
            purchase.currency().equals("eur"),
            purchase.email(),
            purchase.name(),
            back(session));
    return form(
        session,
        complaint.isEmpty() ? 200 : 402,
        Templates.stripeCheckout(
            shown,
            complaint,
            number.isEmpty() ? "4242 4242 4242 4242" : number,
            iban,
            TestMethods.STRIPE_CARDS,
            TestMethods.STRIPE_ACCOUNTS));
  }

  /// A form's answer may lead to the shop's success page, wherever that is.
  private Response form(ObjectNode session, int status, TemplateInstance page) {
    return Response.fromResponse(Pages.page(status, page))
        .header(
            "Content-Security-Policy",
            pageHeaders.policyWith(JsonText.text(session, "success_url")))
        .build();
  }

  private static @Nullable String coupon(ObjectNode session) {
    String coupon = session.path("discounts").path(0).path("coupon").asText();
    return coupon.isEmpty() ? null : coupon;
  }

  private static String total(ObjectNode session) {
    return Shown.money(session.path("amount_total").asLong(), session.path("currency").asText());
  }

  private static String back(ObjectNode session) {
    String page = JsonText.text(session, "cancel_url");
    return page != null && page.matches("https?://.*") ? page : "/";
  }

  /// @param discount what a code takes off; empty when nothing
  /// @param free whether there is nothing to pay
  /// @param debit whether a SEPA debit is possible
  /// @param back where the customer goes who doesn't pay
  record Checkout(
      String id,
      List<Line> lines,
      String total,
      String discount,
      String code,
      boolean free,
      boolean debit,
      String email,
      String name,
      String back) {}

  record Line(String name, String description, long quantity, boolean adjustable, String amount) {}

  @CheckedTemplate(basePath = "", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance stripeCheckout(
        Checkout checkout,
        String complaint,
        String number,
        String iban,
        List<TestMethods.Sample> cards,
        List<TestMethods.Sample> accounts);

    static native TemplateInstance authentication(String action, String total);

    static native TemplateInstance expired(String back);
  }
}
