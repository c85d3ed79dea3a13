package dev.quittance.ingest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.WireFormat;
import dev.quittance.fuzz.Fuzz;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoint.OrdersFrom;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.standard.StandardWebhooks;
import dev.quittance.ingest.provider.stripe.Stripe;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever the bytes, a translator gives a translation, and what it gives can be written and read
/// again.
final class TranslatorsNeverThrowTest {

  private static final Providers PROVIDERS =
      new Providers(List.of(new Stripe(), new PaySuper(), new StandardWebhooks()));

  private static final List<String> NAMES = PROVIDERS.providers().stream().sorted().toList();

  private static final List<String> BODIES = Bodies.names();

  @Test
  void aNumberWithAnExponentBeyondAnInt() {
    for (String provider : NAMES) {
      translate(provider, "1e9999999991".getBytes(UTF_8));
      translate(provider, "{\"amount\": 1e9999999991}".getBytes(UTF_8));
    }
  }

  @Test
  void anyBytes() {
    Fuzz.cases(Fuzz.USUAL_MAX / 4, rubbish -> translate(rubbish.of(NAMES), rubbish.bytes(5_000)));
  }

  @Test
  void anyText() {
    Fuzz.cases(
        Fuzz.USUAL_MAX / 4,
        rubbish -> {
          String provider = rubbish.of(NAMES);
          translate(provider, rubbish.text().getBytes(UTF_8));
          translate(provider, ("{\"type\":\"" + rubbish.text() + "\"}").getBytes(UTF_8));
          translate(provider, rubbish.value().getBytes(UTF_8));
        });
  }

  @Test
  void anyBodyWithSomeOfItReplaced() {
    Fuzz.cases(
        Fuzz.USUAL_MAX / 2,
        rubbish -> {
          String name = rubbish.of(BODIES);
          byte[] body = Bodies.body(name);
          translate(
              Bodies.providerOf(name),
              rubbish.inPercent(80) ? rubbish.damagedJson(body) : rubbish.damaged(body),
              rubbish.of(OrdersFrom.values()));
        });
  }

  private static void translate(String provider, byte[] body) {
    translate(provider, body, OrdersFrom.CHECKOUT);
  }

  private static void translate(String provider, byte[] body, OrdersFrom ordersFrom) {
    Endpoint endpoint = Bodies.endpoint(provider, Endpoint.Mode.ANY, ordersFrom);

    Translation translation =
        PROVIDERS.named(provider).orElseThrow().translate(Bodies.webhook(provider, body), endpoint);

    if (translation instanceof Translation.Facts(var events)) {
      assertThat(events)
          .isNotEmpty()
          .allSatisfy(event ->
              assertThat(WireFormat.read(WireFormat.write(event), event.getClass()))
                  .isEqualTo(event));
    }
  }
}
