package dev.quittance.ingest.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.SigningSecret;
import dev.quittance.ingest.provider.standard.StandardWebhooks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long whoever delivers waits for the answer.
final class PatienceTest {

  private final Providers providers = new Providers(List.of(new StandardWebhooks()));

  @Test
  void anEndpointsSettingOutweighsItsProvider() {
    assertThat(providers.patience(endpoint(Map.of()))).isEqualTo(Duration.ofSeconds(5));
    assertThat(providers.patience(endpoint(Map.of("patience-ms", "2500"))))
        .isEqualTo(Duration.ofMillis(2_500));
    assertThat(providers.settings("standard")).contains("patience-ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "999", "5001", "-2000", "2000.5", "99999999999"})
  void oneThatMakesNoSenseStopsTheStart(String set) {
    assertThat(providers.complaint(endpoint(Map.of("patience-ms", set))).orElseThrow())
        .contains("patience-ms is no whole number from 1000 to 5000");
  }

  private static Endpoint endpoint(Map<String, String> settings) {
    Endpoint plain = Bodies.endpoint("standard");
    return new Endpoint(
        plain.name(),
        plain.provider(),
        plain.account(),
        List.of(new SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
        plain.mode(),
        plain.ordersFrom(),
        settings);
  }
}
