package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.system.deploy.MetricsDoc;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What documents, alerts and dashboards speak of is what the running services measure.
class MeasuredTest {

  private static final Pattern MISMATCH =
      Pattern.compile("(?m)^quittance_conservation_mismatch\\{[^}]*} (\\S+)$");

  /// Somebody looks once a minute, and a look at brokers that are away says nothing.
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Pattern TYPE = Pattern.compile("# TYPE (quittance_[a-z0-9_]+) (\\w+)");

  private static final RunningStack STACK = RunningStack.get();
  private static final Shop.Payment PAYMENT = STACK.shop().payment();

  /// Some metrics are born by what they measure.
  @BeforeAll
  static void aPaymentGoesThroughAndASweepAndAReplayAreMade() {
    Instant began = Clock.systemUTC().instant();
    assertThat(STACK.webhooks().send(STACK.shop().completed(PAYMENT, "paid")).status())
        .isEqualTo(200);
    STACK.orders().await(PAYMENT.order(), "paid", "due");
    STACK.orders().awaitReceipts(PAYMENT.order(), "payment sent");
    // somebody came back from a checkout that nobody knows, long enough ago for a question
    var page =
        "/after-payment?session_id=cs_test_nobody0000&since="
            + began.minusSeconds(60).getEpochSecond();
    assertThat(Http.getText(STACK.stack().ports().url(Service.INGEST).resolve(page)).status())
        .isEqualTo(200);
    var recovery = STACK.stack().ports().url(Service.INGEST).resolve("/recovery?since=1h");
    assertThat(Http.post(recovery, new byte[0], Map.of()).status()).isEqualTo(200);
    var replay = STACK.stack().ports().url(Service.INGEST).resolve("/replay?from=" + began);
    assertThat(Http.post(replay, new byte[0], Map.of()).status()).isEqualTo(202);
    Deadline.in(PATIENCE)
        .await(
            () ->
                text(Service.INGEST).contains("quittance_replay_webhooks_total")
                    && text(Service.INGEST).contains("quittance_recovery_sweeps_total"),
            () -> {
              throw new AssertionError("the sweep or the replay was never counted");
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = Service.class,
      names = {"INGEST", "FULFILLMENT", "RECEIPTS"})
  void whatIsDocumentedIsMeasuredAndNothingElse(Service service) {
    Map<String, String> documented = new MetricsDoc().of(service.module());

    // the question to the provider is asked while the customer's page is already there
    var _ = Deadline.in(PATIENCE).meets(() -> measured(service).equals(documented));

    assertThat(measured(service)).isEqualTo(documented);
  }

  @ParameterizedTest
  @EnumSource
  void noMetricHoldsWhosePaymentItWas(Service service) {
    assertThat(text(service)).doesNotContain(PAYMENT.token(), "@example.com");
  }

  @ParameterizedTest
  @EnumSource(names = {"FULFILLMENT", "RECEIPTS"})
  void whateverWasAcceptedIsAccountedFor(Service service) {
    boolean agreed =
        Deadline.in(PATIENCE)
            .meets(() -> {
              List<String> mismatches =
                  MISMATCH.matcher(text(service)).results().map(found -> found.group(1)).toList();
              return !mismatches.isEmpty() && mismatches.stream().allMatch("0.0"::equals);
            });

    assertThat(agreed).as("ledger and topics agree").isTrue();
  }

  private static Map<String, String> measured(Service service) {
    var types = new TreeMap<String, String>();
    TYPE.matcher(text(service)).results().forEach(type -> types.put(type.group(1), type.group(2)));
    types.keySet().removeIf(name -> name.endsWith("_max"));
    return types;
  }

  private static String text(Service service) {
    return Http.getText(STACK.stack().ports().management(service).resolve("/q/metrics")).text();
  }
}
