package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The provider's API: asked for items and missed events, and about checkouts whose customers are
/// back before the webhook; also when it fails.
class ProvidersTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final RunningStack stack = RunningStack.get();
  private final Sandbox sandbox = stack.sandbox();
  private final Orders orders = stack.orders();
  private final URI ingest = stack.stack().ports().url(Service.INGEST);

  @AfterEach
  void mend() {
    sandbox.mends();
    sandbox.deliversWell();
  }

  @Test
  void twoHundredAndFiftyLinesArriveCompleteAndInOrder() {
    String order =
        sandbox.trigger("checkout.session.completed", Map.of("line_items", 250), 1).getFirst();

    orders.await(order, "paid", "due");

    JsonNode lines = stack.requests(order).getFirst().at("/order/lineItems");
    assertThat(each(lines, line -> line.path("description").asText()))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 250).mapToObj(n -> "Product " + n).toList());
    assertThat(each(lines, line -> line.path("quantity").asLong()))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 250).mapToObj(n -> 1L + n % 3).toList());
    assertThat(each(lines, line -> line.at("/amount/minorUnits").asLong()))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 250).mapToObj(n -> (100L + n) * (1 + n % 3)).toList());
  }

  @Test
  void apiThatFailsForOneSessionDelaysNoOtherOrder() {
    String session = stack.shop().id("cs_test_");
    sandbox.breaks(Map.of("status", 500, "ids", List.of(session), "path", "line_items"));

    String stuck = sandbox.paid(session);
    String other = sandbox.trigger("checkout.session.completed", Map.of(), 1).getFirst();
    String paySuper = sandbox.trigger("payment.success", Map.of(), 1).getFirst();

    orders.await(other, "paid", "due");
    orders.await(paySuper, "paid", "due");
    orders.await(stuck, "paid", "not_due");
    assertThat(stack.requests(stuck)).isEmpty();

    sandbox.mends();

    JsonNode order = orders.await(stuck, "paid", "due");
    assertThat(order.path("itemsState").asText()).isEqualTo("known");
  }

  @Test
  void whileTheApiIsDownOrdersArePaidAndItsReturnMakesThemDue() {
    sandbox.breaks(Map.of("status", 503));

    List<String> paid = sandbox.trigger("checkout.session.completed", Map.of(), 5);

    paid.forEach(order -> orders.await(order, "paid", "not_due"));

    sandbox.mends();

    paid.forEach(order ->
        assertThat(orders.await(order, "paid", "due").path("itemsState").asText())
            .isEqualTo("known"));
    paid.forEach(order -> assertThat(stack.requests(order)).hasSize(1));
  }

  @Test
  void whatHappensWhileIngestIsDownComesWithOneSweepAndASecondChangesNothing() {
    sandbox.losesEvents();
    stack.stack().service(Service.INGEST).close();
    List<String> missed = sandbox.trigger("checkout.session.completed", Map.of(), 50);
    assertThat(missed)
        .hasSize(50)
        .allSatisfy(order -> assertThat(orders.find(order).status()).isEqualTo(404));
    stack.stack().startService(Service.INGEST);
    sandbox.deliversWell();

    JsonNode first = sweep();

    assertThat(first.at("/endpoints/0/recovered").asLong()).isGreaterThanOrEqualTo(50);
    missed.forEach(order -> orders.await(order, "paid", "due"));
    missed.forEach(order -> orders.awaitReceipts(order, "payment sent"));
    stack.topics().awaitDrained();
    Map<String, JsonNode> before = state(missed);

    JsonNode second = sweep();

    assertThat(second.at("/endpoints/0/found").asLong())
        .isGreaterThanOrEqualTo(first.at("/endpoints/0/found").asLong());
    stack.topics().awaitDrained();
    assertThat(state(missed)).isEqualTo(before);
    Map<String, List<JsonNode>> requests = stack.requests();
    assertThat(missed).allSatisfy(order -> assertThat(requests.get(order)).hasSize(1));
  }

  @Test
  void customerWhoReturnsBeforeTheWebhookIsServedAndTheWebhookAddsNothing() {
    String session = stack.shop().id("cs_test_");
    sandbox.losesEvents();
    String order = sandbox.paid(session);
    sandbox.deliversWell();

    assertThat(told(session)).contains("We are checking your payment");

    boolean served =
        Deadline.in(PATIENCE)
            .meets(() -> page(session, Duration.ofSeconds(5)).contains("has arrived"));

    assertThat(served).as("the page says that the payment has arrived").isTrue();
    orders.await(order, "paid", "due");
    assertThat(stack.topics().of(Topic.PAYMENT_EVENTS, order))
        .isNotEmpty()
        .allSatisfy(fact -> assertThat(Topics.header(fact, "ce_origin")).isEqualTo("recovered"));

    sandbox.resend(order);

    stack.topics().awaitDrained();
    orders.await(order, "paid", "due");
    orders.awaitReceipts(order, "payment sent");
    assertThat(stack.requests(order)).hasSize(1);
  }

  @Test
  void customerSeesTheOrderAndNobodysName() {
    String order = sandbox.trigger("checkout.session.completed", Map.of(), 1).getFirst();
    String session = orders.await(order, "paid", "due").path("checkoutSession").asText();

    String page = told(session);
    assertThat(page).contains("Thank you", "$30.00").doesNotContain("@example.com", "Jenny");
  }

  /// What a customer sees at first, once the orders were told: they are waited for one second only,
  /// which a machine that is busy with much else may miss.
  private String told(String session) {
    var last = new AtomicReference<>("");
    var _ =
        Deadline.in(PATIENCE)
            .meets(() -> {
              String seen = page(session, Duration.ZERO);
              last.set(seen);
              return !seen.contains("your payment is safe");
            });
    return Objects.requireNonNull(last.get());
  }

  private String page(String session, Duration ago) {
    long since = Clock.systemUTC().instant().minus(ago).getEpochSecond();
    Http.Answer answer =
        Http.getText(ingest.resolve("/after-payment?session_id=" + session + "&since=" + since));
    assertThat(answer.status()).isEqualTo(200);
    return answer.text();
  }

  private JsonNode sweep() {
    Http.Answer answer = Http.post(ingest.resolve("/recovery?since=1h"), new byte[0], Map.of());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.body();
  }

  private Map<String, JsonNode> state(List<String> some) {
    return some.stream()
        .collect(Collectors.toMap(Function.identity(), order -> orders.find(order).body()));
  }

  private static <T> List<T> each(JsonNode nodes, Function<JsonNode, T> read) {
    return StreamSupport.stream(nodes.spliterator(), false).map(read).toList();
  }
}
