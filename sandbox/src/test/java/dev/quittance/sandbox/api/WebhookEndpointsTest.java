package dev.quittance.sandbox.api;

import static dev.quittance.sandbox.Eventually.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.WebhookEndpoint;
import com.stripe.net.RequestOptions;
import com.stripe.net.Webhook;
import com.stripe.param.WebhookEndpointCreateParams;
import com.stripe.param.WebhookEndpointCreateParams.EnabledEvent;
import com.stripe.param.WebhookEndpointUpdateParams;
import dev.quittance.sandbox.Receiver;
import dev.quittance.sandbox.SandboxForTests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Registers endpoints at the sandbox with Stripe's own library, and looks where the events go.
@QuarkusTest
@QuarkusTestResource(SandboxForTests.class)
class WebhookEndpointsTest {

  private static final String COMPLETED = "checkout.session.completed";

  private final Receiver receiver = SandboxForTests.receiver();

  @BeforeEach
  void mend() {
    receiver.answer(200);
    receiver.forget();
  }

  @AfterEach
  void forgetAll() throws StripeException {
    for (WebhookEndpoint endpoint : stripe().v1().webhookEndpoints().list().getData()) {
      stripe().v1().webhookEndpoints().delete(endpoint.getId());
    }
  }

  @Test
  void eventsGoWhereTheyWereAskedForSignedWithTheEndpointsOwnSecret() throws Exception {
    WebhookEndpoint made = create(EnabledEvent.CHECKOUT__SESSION__COMPLETED);

    trigger(COMPLETED);
    await(() -> !receiver.requests().isEmpty());

    Receiver.Request got = receiver.requests().getFirst();
    assertThat(made.getSecret()).startsWith("whsec_");
    assertThat(
            Webhook.Signature.verifyHeader(
                new String(got.body(), StandardCharsets.UTF_8),
                got.header("Stripe-Signature"),
                made.getSecret(),
                0))
        .isTrue();
    // the intent and the charge have events, too, which nobody asked for
    assertThat(receiver.requests()).hasSize(1);
  }

  @Test
  void secretIsShownOnceWhenTheEndpointIsMade() throws StripeException {
    WebhookEndpoint made = create(EnabledEvent.CHARGE__REFUNDED);

    assertThat(stripe().v1().webhookEndpoints().retrieve(made.getId()).getSecret()).isNull();
    assertThat(stripe().v1().webhookEndpoints().list().getData())
        .singleElement()
        .satisfies(listed -> {
          assertThat(listed.getSecret()).isNull();
          assertThat(listed.getStatus()).isEqualTo("enabled");
          assertThat(listed.getEnabledEvents()).containsExactly("charge.refunded");
          assertThat(listed.getMetadata()).containsEntry("shop", "garden");
        });
  }

  @Test
  void whoeverDidNotHearTheAnswerGetsItAgainWithItsSecret() throws StripeException {
    WebhookEndpoint first = create(EnabledEvent.CHARGE__REFUNDED, "once");
    WebhookEndpoint again = create(EnabledEvent.CHARGE__REFUNDED, "once");

    assertThat(again.getId()).isEqualTo(first.getId());
    assertThat(again.getSecret()).isEqualTo(first.getSecret());
  }

  @Test
  void endpointThatIsDisabledGetsNothingUntilItIsEnabledAgain() throws Exception {
    WebhookEndpoint made = create(EnabledEvent.CHECKOUT__SESSION__COMPLETED);
    update(made, WebhookEndpointUpdateParams.builder().setDisabled(true).build());
    trigger("charge.refunded");
    assertThat(receiver.requests()).noneMatch(request -> body(request).contains(COMPLETED));

    update(made, WebhookEndpointUpdateParams.builder().setDisabled(false).build());
    receiver.forget();
    trigger(COMPLETED);
    await(() -> receiver.requests().size() == 1);
  }

  @Test
  void deletedEndpointLeavesTheOneOfTheSettings() throws Exception {
    stripe().v1().webhookEndpoints().delete(create(EnabledEvent.CHARGE__REFUNDED).getId());

    trigger(COMPLETED);

    await(() -> receiver.requests().stream().anyMatch(got -> body(got).contains(COMPLETED)));
  }

  @Test
  void whatStripeRefusesIsRefused() {
    assertThatThrownBy(() ->
            stripe()
                .v1()
                .webhookEndpoints()
                .create(
                    WebhookEndpointCreateParams.builder()
                        .setUrl("shop.example.com/webhooks/stripe")
                        .addEnabledEvent(EnabledEvent.CHARGE__REFUNDED)
                        .build()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("An explicit scheme");
    assertThatThrownBy(() -> stripe().v1().webhookEndpoints().retrieve("we_none"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("No such webhook_endpoint");
  }

  private WebhookEndpoint create(EnabledEvent type) throws StripeException {
    return create(type, UUID.randomUUID().toString());
  }

  private WebhookEndpoint create(EnabledEvent type, String key) throws StripeException {
    return stripe()
        .v1()
        .webhookEndpoints()
        .create(
            WebhookEndpointCreateParams.builder()
                .setUrl(receiver.webhooks() + "/garden")
                .addEnabledEvent(type)
                .putMetadata("shop", "garden")
                .build(),
            RequestOptions.builder().setIdempotencyKey(key).build());
  }

  private static void update(WebhookEndpoint endpoint, WebhookEndpointUpdateParams change)
      throws StripeException {
    stripe().v1().webhookEndpoints().update(endpoint.getId(), change);
  }

  private static String body(Receiver.Request request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  private static void trigger(String event) {
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("event", event))
        .post("/trigger")
        .then()
        .statusCode(200);
  }

  private static StripeClient stripe() {
    return StripeClient.builder()
        .setApiKey("sk_test_sandbox")
        .setApiBase(RestAssured.baseURI + ":" + RestAssured.port)
        .build();
  }
}
