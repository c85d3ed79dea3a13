package dev.quittance.sandbox.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// What can be set, each as `quittance.sandbox.…` or `QUITTANCE_SANDBOX_…`.
@ConfigMapping(prefix = "quittance.sandbox")
public interface SandboxSettings {

  /// The directory that mails and payments are kept in.
  @WithDefault(".quittance/sandbox")
  Path data();

  /// Where webhooks go; the endpoint's name follows after a slash.
  @WithDefault("http://127.0.0.1:8081/webhooks")
  URI webhooks();

  /// Under which address a browser reaches the sandbox.
  @WithDefault("http://127.0.0.1:8084")
  URI publicUrl();

  /// How many times faster than the providers failed deliveries are tried again; 1 is their own
  /// pace.
  @WithDefault("1")
  double retrySpeed();

  /// How long the money of a delayed method is on its way.
  @WithDefault("10s")
  Duration delayedPayments();

  /// Where the hosted checkout sends the customer on to; `{CHECKOUT_SESSION_ID}` stands for the
  /// session. Unless given, a page of the sandbox.
  Optional<String> successPage();

  /// Where the sandbox's own success page asks about orders.
  @WithDefault("http://127.0.0.1:8082")
  URI fulfillment();

  /// How many mails are kept; the oldest go first.
  @WithDefault("10000")
  int mailsMax();

  /// The mail server.
  Smtp smtp();

  /// The pretended Stripe account.
  Stripe stripe();

  /// The pretended PaySuper project.
  PaySuper paysuper();

  /// The pretended system of the shop's own.
  Standard standard();

  /// The mail server.
  interface Smtp {

    /// The address it listens on.
    @WithDefault("127.0.0.1")
    String host();

    /// The port it listens on; 0 takes a free one.
    @WithDefault("2525")
    int port();
  }

  /// The pretended Stripe account.
  interface Stripe {

    /// What its webhooks are signed with.
    @WithDefault("whsec_local_stripe")
    String secret();

    /// The key that its API asks for.
    @WithDefault("sk_test_sandbox")
    String apiKey();

    /// The event types that the endpoint is registered for; `*` stands for all. An event that is
    /// triggered by name is delivered in any case.
    @WithDefault("*")
    Set<String> events();
  }

  /// The pretended PaySuper project.
  interface PaySuper {

    /// What its webhooks are signed with.
    @WithDefault("local-paysuper-secret")
    String secret();
  }

  /// The pretended system of the shop's own.
  interface Standard {

    /// What its webhooks are signed with: base64 behind `whsec_`.
    @WithDefault("whsec_bG9jYWwtc3RhbmRhcmQtd2ViaG9va3M=")
    String secret();
  }
}
