package dev.quittance.sandbox.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.delivery.Deliveries;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.page.Pages;
import dev.quittance.sandbox.page.Shown;
import dev.quittance.sandbox.paysuper.PaySuperProject;
import dev.quittance.sandbox.problem.Refusal;
import dev.quittance.sandbox.shop.TestMethods.Verdict;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/// The pretended PaySuper's payment form.
@Path("/checkout/paysuper/{id}")
@RunOnVirtualThread
public final class PaySuperCheckout {

  /// As long as PaySuper waits for an answer.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private final PaySuperProject project;
  private final Deliveries deliveries;
  private final Clock clock;

  @Inject
  PaySuperCheckout(PaySuperProject project, Deliveries deliveries, Clock clock) {
    this.project = project;
    this.deliveries = deliveries;
    this.clock = clock;
  }

  /// The order and the form.
  ///
  /// @param number a card's number to fill in
  @GET
  public Response show(
      @RestPath String id, @RestQuery @DefaultValue("4000 0000 0000 0077") String number) {
    ObjectNode order = project.order(id);
    return isOpen(order) ? page(order, "", number) : onwards(id);
  }

  /// Pays, or tries to.
  @POST
  @Path("/pay")
  public Response pay(
      @RestPath String id,
      @RestForm @DefaultValue("") String number,
      @RestForm @DefaultValue("") String expiry,
      @RestForm @DefaultValue("") String cvc)
      throws InterruptedException {
    ObjectNode order = open(id);
    YearMonth now = YearMonth.now(clock.withZone(ZoneOffset.UTC));
    return switch (TestMethods.paySuperCard(number, expiry, cvc, now)) {
      case Verdict.Approved(var card) -> told(id, project.pay(id, card.last4()));
      case Verdict.Authenticate(var card) ->
          Pages.to("/checkout/paysuper/" + id + "/authentication?card=" + card.last4());
      case Verdict.Declined(_, var decline) ->
          told(id, project.cancel(id, "05", decline.message()));
      case Verdict.Delayed _ -> throw new IllegalStateException("PaySuper takes no debits here");
      case Verdict.Unreadable(var complaint) -> page(order, complaint, number);
    };
  }

  /// The customer's bank asks whether it is the customer.
  ///
  /// @param card the last digits of the card's number
  @GET
  @Path("/authentication")
  public Response authentication(@RestPath String id, @RestQuery @DefaultValue("") String card) {
    ObjectNode order = open(id);
    return Pages.page(
        StripeCheckout.Templates.authentication(
            "/checkout/paysuper/"
                + id
                + "/authentication?card="
                + (card.equals("4444") ? card : ""),
            total(order)));
  }

  /// What the customer told the bank, and what the bank says to it.
  @POST
  @Path("/authentication")
  public Response authenticated(
      @RestPath String id,
      @RestQuery @DefaultValue("") String card,
      @RestForm @DefaultValue("") String answer)
      throws InterruptedException {
    open(id);
    return told(
        id,
        answer.equals("confirm") && !card.equals("4444")
            ? project.pay(id, "0002")
            : project.cancel(id, "05", "3-D Secure authentication failed"));
  }

  private Response told(String id, ProviderEvent event) throws InterruptedException {
    deliveries.awaitAnswers(deliveries.announce(List.of(event)), ANSWER_MAX);
    return onwards(id);
  }

  private static Response onwards(String id) {
    return Pages.to("/thanks?order=paysuper:" + id);
  }

  private ObjectNode open(String id) {
    ObjectNode order = project.order(id);
    if (!isOpen(order)) {
      throw Refusal.conflict("This order is " + order.path("status").asText() + ".");
    }
    return order;
  }

  private static boolean isOpen(ObjectNode order) {
    return order.path("status").asText().equals("created");
  }

  private static Response page(ObjectNode order, String complaint, String number) {
    var lines = new ArrayList<Line>();
    for (JsonNode item : order.path("items")) {
      lines.add(
          new Line(
              item.path("name").asText(),
              item.path("description").asText(),
              Shown.money(item.path("amount").decimalValue(), item.path("currency").asText())));
    }
    return Pages.page(
        complaint.isEmpty() ? 200 : 402,
        Templates.paySuperCheckout(
            order.path("id").asText(),
            lines,
            total(order),
            complaint,
            number,
            TestMethods.PAYSUPER_CARDS));
  }

  private static String total(ObjectNode order) {
    return Shown.money(order.path("amount").decimalValue(), order.path("currency").asText());
  }

  record Line(String name, String description, String amount) {}

  @CheckedTemplate(basePath = "", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance paySuperCheckout(
        String id,
        List<Line> lines,
        String total,
        String complaint,
        String number,
        List<TestMethods.Sample> cards);
  }
}
