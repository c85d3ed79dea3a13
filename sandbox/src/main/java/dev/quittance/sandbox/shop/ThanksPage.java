package dev.quittance.sandbox.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.page.Pages;
import dev.quittance.sandbox.page.Shown;
import dev.quittance.sandbox.problem.Refusal;
import dev.quittance.sandbox.settings.SandboxSettings;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestQuery;

/// The shop's own success page: asks fulfillment about the order until its payment is settled.
@Path("/thanks")
@Singleton
@RunOnVirtualThread
public final class ThanksPage {

  /// A page that waits for longer looks broken.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

  /// At every two seconds some ten minutes: then the customer is told to look again later.
  private static final int LOOKS_MAX = 300;

  private final URI fulfillment;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build();

  @Inject
  ThanksPage(SandboxSettings settings) {
    this.fulfillment = settings.fulfillment();
  }

  /// @param sessionId a Checkout Session
  /// @param order an order, for providers without sessions
  /// @param look how often the page has looked before
  @GET
  public Response thanks(
      @RestQuery("session_id") @DefaultValue("") String sessionId,
      @RestQuery @DefaultValue("") String order,
      @RestQuery @DefaultValue("0") int look)
      throws InterruptedException {
    String reference = sessionId.isEmpty() ? order : sessionId;
    if (!reference.matches("[A-Za-z0-9_:-]{1,300}")) {
      throw Refusal.badRequest("This page needs a session_id or an order.");
    }
    State state = state(sessionId.isEmpty() ? "/orders/" + order : "/orders?session=" + sessionId);
    String again =
        state.settled() || look >= LOOKS_MAX
            ? ""
            : (sessionId.isEmpty() ? "?order=" + order : "?session_id=" + sessionId)
                + "&look="
                + (Math.max(look, 0) + 1);
    return Pages.page(Templates.thanks(state, again));
  }

  @PreDestroy
  void close() {
    http.shutdownNow();
  }

  private State state(String path) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(fulfillment + path))
            .timeout(ANSWER_MAX)
            .header("Accept", "application/json")
            .build();
    try {
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() == 404) {
        return State.unknown();
      }
      if (answer.statusCode() != 200) {
        return State.silent();
      }
      ObjectNode body = JsonText.read(answer.body());
      JsonNode order = body.has("orders") ? body.path("orders").path(0) : body;
      return order.isObject() ? State.of((ObjectNode) order) : State.unknown();
    } catch (IOException e) {
      return State.silent();
    }
  }

  /// What the customer reads.
  ///
  /// @param tone the style's name for good, bad or undecided
  /// @param settled whether nothing more is expected to happen soon
  record State(
      String title,
      String text,
      String tone,
      boolean settled,
      String order,
      String amount,
      String fulfillment) {

    static State unknown() {
      return new State(
          "We are checking your payment",
          "This takes a moment. The page looks again by itself.",
          "wait",
          false,
          "",
          "",
          "");
    }

    static State silent() {
      return new State(
          "We are checking your payment",
          "The shop's orders can't be asked right now. The page tries again by itself; your receipt"
              + " comes by e-mail in any case.",
          "wait",
          false,
          "",
          "",
          "");
    }

    static State of(ObjectNode order) {
      String payment = order.path("paymentStatus").asText();
      String amount =
          Optional.of(order.path("amount"))
              .filter(JsonNode::isObject)
              .map(money ->
                  Shown.money(money.path("minorUnits").asLong(), money.path("currency").asText()))
              .orElse("");
      String id = order.path("id").asText();
      String goods = Shown.words(order.path("fulfillmentStatus").asText());
      return switch (payment) {
        case "paid" ->
            new State(
                "Thank you, it is paid",
                "Your receipt is on its way by e-mail.",
                "good",
                true,
                id,
                amount,
                goods);
        case "pending" ->
            new State(
                "Thank you, your payment is on its way",
                "As soon as the money arrives, your order goes on.",
                "wait",
                false,
                id,
                amount,
                goods);
        case "failed", "canceled" ->
            new State(
                "Your payment didn't work",
                "Nothing was charged. You can try again with another card or account.",
                "bad",
                true,
                id,
                amount,
                goods);
        case "reversed" ->
            new State(
                "Your payment bounced",
                "The bank took the money back. Please get in touch with the shop.",
                "bad",
                true,
                id,
                amount,
                goods);
        default ->
            new State(
                "Your payment is " + Shown.words(payment),
                "Questions? The shop can see what happened.",
                "wait",
                true,
                id,
                amount,
                goods);
      };
    }
  }

  @CheckedTemplate(basePath = "", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance thanks(State state, String again);
  }
}
