package dev.quittance.systemtests;

import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackPorts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Posts webhooks as Stripe does, and as Stripe never would.
final class WebhookSender {

  private static final String SECRET = "whsec_local_stripe";

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final URI endpoint;
  private final Clock clock = Clock.systemUTC();

  WebhookSender(StackPorts ports) {
    this(ports, "stripe");
  }

  /// To an endpoint of that name, which has the local one's secret.
  WebhookSender(StackPorts ports, String name) {
    endpoint = ports.url(Service.INGEST).resolve("/webhooks/" + name);
  }

  /// Signed now, with the right secret. As Stripe does, it sends again what is to come later: the
  /// brokers of a machine that is busy with much else may be too slow to acknowledge in time.
  Http.Answer send(byte[] body) {
    var last = new AtomicReference<Http.Answer>();
    var _ =
        Deadline.in(PATIENCE)
            .meets(() -> {
              Http.Answer answer = sendOnce(body);
              last.set(answer);
              return answer.status() != 503;
            });
    return Objects.requireNonNull(last.get());
  }

  /// Signed now, with the right secret, and not again.
  Http.Answer sendOnce(byte[] body) {
    return signed(body, SECRET, Duration.ZERO);
  }

  /// Signed some time ago, or with whatever secret.
  Http.Answer signed(byte[] body, String secret, Duration ago) {
    long moment = clock.instant().minus(ago).getEpochSecond();
    String signature = "t=" + moment + ",v1=" + signature(moment, body, secret);
    return Http.post(endpoint, body, Map.of("Stripe-Signature", signature));
  }

  /// With another body than the one that was signed.
  Http.Answer altered(byte[] signed, byte[] sent) {
    long moment = clock.instant().getEpochSecond();
    String signature = "t=" + moment + ",v1=" + signature(moment, signed, SECRET);
    return Http.post(endpoint, sent, Map.of("Stripe-Signature", signature));
  }

  Http.Answer unsigned(byte[] body) {
    return Http.post(endpoint, body, Map.of());
  }

  private static String signature(long moment, byte[] body, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update((moment + ".").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
