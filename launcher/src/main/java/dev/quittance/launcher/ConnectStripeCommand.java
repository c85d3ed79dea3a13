package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.launcher.StripeEndpoints.Registered;
import dev.quittance.launcher.StripeEndpoints.Wanted;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Has Stripe send the events that an endpoint needs.
@Command(
    name = "stripe",
    mixinStandardHelpOptions = true,
    description = {
      "Register an endpoint at Stripe, with exactly the events that its settings need,",
      "keep its secret, and try the whole way with a signed webhook that means nothing.",
      "",
      "It asks for a test key (or takes --key-file). The key is used here and kept nowhere;",
      "a restricted one needs the permission to write webhook endpoints. The same again",
      "changes nothing, but registers what is missing since and tries the way again. For a",
      "machine that Stripe can't reach it says how Stripe's own CLI forwards test events.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance connect stripe                        on this machine: by Stripe's CLI",
      "  ./quittance connect stripe --webhook-url https://pay.example.com/webhooks/stripe",
      "  ./quittance connect stripe --webhook-url https://…/webhooks/stripe --live --key-file KEY",
      "  ./quittance connect stripe --webhook-url https://…/webhooks/stripe --dry-run",
      "",
      "Exit codes: 0 connected, 1 refused, or the way isn't whole yet, 2 invalid usage, 3 not",
      "reachable."
    })
final class ConnectStripeCommand extends ServiceCommand {

  private static final String STRIPE = "stripe";
  private static final URI API = URI.create("https://api.stripe.com");
  private static final Pattern TEST_KEY = Pattern.compile("[sr]k_test_[\\x21-\\x7e]+");
  private static final Pattern LIVE_KEY = Pattern.compile("[sr]k_live_[\\x21-\\x7e]+");

  @Option(
      names = "--endpoint",
      paramLabel = "NAME",
      defaultValue = STRIPE,
      description = "The endpoint's name at ingest-service. Default: ${DEFAULT-VALUE}")
  private String name = STRIPE;

  @Option(
      names = "--webhook-url",
      paramLabel = "URL",
      description =
          "Where Stripe reaches the endpoint, if that isn't where ingest-service answers us.")
  private @Nullable URI webhookUrl;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "A file with the account's key; otherwise it is asked for.")
  private @Nullable Path keyFile;

  @Option(names = "--live", description = "Real payments: with a live key.")
  private boolean live;

  @Option(
      names = "--connected-accounts",
      description =
          "Register for what happens in the accounts that are connected to yours; that is an"
              + " endpoint of its own, with a secret of its own.")
  private boolean connected;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description =
          "Where the endpoint's secret is kept, or stands. Default: .quittance/secrets/NAME-test,"
              + " -live, -connected-test or -connected-live")
  private @Nullable Path secretFile;

  @Option(
      names = "--dry-run",
      description = "Only say what is registered, and what would be changed.")
  private boolean dryRun;

  @Option(
      names = "--stripe-api",
      paramLabel = "URL",
      description = "Where Stripe's API is, if it is a stand-in such as the sandbox.")
  private URI api = API;

  @Mixin private final WaitOption wait = new WaitOption();

  private final Terminal terminal;
  private final Clock clock;

  ConnectStripeCommand() {
    this(Terminal.ofProcess(), Clock.systemUTC());
  }

  /// @param terminal who is asked for the key
  ConnectStripeCommand(Terminal terminal, Clock clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  /// What was found and done.
  ///
  /// @param added the events that it didn't get before
  /// @param removed those that it got and that nothing here needs
  private record Outcome(
      Optional<Registered> registered, String what, List<String> added, List<String> removed) {}

  @Override
  int call(ServiceClient services) {
    JsonNode endpoint = endpoint(services);
    List<String> types = new ArrayList<>();
    endpoint.path("eventsToRegister").forEach(type -> types.add(Output.plain(type.asText())));
    URI url =
        webhookUrl == null
            ? services.address(Service.INGEST, endpoint.path("path").asText())
            : webhookUrl;
    if (api.equals(API) && !isReachable(url)) {
      return tellOfTheCli(url, types);
    }
    requireWebAddress(url);
    refuseTheOtherMode(endpoint.path("mode").asText());
    String key = key();
    var wanted = new Wanted(name, url, types, connected);
    var secret = new SecretFile(secretFile == null ? usualFile() : secretFile);
    Optional<String> kept = secret.read();
    Outcome outcome;
    try (var stripe = new StripeEndpoints(api, key)) {
      outcome = registered(stripe, wanted, secret, kept);
    }
    if (dryRun) {
      tell(outcome, url, secret, "not tried");
      return 0;
    }
    kept = secret.read();
    if (kept.isEmpty()) {
      tell(outcome, url, secret, "not tried");
      output.remark(
          "Stripe says an endpoint's secret only when it is made: copy it from the endpoint's page"
              + " in the Dashboard (Developers, Webhooks) into "
              + secret.path()
              + ", and give the same command again to try the way.");
      return 1;
    }
    var way = new WebhookTrial(url, new SecretExam(name, STRIPE, kept.get()), clock);
    WebhookTrial.Result result =
        way.until(
            wait.deadline(),
            () ->
                output.remark(
                    "Waiting up to "
                        + wait.seconds()
                        + " s until ingest-service accepts what is signed with it."));
    tell(outcome, url, secret, result.word());
    result.advice(name, secret.path()).ifPresent(output::remark);
    return result.good() ? 0 : 1;
  }

  private JsonNode endpoint(ServiceClient services) {
    for (JsonNode endpoint :
        services.get(Service.INGEST, "/endpoints").content().path("endpoints")) {
      if (endpoint.path("name").asText().equals(name)) {
        if (!endpoint.path("provider").asText().equals(STRIPE)) {
          throw output.misused("The endpoint " + name + " isn't one of Stripe's.");
        }
        return endpoint;
      }
    }
    throw new StackFault(
        "ingest-service has no endpoint "
            + Output.plain(name)
            + ": set QUITTANCE_ENDPOINTS_"
            + variable()
            + "_PROVIDER=stripe first.");
  }

  private String variable() {
    return name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /// Stripe posts to public addresses alone, and to an unencrypted one only in test mode.
  private boolean isReachable(URI url) {
    if (url.getHost() == null) {
      throw output.misused("An address is like https://pay.example.com/webhooks/stripe.");
    }
    try {
      InetAddress address = InetAddress.getByName(url.getHost());
      return !address.isLoopbackAddress()
          && !address.isSiteLocalAddress()
          && !address.isAnyLocalAddress()
          && !address.isLinkLocalAddress();
    } catch (UnknownHostException _) {
      // perhaps only this machine doesn't know it
      return true;
    }
  }

  private void requireWebAddress(URI url) {
    boolean web = "https".equals(url.getScheme()) || (!api.equals(API) && url.getHost() != null);
    if (!web || url.getQuery() != null || url.getUserInfo() != null) {
      throw output.misused(
          "Stripe is given an address like https://pay.example.com/webhooks/stripe.");
    }
  }

  private void refuseTheOtherMode(String mode) {
    if ((mode.equals("live") && !live) || (mode.equals("test") && live)) {
      throw output.misused(
          "The endpoint %s takes %s events only (MODE=%s): %s."
              .formatted(
                  name,
                  mode,
                  mode,
                  live ? "leave out --live" : "say --live, and give it a live key"));
    }
  }

  private int tellOfTheCli(URI url, List<String> types) {
    String forward =
        "stripe listen --events " + String.join(",", types) + " --forward-to " + url.getAuthority();
    if (output.json()) {
      output.say(
          WireFormat.mapper()
              .createObjectNode()
              .put("reachable", false)
              .put("forward", forward + url.getPath()));
    } else {
      output.say("Stripe can't reach " + url.getHost() + ". Its own CLI forwards test events:");
      output.say("  " + forward + url.getPath());
      output.say("  ./quittance up --stripe-secret whsec_…    (the secret that it shows)");
      output.say("");
      output.say("An address that is reachable is given by --webhook-url.");
    }
    return 0;
  }

  private String key() {
    String given;
    if (keyFile != null) {
      try {
        given = Files.readString(keyFile).strip();
      } catch (IOException _) {
        throw output.misused("The file " + keyFile + " can't be read.");
      }
    } else if (terminal.isThere()) {
      @Nullable String typed = terminal.askSecret(live ? "Live key:" : "Test key:");
      given = typed == null ? "" : typed.strip();
    } else {
      throw output.misused("Nobody is here to be asked for the key: --key-file is a file with it.");
    }
    if (!(live ? LIVE_KEY : TEST_KEY).matcher(given).matches()) {
      throw output.misused(
          live
              ? "A live key begins with sk_live_ or rk_live_."
              : "A test key begins with sk_test_ or rk_test_; a live one needs --live.");
    }
    return given;
  }

  private Path usualFile() {
    return Repository.home()
        .resolve("secrets")
        .resolve(name + (connected ? "-connected" : "") + (live ? "-live" : "-test"));
  }

  private Outcome registered(
      StripeEndpoints stripe, Wanted wanted, SecretFile secret, Optional<String> kept) {
    Optional<Registered> found = stripe.find(wanted);
    List<String> before = found.map(Registered::types).orElse(List.of());
    List<String> added = without(wanted.types(), before);
    List<String> removed = without(before, wanted.types());
    boolean same = added.isEmpty() && removed.isEmpty();
    if (found.isEmpty() && kept.isPresent()) {
      throw output.misused(
          secret.path()
              + " holds the secret of another endpoint, as none is registered for this address:"
              + " move it away, or name another file with --secret-file.");
    }
    if (dryRun) {
      String what = found.isEmpty() ? "would be registered" : "would be changed";
      boolean asItIs = found.isPresent() && same && found.get().enabled();
      return new Outcome(found, asItIs ? "is registered" : what, added, removed);
    }
    // also what was made for somebody who died before they had kept the secret
    String asked = api + " " + live + " " + wanted;
    if (found.isEmpty() || (kept.isEmpty() && secret.isPending(asked))) {
      Registered made = stripe.create(wanted, secret.key(asked));
      made.secret().ifPresent(secret::keep);
      return new Outcome(Optional.of(made), "registered", added, removed);
    }
    if (same && found.get().enabled()) {
      return new Outcome(found, "is registered", added, removed);
    }
    String what = found.get().enabled() ? "changed" : "enabled again";
    return new Outcome(Optional.of(stripe.update(found.get().id(), wanted)), what, added, removed);
  }

  private static List<String> without(List<String> types, List<String> others) {
    var these = new HashSet<>(others);
    return types.stream().filter(type -> !these.contains(type)).sorted().toList();
  }

  private void tell(Outcome outcome, URI url, SecretFile secret, String way) {
    String id = outcome.registered.map(Registered::id).map(Output::plain).orElse("");
    if (output.json()) {
      ObjectNode told =
          WireFormat.mapper()
              .createObjectNode()
              .put("endpoint", name)
              .put("id", id)
              .put("url", url.toString())
              .put("live", live)
              .put("done", outcome.what)
              .put("secretFile", secret.path().toString())
              .put("way", way);
      outcome.added.forEach(told.putArray("added")::add);
      outcome.removed.forEach(told.putArray("removed")::add);
      output.say(told);
      return;
    }
    output.say(
        "%s %s (%s): %s"
            .formatted(id.isEmpty() ? name : id, outcome.what, live ? "live" : "test", url));
    tellTypes("+", outcome.added);
    tellTypes("-", outcome.removed);
    if (!dryRun) {
      output.say("secret: " + secret.path());
      output.say("the way from there to ingest-service: " + way);
    }
  }

  private void tellTypes(String sign, List<String> types) {
    types.forEach(type -> output.say("  " + sign + " " + type));
  }
}
