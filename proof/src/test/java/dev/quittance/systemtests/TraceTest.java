package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One payment is one trace, from the webhook to the mail, and every service's log tells of it by
/// the same id.
class TraceTest {

  private static final RunningStack STACK = RunningStack.get();
  private static final Shop.Payment PAYMENT = STACK.shop().payment();
  private static final List<TraceCollector.Seen> SPANS = new ArrayList<>();

  @BeforeAll
  static void aPaymentGoesThrough() {
    assertThat(STACK.webhooks().send(STACK.shop().completed(PAYMENT, "paid")).status())
        .isEqualTo(200);
    STACK.orders().await(PAYMENT.order(), "paid", "due");
    STACK.orders().awaitReceipts(PAYMENT.order(), "payment sent");
    Deadline.in(Duration.ofMinutes(2))
        .await(
            () -> {
              SPANS.clear();
              SPANS.addAll(spans());
              return whole(SPANS) && afterTheMail(SPANS);
            },
            () -> {
              throw new AssertionError("The trace is not whole: " + spans());
            });
  }

  @Test
  void onePaymentIsOneTraceFromTheWebhookToTheMail() {
    assertThat(withoutLookUps(byName(SPANS).getOrDefault("mail", List.of()).getFirst()))
        .containsExactly(
            "quittance-receipts: mail",
            "quittance-receipts: quittance-receipts",
            "quittance-ingest: translate",
            "quittance-ingest: ingest");
  }

  @Test
  void whatIsToldToOtherServicesBelongsToTheSameTrace() {
    assertThat(
            byName(SPANS).getOrDefault("outbox", List.of()).stream().map(TraceTest::withoutLookUps))
        .contains(
            List.of(
                "quittance-fulfillment: outbox",
                "quittance-fulfillment: quittance-fulfillment",
                "quittance-ingest: translate",
                "quittance-ingest: ingest"))
        .contains(
            List.of(
                "quittance-receipts: outbox",
                "quittance-receipts: mail",
                "quittance-receipts: quittance-receipts",
                "quittance-ingest: translate",
                "quittance-ingest: ingest"));
  }

  @Test
  void noSpanSaysWhoPaid() {
    assertThat(SPANS.toString()).doesNotContain(PAYMENT.email(), "@example.com", "Jenny");
  }

  @ParameterizedTest
  @EnumSource(
      value = Service.class,
      names = {"INGEST", "FULFILLMENT", "RECEIPTS"})
  void everyLineOfTheLogIsAnObjectWithTheUsualFields(Service service) throws IOException {
    List<JsonNode> lines = log(service);

    assertThat(lines)
        .isNotEmpty()
        .allSatisfy(line ->
            assertThat(line.properties().stream().map(Map.Entry::getKey))
                .contains("timestamp", "level", "loggerName", "message"));
    assertThat(lines)
        .filteredOn(line -> line.path("traceId").asText().equals(trace()))
        .as("lines about the payment")
        .isNotEmpty();
  }

  @Test
  void theLogTellsOfAnEventByItsId() throws IOException {
    for (Service service : List.of(Service.INGEST, Service.FULFILLMENT, Service.RECEIPTS)) {
      assertThat(log(service))
          .filteredOn(line -> line.path("traceId").asText().equals(trace()))
          .anySatisfy(line -> assertThat(line.path("eventId").asText()).contains("evt_"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Service.class,
      names = {"INGEST", "FULFILLMENT", "RECEIPTS"})
  void noLineOfTheLogSaysWhoPaid(Service service) throws IOException {
    assertThat(Files.readString(STACK.stack().log(service)))
        .doesNotContain(PAYMENT.email(), "Jenny");
  }

  private static List<TraceCollector.Seen> spans() {
    return STACK.traces().all().stream()
        .filter(span -> PAYMENT.order().equals(span.attributes().get("quittance.order")))
        .findFirst()
        .map(span -> STACK.traces().of(span.trace()))
        .orElse(List.of());
  }

  /// Each service exports what it has when it comes to it: a span may be here before those above
  /// it.
  private static boolean whole(List<TraceCollector.Seen> spans) {
    Set<String> here = spans.stream().map(TraceCollector.Seen::id).collect(Collectors.toSet());
    return spans.stream().allMatch(span -> span.parent().isEmpty() || here.contains(span.parent()))
        && spans.stream()
            .filter(span -> span.name().equals("outbox"))
            .map(TraceCollector.Seen::service)
            .collect(Collectors.toSet())
            .containsAll(List.of("quittance-fulfillment", "quittance-receipts"));
  }

  /// The announcement of the receipt is the last that happens.
  private static boolean afterTheMail(List<TraceCollector.Seen> spans) {
    return byName(spans).getOrDefault("mail", List.of()).stream()
        .anyMatch(mail -> spans.stream().anyMatch(span -> span.parent().equals(mail.id())));
  }

  private static String trace() {
    return SPANS.getFirst().trace();
  }

  /// A provider may have been asked on the way, several times.
  private static List<String> withoutLookUps(TraceCollector.Seen from) {
    return path(from).stream().filter(step -> !step.endsWith(": look-up")).toList();
  }

  /// A span and those above it.
  private static List<String> path(TraceCollector.Seen from) {
    Map<String, TraceCollector.Seen> byId =
        SPANS.stream().collect(Collectors.toMap(TraceCollector.Seen::id, Function.identity()));
    var path = new ArrayList<String>();
    TraceCollector.Seen span = from;
    while (span != null) {
      path.add(span.service() + ": " + span.name());
      span = byId.get(span.parent());
    }
    return path;
  }

  private static Map<String, List<TraceCollector.Seen>> byName(List<TraceCollector.Seen> spans) {
    return spans.stream().collect(Collectors.groupingBy(TraceCollector.Seen::name));
  }

  /// What the virtual machine says by itself is no log of ours.
  private static List<JsonNode> log(Service service) throws IOException {
    var lines = new ArrayList<JsonNode>();
    String text = Files.readString(STACK.stack().log(service));
    // the last line may be half written
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      if (!line.isBlank() && !line.startsWith("WARNING:") && !line.startsWith("[")) {
        lines.add(WireFormat.mapper().readTree(line));
      }
    }
    return lines;
  }
}
