package dev.quittance.receipts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.receipts.receipt.Seller;
import dev.quittance.receipts.render.Merchant;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReceiptSettingsTest {

  private static final Optional<String> FROM = Optional.of("receipts@example.com");

  private static ReceiptSettings settings(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withMapping(ReceiptSettings.class)
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .build()
        .getConfigMapping(ReceiptSettings.class);
  }

  private static MerchantSettings shops(String... namesAndValues) {
    var properties = new HashMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.put("quittance.receipts." + namesAndValues[i], namesAndValues[i + 1]);
    }
    return new MerchantSettings(settings(properties), FROM);
  }

  @Test
  void defaultsAreTheDocumentedOnes() {
    ReceiptSettings settings = settings(Map.of());

    assertThat(settings.totalsSettle()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.zone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(settings.mail().connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.mail().replyTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.mail().deadline()).isEqualTo(Duration.ofMinutes(6));
    assertThat(settings.mail().lease()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.pdf()).isTrue();
    assertThat(settings.baseUrl()).isEmpty();
    assertThat(settings.mail().retryFirst()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.mail().retryMost()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.mail().giveUpAfter()).isEqualTo(Duration.ofDays(3));
    assertThat(settings.mail().perMinute()).isZero();
    assertThat(settings.mail().pauseFirst()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.mail().pauseMost()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.mail().pauseRefused()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.mail().plaintext()).isFalse();
  }

  @Test
  void commonMerchantServesEveryEndpoint() {
    MerchantSettings shops =
        shops(
            "merchant.name", "Acme", "merchant.code", "ACME", "merchant.address", "1 Lane,Oxford");

    assertThat(shops.merchant(Seller.of("stripe")).name()).isEqualTo("Acme");
    assertThat(shops.merchant(Seller.of("stripe")).address())
        .isEqualTo(List.of("1 Lane", "Oxford"));
    assertThat(shops.merchant(Seller.of("stripe")).locale()).isEqualTo(Locale.ENGLISH);
    assertThat(shops.merchant(Seller.of("stripe")).zone()).isEqualTo(ZoneOffset.UTC);
    assertThat(shops.series(Seller.of("stripe"), "account")).isEqualTo("ACME");
    assertThat(shops.sends("stripe")).isTrue();
    assertThat(shops.sender(Seller.of("stripe")).from().address())
        .isEqualTo("receipts@example.com");
  }

  @Test
  void endpointMayHaveItsOwnMerchantAndInheritsWhatItLeavesOut() {
    MerchantSettings shops =
        shops(
            "merchant.name", "Acme",
            "merchant.tax-id", "GB1",
            "endpoints.paysuper.merchant.name", "Acme Games",
            "endpoints.paysuper.merchant.zone", "Europe/Berlin",
            "endpoints.paysuper.merchant.support", "games@acme.example",
            "endpoints.legacy.enabled", "false");

    Merchant games = shops.merchant(Seller.of("paysuper"));
    assertThat(games.name()).isEqualTo("Acme Games");
    assertThat(games.taxId()).isEqualTo("GB1");
    assertThat(games.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(shops.sender(Seller.of("paysuper")).replyTo()).isPresent();
    assertThat(shops.series(Seller.of("paysuper"), "paysuper")).isEqualTo("paysuper");
    assertThat(shops.sends("paysuper")).isTrue();
    assertThat(shops.sends("legacy")).isFalse();
  }

  @Test
  void aConnectedAccountMayHaveItsOwnMerchantAndElseThePlatformsServes() {
    MerchantSettings shops =
        shops(
            "merchant.name", "The Platform",
            "merchant.zone", "Europe/Berlin",
            "accounts.ink.id", "acct_1InkShop",
            "accounts.ink.merchant.name", "Ink & Paper",
            "accounts.ink.merchant.code", "INK");

    var ink = new Seller("stripe", "acct_1InkShop");
    assertThat(shops.merchant(ink).name()).isEqualTo("Ink & Paper");
    assertThat(shops.merchant(ink).zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(shops.series(ink, "stripe")).isEqualTo("INK");
    assertThat(shops.sender(ink).name()).isEqualTo("Ink & Paper");
    assertThat(shops.merchant(new Seller("stripe", "acct_1Other")).name())
        .isEqualTo("The Platform");
    assertThat(shops.merchant(Seller.of("stripe")).name()).isEqualTo("The Platform");
  }

  @Test
  void environmentVariablesHaveTheDocumentedNames() {
    ReceiptSettings settings =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(ReceiptSettings.class)
            .withSources(
                new EnvConfigSource(
                    Map.of(
                        "QUITTANCE_RECEIPTS_MERCHANT_TAX_ID", "GB1",
                        "QUITTANCE_RECEIPTS_ENDPOINTS_STRIPE_MERCHANT_NAME", "Acme",
                        "QUITTANCE_RECEIPTS_ENDPOINTS_STRIPE_ENABLED", "false",
                        "QUITTANCE_RECEIPTS_MAIL_GIVE_UP_AFTER", "24h"),
                    300))
            .build()
            .getConfigMapping(ReceiptSettings.class);

    assertThat(settings.merchant().taxId()).contains("GB1");
    assertThat(settings.endpoints()).containsOnlyKeys("stripe");
    assertThat(settings.endpoints().values())
        .allMatch(endpoint -> !endpoint.enabled())
        .allMatch(endpoint -> endpoint.merchant().name().equals(Optional.of("Acme")));
    assertThat(settings.mail().giveUpAfter()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void whatIsMissingOrWrongIsSaidInASentence() {
    assertThatThrownBy(() -> shops()).hasMessage("Set quittance.receipts.merchant.name.");
    assertThatThrownBy(() ->
            new MerchantSettings(
                settings(Map.of("quittance.receipts.merchant.name", "A")), Optional.empty()))
        .hasMessage("Set quittance.receipts.merchant.from or quarkus.mailer.from.");
    assertThatThrownBy(() -> shops("merchant.name", "A", "merchant.from", "nobody"))
        .hasMessage("quittance.receipts.merchant.from must be an e-mail address");
    assertThatThrownBy(() -> shops("merchant.name", "A", "merchant.code", "A B"))
        .hasMessageStartingWith("quittance.receipts.merchant.code has 1 to 32");
    assertThatThrownBy(() -> shops("merchant.name", "A", "merchant.color", "blue"))
        .hasMessageContaining("#rrggbb");
    assertThatThrownBy(() -> shops("merchant.name", "A", "merchant.logo-url", "http://x\" onload="))
        .hasMessageContaining("https://");
    assertThatThrownBy(() -> shops("merchant.name", "A", "merchant.zone", "Nowhere"))
        .hasMessage("quittance.receipts.merchant.zone must be a time zone, such as Europe/Berlin");
  }
}
