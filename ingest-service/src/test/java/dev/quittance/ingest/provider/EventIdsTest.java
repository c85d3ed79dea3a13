package dev.quittance.ingest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.standard.StandardWebhooks;
import dev.quittance.ingest.provider.stripe.Stripe;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Where each provider puts its event's id. What stands elsewhere is somebody else's id.
final class EventIdsTest {

  private static final String BODY = "{\"id\":\"in_the_body\",\"type\":\"x\",\"data\":{}}";

  @Test
  void stripesStandsInTheBodyWhateverHeadersSay() {
    assertThat(id(new Stripe(), BODY)).contains("in_the_body");
    assertThat(id(new Stripe(), "{\"type\":\"x\"}")).isEmpty();
  }

  @Test
  void paySupersStandsInTheBodyWhateverHeadersSay() {
    assertThat(id(new PaySuper(), BODY)).contains("in_the_body");
    assertThat(id(new PaySuper(), "{\"event\":\"x\"}")).isEmpty();
  }

  @Test
  void standardWebhooksIsTheSignedHeaderWhateverTheBodyCallsItsId() {
    assertThat(id(new StandardWebhooks(), BODY)).contains("in_the_header");
    assertThat(new StandardWebhooks().eventId(_ -> null, BODY.getBytes(UTF_8))).isEmpty();
  }

  @Test
  void aBodyIsComparedWithThoseOfItsOwnApiVersionOnly() {
    assertThat(format("evt_1", "{\"id\":\"evt_1\",\"api_version\":\"2025-03-31.basil\"}"))
        .contains("2025-03-31.basil");
    assertThat(format("evt_1", "{\"id\":\"evt_1\",\"api_version\":null}")).contains("none");
  }

  @Test
  void whatTheReturnPageAskedForIsComparedWithNothing() {
    assertThat(format("returned_cs_test_1_paid", "{\"id\":\"returned_cs_test_1_paid\"}")).isEmpty();
  }

  private static Optional<String> id(Provider provider, String body) {
    return provider.eventId(Map.of("webhook-id", "in_the_header")::get, body.getBytes(UTF_8));
  }

  private static Optional<String> format(String id, String body) {
    return new Stripe()
        .bodyFormat(
            new Webhook(
                "stripe",
                id,
                body.getBytes(UTF_8),
                Bodies.RECEIVED_AT,
                CloudEvent.Origin.WEBHOOK,
                null));
  }
}
