package dev.quittance.ingest.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoint.OrdersFrom;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.standard.StandardWebhooks;
import dev.quittance.ingest.provider.stripe.Stripe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever the bytes, a translator gives a translation, and what it gives can be written and read
/// again.
final class TranslatorsNeverThrowTest {

  private static final Providers PROVIDERS =
      new Providers(List.of(new Stripe(), new PaySuper(), new StandardWebhooks()));

  private static final ObjectMapper JSON = new ObjectMapper();

  @Property(tries = 500)
  void anyBytes(@ForAll byte[] body, @ForAll("providers") String provider) {
    translate(provider, body);
  }

  @Property(tries = 300)
  void anyText(@ForAll String text, @ForAll("providers") String provider) {
    translate(provider, text.getBytes(StandardCharsets.UTF_8));
    translate(provider, ("{\"type\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 2_000)
  void anyBodyWithOneValueReplaced(
      @ForAll("bodies") String name,
      @ForAll("oddValues") String value,
      @ForAll int place,
      @ForAll OrdersFrom ordersFrom)
      throws IOException {
    JsonNode tree = JSON.readTree(Bodies.body(name));
    replace(tree, place, value);

    translate(Bodies.providerOf(name), JSON.writeValueAsBytes(tree), ordersFrom);
  }

  @Property(tries = 500)
  void anyBodyCutShort(@ForAll("bodies") String name, @ForAll int length) {
    byte[] body = Bodies.body(name);

    translate(
        Bodies.providerOf(name), java.util.Arrays.copyOf(body, Math.floorMod(length, body.length)));
  }

  /// The value is put as raw JSON, because not all of it can be held in a tree.
  private static void replace(JsonNode tree, int place, String value) {
    var places = new ArrayList<Runnable>();
    collect(tree, value, places);
    places.get(Math.floorMod(place, places.size())).run();
  }

  private static void collect(JsonNode node, String value, List<Runnable> places) {
    if (node instanceof ObjectNode object) {
      for (var field : object.properties()) {
        String name = field.getKey();
        places.add(() ->
            object.putRawValue(name, new com.fasterxml.jackson.databind.util.RawValue(value)));
        collect(field.getValue(), value, places);
      }
    } else if (node instanceof ArrayNode array) {
      array.forEach(child -> collect(child, value, places));
    }
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

  @Provide
  Arbitrary<String> providers() {
    return Arbitraries.of(PROVIDERS.providers());
  }

  @Provide
  Arbitrary<String> bodies() {
    return Arbitraries.of(Bodies.names());
  }

  @Provide
  Arbitrary<String> oddValues() {
    return Arbitraries.of(
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "1e999999999",
        "0e-999999999",
        "-1e-400",
        "99999999999999999999999999",
        "9223372036854775807",
        "\"\"",
        "\" \"",
        "\"1e99999\"",
        "\"\\u0000\"",
        "\"\\ud800x\"",
        "\"\\ud83d\\ude00\"",
        "\"" + "x".repeat(400) + "\"",
        "\"zzz\"",
        "\"XXX\"",
        "\"isk\"",
        "\"1970-01-01T00:00:00Z\"",
        "\"+999999999-12-31T23:59:59Z\"",
        "[]",
        "[null, 1, \"a\", {}]",
        "{}",
        "{\"id\": {\"id\": \"x\"}}",
        "{\"data\": [{}, null, 3]}",
        "[".repeat(900) + "]".repeat(900));
  }
}
