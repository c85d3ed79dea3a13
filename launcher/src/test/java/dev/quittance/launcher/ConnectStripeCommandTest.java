package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Registering at Stripe, against its documented answers; the sandbox's API answers it in the
/// system tests.
class ConnectStripeCommandTest {

  private static final String LIST = "/v1/webhook_endpoints?limit=100";
  private static final String CREATE = "/v1/webhook_endpoints";
  private static final String NONE = "{\"object\": \"list\", \"data\": [], \"has_more\": false}";

  @TempDir Path directory;

  private final FakeServices services = new FakeServices();

  ConnectStripeCommandTest() throws IOException {}

  @BeforeEach
  void prepare() throws IOException {
    Files.writeString(directory.resolve("key"), "rk_test_123\n");
    services.answer("/endpoints", 200, endpoints("any"));
    services.answer("/webhooks/stripe", 200, "");
  }

  @AfterEach
  void close() {
    services.close();
  }

  @Test
  void anEndpointIsRegisteredForWhatItNeedsItsSecretIsKeptAndTheWayTried() throws IOException {
    services.answer(LIST, 200, NONE).answer(CREATE, 200, made("whsec_1"));

    CommandResult result = run();

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.lines())
        .containsExactly(
            "we_1 registered (test): " + services.url() + "/webhooks/stripe",
            "  + charge.refunded",
            "  + payment_intent.succeeded",
            "secret: " + secret(),
            "the way from there to ingest-service: accepted");
    assertThat(services.bodies().getFirst())
        .contains("enabled_events%5B%5D=payment_intent.succeeded")
        .contains("enabled_events%5B%5D=charge.refunded")
        .contains("metadata%5Bquittance_endpoint%5D=stripe")
        .doesNotContain("connect=");
    assertThat(secret()).hasContent("whsec_1\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret())))
        .isEqualTo("rw-------");
    assertThat(result.out() + result.err()).doesNotContain("rk_test", "whsec_");
  }

  @Test
  void whoeverDiedBeforeTheSecretWasKeptGetsItByAskingAgain() throws IOException {
    services
        .answer(LIST, 200, NONE)
        .answer(LIST, 200, listed("enabled", "payment_intent.succeeded", "charge.refunded"))
        .answer(CREATE, 500, "{}")
        .answer(CREATE, 200, made("whsec_1"));
    assertThat(run().code()).isEqualTo(3);

    CommandResult again = run();

    assertThat(again.code()).as(again.err()).isZero();
    assertThat(keys()).hasSize(2).containsOnly(keys().getFirst());
    assertThat(secret()).hasContent("whsec_1\n");
    assertThat(directory.resolve("secret.pending")).doesNotExist();
  }

  @Test
  void whatWasAskedForOtherwiseBeforeIsNoReasonToRegisterTwice() throws IOException {
    services
        .answer(LIST, 200, NONE)
        .answer(LIST, 200, listed("enabled", "payment_intent.succeeded", "charge.refunded"))
        .answer(CREATE, 500, "{}");
    assertThat(run().code()).isEqualTo(3);
    String pending = Files.readString(directory.resolve("secret.pending"));
    Files.writeString(directory.resolve("secret.pending"), pending.replaceFirst(".\n$", "x\n"));

    CommandResult again = run();

    assertThat(again.code()).isOne();
    assertThat(again.err()).contains("only when it is made");
    assertThat(keys()).hasSize(1);
  }

  @Test
  void whatIsRegisteredIsMadeToGetWhatIsMissingAndNothingElse() throws IOException {
    Files.writeString(secret(), "whsec_1\n");
    services
        .answer(LIST, 200, listed("enabled", "payment_intent.succeeded", "invoice.paid"))
        .answer(CREATE + "/we_1", 200, one("enabled", "payment_intent.succeeded"));

    CommandResult result = run();

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.lines())
        .startsWith(
            "we_1 changed (test): " + services.url() + "/webhooks/stripe",
            "  + charge.refunded",
            "  - invoice.paid");
  }

  @Test
  void disabledEndpointIsEnabledAgain() throws IOException {
    Files.writeString(secret(), "whsec_1\n");
    services
        .answer(LIST, 200, listed("disabled", "payment_intent.succeeded", "charge.refunded"))
        .answer(CREATE + "/we_1", 200, one("enabled", "charge.refunded"));

    CommandResult result = run();

    assertThat(result.lines().getFirst()).startsWith("we_1 enabled again (test)");
    assertThat(services.bodies().getFirst()).contains("disabled=false");
  }

  @Test
  void whatIsRightStaysAsItIs() throws IOException {
    Files.writeString(secret(), "whsec_1\n");
    services.answer(LIST, 200, listed("enabled", "charge.refunded", "payment_intent.succeeded"));

    CommandResult result = run();

    assertThat(result.lines().getFirst()).startsWith("we_1 is registered (test)");
    assertThat(services.asked()).noneMatch(asked -> asked.path().equals(CREATE));
  }

  @Test
  void secretOfAnEndpointThatIsAlreadyThereIsTheDashboards() {
    services.answer(LIST, 200, listed("enabled", "charge.refunded", "payment_intent.succeeded"));

    CommandResult result = run();

    assertThat(result.code()).isOne();
    assertThat(result.err()).contains("only when it is made", "Dashboard", secret().toString());
  }

  @Test
  void secretOfAnotherEndpointIsNotWrittenOver() throws IOException {
    Files.writeString(secret(), "whsec_1\n");
    services.answer(LIST, 200, NONE);

    CommandResult result = run();

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("holds the secret of another endpoint");
    assertThat(secret()).hasContent("whsec_1\n");
  }

  @Test
  void serviceThatDoesNotKnowTheSecretIsSaidWithWhatToDo() throws IOException {
    services.close();
    var refusing = new FakeServices();
    try (refusing) {
      refusing
          .answer("/endpoints", 200, endpoints("any"))
          .answer("/webhooks/stripe", 400, "")
          .answer(LIST, 200, NONE)
          .answer(CREATE, 200, made("whsec_1"));

      CommandResult result = run(refusing, "--wait", "0");

      assertThat(result.code()).isOne();
      assertThat(result.out()).contains("the way from there to ingest-service: refused");
      assertThat(result.err())
          .contains("up --stripe-secret " + secret())
          .contains("QUITTANCE_ENDPOINTS_STRIPE_SECRETS_FILE");
    }
  }

  @Test
  void dryRunSaysWhatWouldBeChangedAndChangesNothing() {
    services.answer(LIST, 200, listed("enabled", "invoice.paid"));

    CommandResult result = run("--dry-run");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.lines())
        .containsExactly(
            "we_1 would be changed (test): " + services.url() + "/webhooks/stripe",
            "  + charge.refunded",
            "  + payment_intent.succeeded",
            "  - invoice.paid");
    assertThat(services.bodies()).isEmpty();
  }

  @Test
  void machineThatStripeCannotReachIsToldOfStripesOwnCli() {
    CommandResult result = CommandResult.by("connect", "stripe", "--url=" + services.url());

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains(
            "stripe listen --events payment_intent.succeeded,charge.refunded --forward-to "
                + services.url().substring("http://".length())
                + "/webhooks/stripe")
        .contains("up --stripe-secret");
  }

  @Test
  void keyOfTheOtherModeIsRefused() throws IOException {
    Files.writeString(directory.resolve("key"), "sk_live_123\n");
    assertThat(run().err()).contains("A test key begins with").doesNotContain("sk_live_123");

    try (var forLive = new FakeServices()) {
      forLive.answer("/endpoints", 200, endpoints("live"));
      CommandResult result = run(forLive);
      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err()).contains("takes live events only");
    }
  }

  @Test
  void whatStripeRefusesIsSaidWithoutTheKey() {
    services.answer(
        LIST, 401, "{\"error\": {\"message\": \"Invalid API Key provided: rk_test_123\"}}");

    CommandResult result = run();

    assertThat(result.code()).isOne();
    assertThat(result.err()).contains("Stripe doesn't know the key").doesNotContain("rk_test_123");
  }

  @Test
  void endpointThatIsNotThereIsSaidWithItsSetting() {
    CommandResult result = run("--endpoint", "garden-shop");

    assertThat(result.code()).isOne();
    assertThat(result.err()).contains("QUITTANCE_ENDPOINTS_GARDEN_SHOP_PROVIDER=stripe");
  }

  private Path secret() {
    return directory.resolve("secret");
  }

  /// With which keys endpoints were asked for.
  private List<String> keys() {
    return services.asked().stream()
        .filter(asked -> asked.path().equals(CREATE))
        .map(FakeServices.Asked::key)
        .toList();
  }

  private CommandResult run(String... more) {
    return run(services, more);
  }

  private CommandResult run(FakeServices at, String... more) {
    var all =
        new ArrayList<>(
            List.of(
                "connect",
                "stripe",
                "--url=" + at.url(),
                "--stripe-api=" + at.url(),
                "--key-file=" + directory.resolve("key"),
                "--secret-file=" + secret()));
    all.addAll(List.of(more));
    return CommandResult.by(all.toArray(String[]::new));
  }

  private static String endpoints(String mode) {
    return """
    {"endpoints": [{"name": "stripe", "provider": "stripe", "mode": "%s",
      "path": "/webhooks/stripe",
      "eventsToRegister": ["payment_intent.succeeded", "charge.refunded"]}]}\
    """
        .formatted(mode);
  }

  private String made(String secret) {
    return one("enabled", "payment_intent.succeeded")
        .replaceFirst("\\{", "{\"secret\": \"" + secret + "\", ");
  }

  private String listed(String status, String... types) {
    return "{\"object\": \"list\", \"data\": [" + one(status, types) + "], \"has_more\": false}";
  }

  private String one(String status, String... types) {
    return """
    {"id": "we_1", "object": "webhook_endpoint", "url": "%s/webhooks/stripe",
     "status": "%s", "enabled_events": ["%s"], "metadata": {}}\
    """
        .formatted(services.url(), status, String.join("\", \"", types));
  }
}
