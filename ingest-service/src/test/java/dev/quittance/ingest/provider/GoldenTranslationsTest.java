package dev.quittance.ingest.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoint.Mode;
import dev.quittance.ingest.endpoint.Endpoint.OrdersFrom;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.standard.StandardWebhooks;
import dev.quittance.ingest.provider.stripe.Stripe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every body has its expected translation in a file, which proves that what we say of old events
/// stays as it was. `-Dgolden.write=true` writes the files that are missing; it never changes one.
final class GoldenTranslationsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static final Providers PROVIDERS =
      new Providers(List.of(new Stripe(), new PaySuper(), new StandardWebhooks()));

  private static final ObjectMapper JSON = WireFormat.mapper();

  static List<String> names() {
    return Bodies.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyBodyMeansWhatItMeant(String name) throws IOException {
    Path golden = GOLDEN.resolve(name + ".json");
    JsonNode meaning = meaning(name);

    if (Boolean.getBoolean("golden.write") && Files.notExists(golden)) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, meaning.toPrettyString() + "\n", StandardCharsets.UTF_8);
    }

    assertThat(meaning).isEqualTo(JSON.readTree(Files.readAllBytes(golden)));
  }

  /// Test-mode bodies come in by an endpoint that admits them, `other_mode` by one that doesn't.
  private static JsonNode meaning(String name) {
    String provider = Bodies.providerOf(name);
    Mode mode = name.endsWith("other_mode") ? Mode.LIVE : Mode.ANY;
    Endpoint endpoint = Bodies.endpoint(provider, mode, OrdersFrom.CHECKOUT);
    Translation translation =
        PROVIDERS
            .named(provider)
            .orElseThrow()
            .translate(Bodies.webhook(provider, Bodies.body(name)), endpoint);
    ObjectNode meaning = JSON.createObjectNode();
    switch (translation) {
      case Translation.Facts(var events) ->
          events.forEach(event ->
              meaning
                  .withArray("events")
                  .addObject()
                  .put("type", event.type())
                  .set("data", tree(event)));
      case Translation.Open(var events) ->
          throw new IllegalStateException("without an API key nothing is open: " + events);
      case Translation.Ignored(var why) -> meaning.put("ignored", why);
      case Translation.Untranslatable(var why, var detail) ->
          meaning.put("untranslatable", why.wireName()).put("detail", detail);
    }
    return meaning;
  }

  private static JsonNode tree(Object event) {
    try {
      return JSON.readTree(WireFormat.write(event));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
