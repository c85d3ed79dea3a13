package dev.quittance.sandbox.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hamcrest.Matchers.is;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.Account;
import com.stripe.model.Charge;
import com.stripe.model.Event;
import com.stripe.model.LineItem;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeCollection;
import com.stripe.model.checkout.Session;
import com.stripe.net.RequestOptions;
import com.stripe.param.ChargeRetrieveParams;
import com.stripe.param.EventListParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.param.checkout.SessionLineItemListParams;
import com.stripe.param.checkout.SessionListParams;
import com.stripe.param.checkout.SessionRetrieveParams;
import dev.quittance.sandbox.Receiver;
import dev.quittance.sandbox.SandboxForTests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Asks the sandbox with Stripe's own library, as services do.
@QuarkusTest
@QuarkusTestResource(SandboxForTests.class)
class StripeApiTest {

  private static final String COMPLETED = "checkout.session.completed";

  private final Receiver receiver = SandboxForTests.receiver();

  @BeforeEach
  void mend() {
    given().delete("/faults").then().statusCode(204);
    receiver.answer(200);
    receiver.forget();
  }

  @Test
  void sessionIsFoundWithItsIntentAndCharge() throws StripeException {
    String id = session(trigger(COMPLETED, Map.of()));

    Session session = stripe().v1().checkout().sessions().retrieve(id);
    var intent = stripe().v1().paymentIntents().retrieve(session.getPaymentIntent());
    var charge = stripe().v1().charges().retrieve(intent.getLatestCharge());

    assertThat(session.getPaymentStatus()).isEqualTo("paid");
    assertThat(session.getAmountTotal()).isEqualTo(3_000);
    assertThat(intent.getStatus()).isEqualTo("succeeded");
    assertThat(charge.getPaymentIntent()).isEqualTo(intent.getId());
  }

  @Test
  void objectsAreExpandedOnRequest() throws StripeException {
    String id = session(trigger(COMPLETED, Map.of()));

    Session session =
        stripe()
            .v1()
            .checkout()
            .sessions()
            .retrieve(
                id,
                SessionRetrieveParams.builder()
                    .addExpand("line_items")
                    .addExpand("payment_intent.latest_charge")
                    .build());

    assertThat(session.getLineItems().getData()).hasSize(1);
    assertThat(session.getPaymentIntentObject().getLatestChargeObject().getAmount())
        .isEqualTo(3_000);
    assertThat(
            stripe()
                .v1()
                .charges()
                .retrieve(
                    session.getPaymentIntentObject().getLatestCharge(),
                    ChargeRetrieveParams.builder().addExpand("payment_intent").build())
                .getPaymentIntentObject()
                .getAmount())
        .isEqualTo(3_000);
  }

  @Test
  void sessionIsFoundByItsIntent() throws StripeException {
    String id = session(trigger(COMPLETED, Map.of()));
    String intent = stripe().v1().checkout().sessions().retrieve(id).getPaymentIntent();

    assertThat(
            stripe()
                .v1()
                .checkout()
                .sessions()
                .list(SessionListParams.builder().setPaymentIntent(intent).build())
                .getData())
        .extracting(Session::getId)
        .containsExactly(id);
  }

  @Test
  void twoHundredAndFiftyLinesComeInOrderOverThreePages() throws StripeException {
    String id = session(trigger(COMPLETED, Map.of("line_items", 250)));
    StripeCollection<LineItem> first =
        stripe()
            .v1()
            .checkout()
            .sessions()
            .lineItems()
            .list(id, SessionLineItemListParams.builder().setLimit(100L).build());

    var names = new ArrayList<String>();
    long total = 0;
    for (LineItem line : first.autoPagingIterable()) {
      names.add(line.getDescription());
      total += line.getAmountTotal();
    }

    assertThat(first.getData()).hasSize(100);
    assertThat(names).hasSize(250).startsWith("Product 1", "Product 2").endsWith("Product 250");
    assertThat(total).isEqualTo(stripe().v1().checkout().sessions().retrieve(id).getAmountTotal());
  }

  @Test
  void undeliveredEventsAreListedUntilTheyAreDelivered() throws StripeException {
    receiver.answer(503);
    JsonPath lost = trigger(COMPLETED, Map.of());
    String event = lost.getString("deliveries[0].eventId");
    receiver.answer(200);
    String delivered = trigger(COMPLETED, Map.of()).getString("deliveries[0].eventId");

    assertThat(undelivered()).contains(event).doesNotContain(delivered);
    Event found = stripe().v1().events().retrieve(event);
    assertThat(found.getPendingWebhooks()).isEqualTo(1);
    assertThat(found.getDataObjectDeserializer().getObject()).isPresent();

    given().post("/deliveries/" + event + "/resend").then().statusCode(200).body("status", is(200));

    assertThat(undelivered()).doesNotContain(event);
    assertThat(stripe().v1().events().retrieve(event).getPendingWebhooks()).isZero();
  }

  @Test
  void eventsArePagedBackwardsAndForwards() throws StripeException {
    var events = new ArrayList<String>();
    for (int n = 0; n < 5; n++) {
      events.add(trigger(COMPLETED, Map.of()).getString("deliveries[0].eventId"));
    }

    StripeCollection<Event> newer = newerThan(events.getFirst());
    StripeCollection<Event> newest = newerThan(newer.getData().getFirst().getId());
    StripeCollection<Event> older =
        stripe()
            .v1()
            .events()
            .list(
                EventListParams.builder()
                    .addType(COMPLETED)
                    .setStartingAfter(events.getLast())
                    .setLimit(3L)
                    .build());

    assertThat(newer.getHasMore()).isTrue();
    assertThat(newer.getData())
        .extracting(Event::getId)
        .containsExactly(events.get(2), events.get(1));
    assertThat(newest.getHasMore()).isFalse();
    assertThat(newest.getData())
        .extracting(Event::getId)
        .containsExactly(events.get(4), events.get(3));
    assertThat(older.getData())
        .extracting(Event::getId)
        .containsExactly(events.get(3), events.get(2), events.get(1));
  }

  @Test
  void eventsAreFoundByTheirTime() throws StripeException {
    String event = trigger(COMPLETED, Map.of()).getString("deliveries[0].eventId");
    long created = stripe().v1().events().retrieve(event).getCreated();

    assertThat(createdFrom(created)).contains(event);
    assertThat(createdFrom(created + 1)).doesNotContain(event);
  }

  @Test
  void refundGivesMoneyBackOnceAndIsTold() throws StripeException {
    String session = session(trigger(COMPLETED, Map.of()));
    String intent = stripe().v1().checkout().sessions().retrieve(session).getPaymentIntent();
    RefundCreateParams part =
        RefundCreateParams.builder()
            .setPaymentIntent(intent)
            .setAmount(1_000L)
            .setReason(RefundCreateParams.Reason.DUPLICATE)
            .build();
    RequestOptions once = RequestOptions.builder().setIdempotencyKey("key-" + intent).build();

    Refund first = stripe().v1().refunds().create(part, once);
    Refund again = stripe().v1().refunds().create(part, once);

    assertThat(again.getId()).isEqualTo(first.getId());
    assertThat(
            stripe()
                .v1()
                .refunds()
                .list(RefundListParams.builder().setPaymentIntent(intent).build())
                .getData())
        .extracting(Refund::getAmount)
        .containsExactly(1_000L);
    RefundCreateParams other =
        RefundCreateParams.builder().setPaymentIntent(intent).setAmount(500L).build();
    assertThatThrownBy(() -> stripe().v1().refunds().create(other, once))
        .isInstanceOf(IdempotencyException.class);
    RefundCreateParams tooMuch =
        RefundCreateParams.builder().setPaymentIntent(intent).setAmount(9_000L).build();
    assertThatThrownBy(() -> stripe().v1().refunds().create(tooMuch))
        .isInstanceOf(InvalidRequestException.class)
        .extracting("code")
        .isEqualTo("amount_too_large");
  }

  @Test
  void whatIsSetAsideIsCapturedSeveralTimesAndTheRestIsLetGo() throws StripeException {
    String intent = authorized(Map.of());
    PaymentIntentCaptureParams first =
        PaymentIntentCaptureParams.builder()
            .setAmountToCapture(1_000L)
            .setFinalCapture(false)
            .build();
    RequestOptions once = RequestOptions.builder().setIdempotencyKey("first-" + intent).build();
    receiver.forget();

    PaymentIntent open = stripe().v1().paymentIntents().capture(intent, first, once);
    PaymentIntent again = stripe().v1().paymentIntents().capture(intent, first, once);

    assertThat(open.getStatus()).isEqualTo("requires_capture");
    assertThat(open.getAmountCapturable()).isEqualTo(2_000);
    assertThat(again.getAmountReceived()).isEqualTo(1_000);

    PaymentIntent closed =
        stripe()
            .v1()
            .paymentIntents()
            .capture(intent, PaymentIntentCaptureParams.builder().setAmountToCapture(500L).build());

    assertThat(closed.getStatus()).isEqualTo("succeeded");
    assertThat(closed.getAmountReceived()).isEqualTo(1_500);
    assertThat(
            stripe()
                .v1()
                .refunds()
                .list(RefundListParams.builder().setPaymentIntent(intent).build())
                .getData())
        // since 2025-03-31.basil, as the library asks by, the rest is let go in silence
        .isEmpty();
    assertThatThrownBy(() -> stripe().v1().paymentIntents().capture(intent))
        .isInstanceOf(InvalidRequestException.class)
        .extracting("code", "statusCode")
        .containsExactly("payment_intent_unexpected_state", 400);
    assertThatThrownBy(() -> stripe().v1().paymentIntents().capture("pi_none"))
        .isInstanceOf(InvalidRequestException.class)
        .extracting("code", "statusCode")
        .containsExactly("resource_missing", 404);
  }

  @Test
  void noMoreThanWasCapturedCanGoBack() throws StripeException {
    String intent = authorized(Map.of());
    stripe()
        .v1()
        .paymentIntents()
        .capture(intent, PaymentIntentCaptureParams.builder().setAmountToCapture(1_200L).build());
    var refunds = stripe().v1().refunds();

    assertThatThrownBy(() ->
            refunds.create(
                RefundCreateParams.builder().setPaymentIntent(intent).setAmount(1_201L).build()))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(
            refunds
                .create(RefundCreateParams.builder().setPaymentIntent(intent).build())
                .getAmount())
        .isEqualTo(1_200);
  }

  @Test
  void captureWithoutAnAmountTakesAllThatIsLeftAndIsTold() throws StripeException {
    String intent = authorized(Map.of());

    stripe().v1().paymentIntents().capture(intent);

    var captured =
        stripe().v1().events().list(EventListParams.builder().addType("charge.captured").build());
    assertThat(captured.getData())
        .extracting(event ->
            ((Charge) event.getDataObjectDeserializer().getObject().orElseThrow())
                .getPaymentIntent())
        .contains(intent);
  }

  @Test
  void whatIsAConnectedAccountsIsFoundInItsNameOnly() throws StripeException {
    String intent = authorized(Map.of("event.account", "acct_1Seller"));
    String own = authorized(Map.of());
    RequestOptions seller = RequestOptions.builder().setStripeAccount("acct_1Seller").build();
    RequestOptions other = RequestOptions.builder().setStripeAccount("acct_1Other").build();

    PaymentIntent captured = stripe().v1().paymentIntents().capture(intent, seller);
    Refund refund =
        stripe()
            .v1()
            .refunds()
            .create(RefundCreateParams.builder().setPaymentIntent(intent).build(), seller);

    assertThat(captured.getStatus()).isEqualTo("succeeded");
    assertThat(stripe().v1().refunds().retrieve(refund.getId(), seller).getAmount())
        .isEqualTo(3_000);
    assertMissing(() -> stripe().v1().paymentIntents().retrieve(intent));
    assertMissing(() -> stripe().v1().paymentIntents().retrieve(intent, other));
    assertMissing(() -> stripe().v1().paymentIntents().retrieve(own, seller));
    assertMissing(() -> stripe().v1().refunds().retrieve(refund.getId()));
    assertMissing(() ->
        stripe()
            .v1()
            .refunds()
            .create(RefundCreateParams.builder().setPaymentIntent(intent).build()));
    assertMissing(() -> stripe().v1().paymentIntents().capture(own, seller));
    var all = EventListParams.builder().setLimit(100L).build();
    assertThat(stripe().v1().events().list(all).getData())
        .extracting(Event::getAccount)
        .containsOnlyNulls();
    assertThat(stripe().v1().events().list(all, seller).getData())
        .isNotEmpty()
        .extracting(Event::getAccount)
        .containsOnly("acct_1Seller");
    assertThat(stripe().v1().accounts().list().getData())
        .extracting(Account::getId)
        .containsExactly("acct_1Seller");
  }

  private static void assertMissing(ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOf(InvalidRequestException.class)
        .extracting("code", "statusCode")
        .containsExactly("resource_missing", 404);
  }

  /// A payment whose money is set aside.
  private static String authorized(Map<String, Object> overrides) {
    String order =
        trigger("payment_intent.amount_capturable_updated", overrides).getString("orders[0]");
    return order.substring("stripe:".length());
  }

  @Test
  void wrongKeyAndUnknownIdsAreRefusedAsStripeDoes() {
    StripeClient wrong =
        StripeClient.builder().setApiKey("sk_test_wrong").setApiBase(base()).build();

    assertThatThrownBy(() -> wrong.v1().checkout().sessions().retrieve("cs_1"))
        .isInstanceOf(AuthenticationException.class);
    given()
        .get("/v1/events")
        .then()
        .statusCode(401)
        .body("error.type", is("invalid_request_error"));
    assertThatThrownBy(() -> stripe().v1().checkout().sessions().retrieve("cs_none"))
        .isInstanceOf(InvalidRequestException.class)
        .extracting("code", "statusCode")
        .containsExactly("resource_missing", 404);
    assertThatThrownBy(() ->
            stripe()
                .v1()
                .events()
                .list(EventListParams.builder().setStartingAfter("evt_none").build()))
        .isInstanceOf(InvalidRequestException.class);
    given()
        .header("Authorization", "Bearer sk_test_sandbox")
        .get("/v1/balance")
        .then()
        .statusCode(404)
        .body("error.type", is("invalid_request_error"));
  }

  @Test
  void faultsHitChosenSessionsOnly() throws StripeException {
    String broken = session(trigger(COMPLETED, Map.of()));
    String well = session(trigger(COMPLETED, Map.of()));

    fault(Map.of("ids", List.of(broken), "status", 429, "times", 1));

    assertThatThrownBy(() -> lines(broken)).isInstanceOf(RateLimitException.class);
    assertThat(lines(well)).hasSize(1);
    assertThat(lines(broken)).hasSize(1);
  }

  @Test
  void faultsHitAllUntilTheyAreMended() throws StripeException {
    String session = session(trigger(COMPLETED, Map.of()));

    fault(Map.of("status", 500, "path", "line_items"));
    assertThatThrownBy(() -> lines(session)).isInstanceOf(ApiException.class);
    assertThatThrownBy(() -> lines(session)).isInstanceOf(ApiException.class);
    assertThat(stripe().v1().checkout().sessions().retrieve(session).getId()).isEqualTo(session);
    given().delete("/faults").then().statusCode(204);
    assertThat(lines(session)).hasSize(1);

    fault(Map.of("status", 403));
    assertThatThrownBy(() -> lines(session)).isInstanceOf(PermissionException.class);
  }

  @Test
  void clientGivesUpWithAHangingApi() {
    fault(Map.of("hang", true));
    StripeClient hasty =
        StripeClient.builder()
            .setApiKey("sk_test_sandbox")
            .setApiBase(base())
            .setReadTimeout(300)
            .setMaxNetworkRetries(0)
            .build();

    assertThat(
            catchThrowableOfType(
                ApiConnectionException.class, () -> hasty.v1().events().retrieve("evt_1")))
        .isNotNull();
  }

  @Test
  void lateAnswerIsStillRight() throws StripeException {
    String session = session(trigger(COMPLETED, Map.of()));
    fault(Map.of("delayMs", 300));
    long start = System.nanoTime();

    assertThat(lines(session)).hasSize(1);

    assertThat(System.nanoTime() - start).isGreaterThan(300_000_000L);
  }

  @Test
  void faultsWithoutSenseAreRefused() {
    for (Object nonsense : List.of(Map.of(), Map.of("status", 200), Map.of("delayMs", -1))) {
      given()
          .contentType(ContentType.JSON)
          .body(nonsense)
          .post("/faults")
          .then()
          .statusCode(400)
          .contentType("application/problem+json");
    }
  }

  private static void fault(Map<String, Object> fault) {
    given().contentType(ContentType.JSON).body(fault).post("/faults").then().statusCode(201);
  }

  private List<LineItem> lines(String session) throws StripeException {
    return stripe().v1().checkout().sessions().lineItems().list(session).getData();
  }

  private List<String> undelivered() throws StripeException {
    var found = new ArrayList<String>();
    stripe()
        .v1()
        .events()
        .list(
            EventListParams.builder()
                .setDeliverySuccess(false)
                .addType(COMPLETED)
                .addType("checkout.session.expired")
                .build())
        .autoPagingIterable()
        .forEach(event -> found.add(event.getId()));
    return found;
  }

  /// The next two; stripe-java can't page backwards by itself, as it sends both cursors.
  private StripeCollection<Event> newerThan(String event) throws StripeException {
    return stripe()
        .v1()
        .events()
        .list(
            EventListParams.builder()
                .addType(COMPLETED)
                .setEndingBefore(event)
                .setLimit(2L)
                .build());
  }

  private List<String> createdFrom(long time) throws StripeException {
    return stripe()
        .v1()
        .events()
        .list(
            EventListParams.builder()
                .setLimit(100L)
                .setCreated(EventListParams.Created.builder().setGte(time).build())
                .build())
        .getData()
        .stream()
        .map(Event::getId)
        .toList();
  }

  private StripeClient stripe() {
    return StripeClient.builder()
        .setApiKey("sk_test_sandbox")
        .setApiBase(base())
        .setMaxNetworkRetries(0)
        .build();
  }

  private String base() {
    return "http://127.0.0.1:" + RestAssured.port;
  }

  private static JsonPath trigger(String event, Map<String, Object> overrides) {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("event", event, "overrides", overrides))
        .post("/trigger")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private String session(JsonPath triggered) {
    String event =
        triggered.getString("deliveries.find { it.event == '" + COMPLETED + "' }.eventId");
    try {
      return ((Session)
              stripe()
                  .v1()
                  .events()
                  .retrieve(event)
                  .getDataObjectDeserializer()
                  .getObject()
                  .orElseThrow())
          .getId();
    } catch (StripeException e) {
      throw new AssertionError(e);
    }
  }
}
