package dev.quittance.ingest.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.standard.StandardWebhooks;
import dev.quittance.ingest.provider.stripe.Stripe;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whether a reference names an order is the endpoint's word, and stands in every fact.
final class ReferencesTest {

  private static final Providers PROVIDERS =
      new Providers(List.of(new Stripe(), new PaySuper(), new StandardWebhooks()));

  private static final ObjectMapper JSON = WireFormat.mapper();

  static List<String> names() {
    return Bodies.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyFactSaysThatItsReferenceNamesAnOrderAndNothingElseDiffers(String name) {
    List<ObjectNode> free = facts(name, Endpoint.Reference.FREE);
    List<ObjectNode> order = facts(name, Endpoint.Reference.ORDER);

    assertThat(free).allSatisfy(fact -> assertThat(about(fact).has("references")).isFalse());
    assertThat(order)
        .allSatisfy(
            fact -> assertThat(about(fact).remove("references").textValue()).isEqualTo("order"))
        .isEqualTo(free);
  }

  private static ObjectNode about(ObjectNode fact) {
    return (ObjectNode) fact.get("about");
  }

  private static List<ObjectNode> facts(String name, Endpoint.Reference reference) {
    String provider = Bodies.providerOf(name);
    Endpoint plain = Bodies.endpoint(provider);
    var endpoint =
        new Endpoint(
            plain.name(),
            plain.provider(),
            plain.account(),
            plain.secrets(),
            plain.mode(),
            plain.ordersFrom(),
            reference,
            plain.settings());
    Translation translation =
        PROVIDERS
            .named(provider)
            .orElseThrow()
            .translate(Bodies.webhook(provider, Bodies.body(name)), endpoint);
    return switch (translation) {
      case Translation.Facts(var events) -> trees(events);
      case Translation.Open(var events) -> trees(events);
      case Translation.Ignored _, Translation.Untranslatable _ -> List.of();
    };
  }

  private static List<ObjectNode> trees(List<PaymentEvent> events) {
    return events.stream().map(event -> (ObjectNode) JSON.valueToTree(event)).toList();
  }
}
