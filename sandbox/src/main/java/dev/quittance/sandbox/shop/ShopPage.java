package dev.quittance.sandbox.shop;

import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.page.Pages;
import dev.quittance.sandbox.paysuper.PaySuperProject;
import dev.quittance.sandbox.problem.Refusal;
import dev.quittance.sandbox.settings.SandboxSettings;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// The shop: what there is, and the way to a checkout.
@Path("/")
@RunOnVirtualThread
public final class ShopPage {

  private static final int EMAIL_LENGTH_MAX = 254;

  private final StripeAccount stripe;
  private final PaySuperProject paySuper;
  private final Ids ids;
  private final String home;
  private final String successPage;

  @Inject
  ShopPage(StripeAccount stripe, PaySuperProject paySuper, Ids ids, SandboxSettings settings) {
    this.stripe = stripe;
    this.paySuper = paySuper;
    this.ids = ids;
    this.home = settings.publicUrl().toString();
    this.successPage =
        settings.successPage().orElse(home + "/thanks?session_id=" + StripeCheckout.SESSION);
  }

  /// What is sold, in a currency.
  @GET
  public Response shop(@RestQuery @DefaultValue("usd") String currency) {
    String checked = Catalog.checked(currency);
    return Pages.page(
        Templates.shop(Catalog.offers(checked), checked, Catalog.CURRENCIES, Catalog.QUANTITY_MAX));
  }

  /// Opens a checkout for a cart.
  @POST
  @Path("/shop")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response buy(@Nullable MultivaluedMap<String, String> form) {
    Map<String, String> cart = new HashMap<>();
    if (form != null) {
      form.forEach((name, values) -> cart.put(name, values.getFirst()));
    }
    String currency = Catalog.checked(cart.getOrDefault("currency", "usd"));
    var items = new ArrayList<Purchase.Item>();
    for (Catalog.Product product : Catalog.PRODUCTS) {
      long quantity = quantity(cart.getOrDefault("quantity_" + product.id(), "0"));
      if (quantity > 0) {
        items.add(product.item(currency, quantity));
      }
    }
    if (items.isEmpty()) {
      throw Refusal.badRequest("The cart is empty. Choose at least one thing.");
    }
    Purchase purchase = purchase(cart, currency, items);
    boolean atPaySuper = "paysuper".equals(cart.get("provider"));
    return Pages.to(
        atPaySuper
            ? "/checkout/paysuper/" + paySuper.open(purchase, null, null)
            : "/checkout/stripe/" + stripe.openSession(purchase, null, null));
  }

  private Purchase purchase(Map<String, String> cart, String currency, List<Purchase.Item> items) {
    return new Purchase(
        Purchase.Mode.PAYMENT,
        currency,
        items,
        0,
        email(cart.getOrDefault("email", "")),
        "Jenny Rosen",
        "cart-" + ids.make("", 8).toLowerCase(Locale.ROOT),
        Map.of(),
        "de".equals(cart.get("language")) ? "de" : "en",
        currency.equals("eur") ? Purchase.Country.DE : Purchase.Country.US,
        false,
        successPage,
        home + "/",
        null);
  }

  static String email(String given) {
    String email = given.strip();
    if (email.length() > EMAIL_LENGTH_MAX || !email.matches("[^@\\s]+@[^@\\s]+")) {
      throw Refusal.badRequest("An e-mail address is needed, for the receipt.");
    }
    return email;
  }

  static long quantity(String text) {
    try {
      long quantity = Long.parseLong(Objects.requireNonNullElse(text, "").strip());
      if (quantity >= 0 && quantity <= Catalog.QUANTITY_MAX) {
        return quantity;
      }
    } catch (NumberFormatException e) {
      // the same sentence helps
    }
    throw Refusal.badRequest("Quantities are from 0 to " + Catalog.QUANTITY_MAX + ".");
  }

  @CheckedTemplate(basePath = "", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance shop(
        List<Catalog.Offer> offers, String currency, List<String> currencies, int quantityMax);
  }
}
