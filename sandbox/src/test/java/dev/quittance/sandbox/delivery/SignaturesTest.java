package dev.quittance.sandbox.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Against vectors that others published.
class SignaturesTest {

  @Test
  void stripeSignsTheSecondAndTheBody() {
    byte[] body = "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n}".getBytes(UTF_8);

    String header =
        Signatures.stripe("whsec_test_secret", Instant.ofEpochSecond(1_700_000_000), body);

    assertThat(header)
        .isEqualTo(
            "t=1700000000,v1=4f1cd7feda9826e746b7d482c4badebb657398df1099e1046364f6196a230150");
  }

  @Test
  void paySuperSignsTheBodyBeforeTheSecret() {
    byte[] body =
        ("{\"id\":\"\",\"type\":\"\",\"event\":\"\",\"live\":false,\"created_at\":\"\","
                + "\"expires_at\":\"\",\"delivery_try\":0,\"object\":null}")
            .getBytes(UTF_8);

    assertThat(Signatures.paySuper("Unit Test", body))
        .isEqualTo("Signature 10e4a4e3432c0dbb49f656cc3621c1d55fafb66149d185995e3affc18047d01a");
  }

  @Test
  void standardWebhooksSignIdSecondAndBody() {
    byte[] body = "{\"test\": 2432232314}".getBytes(UTF_8);

    assertThat(
            Signatures.standard(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330),
                body))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void secretsDontPrint() {
    assertThat(new SignedRequest.Secrets("whsec_hidden", "hidden", "hidden").toString())
        .doesNotContain("hidden");
  }
}
