package dev.quittance.ingest.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {

  @TempDir Path directory;

  @Test
  void environmentVariablesConfigureAnEndpoint() {
    Endpoints endpoints =
        fromEnvironment(
            "QUITTANCE_ENDPOINTS_SHOP_PROVIDER", "stripe",
            "QUITTANCE_ENDPOINTS_SHOP_SECRETS", "whsec_one, whsec_two",
            "QUITTANCE_ENDPOINTS_SHOP_ACCOUNT", "acct_1",
            "QUITTANCE_ENDPOINTS_SHOP_MODE", "test",
            "QUITTANCE_ENDPOINTS_SHOP_ORDERS_FROM", "payment_intents",
            "QUITTANCE_ENDPOINTS_SHOP_REFERENCE", "order");

    Endpoint shop = endpoints.named("shop").orElseThrow();

    assertThat(shop.provider()).isEqualTo("stripe");
    assertThat(shop.secrets())
        .containsExactly(new SigningSecret("whsec_one"), new SigningSecret("whsec_two"));
    assertThat(shop.account()).isEqualTo("acct_1");
    assertThat(shop.mode()).isEqualTo(Endpoint.Mode.TEST);
    assertThat(shop.ordersFrom()).isEqualTo(Endpoint.OrdersFrom.PAYMENT_INTENTS);
    assertThat(shop.reference()).isEqualTo(Endpoint.Reference.ORDER);
    assertThat(endpoints.named("stripe")).as("the local ones are gone").isEmpty();
  }

  @Test
  void propertiesAndEnvironmentVariablesMeanTheSame() {
    Endpoints byProperties =
        fromProperties(
            "quittance.endpoints.my-shop.provider", "paysuper",
            "quittance.endpoints.my-shop.secrets", "one",
            "quittance.endpoints.my-shop.user-validate", "reject");
    Endpoints byVariables =
        fromEnvironment(
            "QUITTANCE_ENDPOINTS_MY_SHOP_PROVIDER", "paysuper",
            "QUITTANCE_ENDPOINTS_MY_SHOP_SECRETS", "one",
            "QUITTANCE_ENDPOINTS_MY_SHOP_USER_VALIDATE", "reject");

    assertThat(byVariables.all()).hasSameElementsAs(byProperties.all()).hasSize(1);
    assertThat(byVariables.named("my-shop").orElseThrow().settings())
        .isEqualTo(Map.of("user-validate", "reject"));
  }

  @Test
  void aListIsOneTextOrHasAnIndexAtEachEntry() {
    for (Endpoints endpoints :
        new Endpoints[] {
          fromProperties(
              "quittance.endpoints.my-shop.provider",
              "stripe",
              "quittance.endpoints.my-shop.secrets",
              "one,two,three"),
          fromProperties(
              "quittance.endpoints.my-shop.provider",
              "stripe",
              "quittance.endpoints.my-shop.secrets[1]",
              "two",
              "quittance.endpoints.my-shop.secrets[0]",
              "one",
              "quittance.endpoints.my-shop.secrets[10]",
              "three"),
          fromEnvironment(
              "QUITTANCE_ENDPOINTS_MY_SHOP_PROVIDER",
              "stripe",
              "QUITTANCE_ENDPOINTS_MY_SHOP_SECRETS_0_",
              "one",
              "QUITTANCE_ENDPOINTS_MY_SHOP_SECRETS_1_",
              "two",
              "QUITTANCE_ENDPOINTS_MY_SHOP_SECRETS_10_",
              "three")
        }) {
      assertThat(endpoints.named("my-shop").orElseThrow().secrets())
          .containsExactly(
              new SigningSecret("one"), new SigningSecret("two"), new SigningSecret("three"));
    }
  }

  @Test
  void oneTextAndEntriesBesideEachOtherStopTheStart() {
    assertThatThrownBy(() ->
            fromProperties(
                "quittance.endpoints.stripe.secrets", "one",
                "quittance.endpoints.stripe.secrets[0]", "two"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("QUITTANCE_ENDPOINTS_STRIPE_SECRETS is set as one text and entry by");
  }

  @Test
  void whereNoEventSaysWhetherItIsLiveTheModeHasToBeSet() {
    EndpointRules silent =
        new TwoProviders() {
          @Override
          public boolean tellsMode(String provider) {
            return false;
          }
        };

    for (String mode : new String[] {"", "any"}) {
      var given = new HashMap<>(map("quittance.endpoints.stripe.secrets", "one"));
      if (!mode.isEmpty()) {
        given.put("quittance.endpoints.stripe.mode", mode);
      }
      assertThatThrownBy(() -> endpoints(given, silent))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("set QUITTANCE_ENDPOINTS_STRIPE_MODE to live or test");
    }
    for (String mode : new String[] {"live", "test"}) {
      Map<String, String> given =
          map("quittance.endpoints.stripe.secrets", "one", "quittance.endpoints.stripe.mode", mode);
      assertThat(endpoints(given, silent).named("stripe").orElseThrow().livemode())
          .isEqualTo(mode.equals("live"));
    }
  }

  @Test
  void anEnvironmentVariableOutweighsAProperty() {
    Config config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(
                new PropertiesConfigSource(
                    Map.of("quittance.endpoints.stripe.secrets", "whsec_file"), "file", 100),
                new EnvConfigSource(Map.of("QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "whsec_env"), 300))
            .build();

    assertThat(new Endpoints(config, new TwoProviders()).named("stripe").orElseThrow().secrets())
        .containsExactly(new SigningSecret("whsec_env"));
  }

  @Test
  void whatIsLeftOutHasADefault() {
    Endpoints endpoints = fromEnvironment("QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "whsec_one");

    Endpoint stripe = endpoints.named("stripe").orElseThrow();

    assertThat(stripe.provider()).isEqualTo("stripe");
    assertThat(stripe.account()).isEqualTo("stripe");
    assertThat(stripe.mode()).isEqualTo(Endpoint.Mode.LIVE);
    assertThat(stripe.ordersFrom()).isEqualTo(Endpoint.OrdersFrom.CHECKOUT);
    assertThat(stripe.reference()).as("Stripe allows any text").isEqualTo(Endpoint.Reference.FREE);
  }

  @Test
  void theLocalEndpointsCountOnlyWhereNothingIsConfigured() {
    var local =
        Map.of(
            "quittance.local-defaults", "true",
            "quittance.local-endpoints.stripe.secrets", "whsec_local_stripe",
            "quittance.local-endpoints.stripe.mode", "any");
    var configured = new HashMap<>(local);
    configured.put("quittance.endpoints.paysuper.secrets", "secret");
    var forgotten = new HashMap<>(local);
    forgotten.put("quittance.local-defaults", "false");

    assertThat(endpoints(local).named("stripe").orElseThrow().mode()).isEqualTo(Endpoint.Mode.ANY);
    assertThat(endpoints(configured).named("stripe")).isEmpty();
    assertThat(endpoints(configured).named("paysuper")).isPresent();
    assertThatThrownBy(() -> endpoints(forgotten))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("set QUITTANCE_ENDPOINTS_STRIPE_SECRETS");
  }

  @Test
  void anEndpointWithASecretOfItsOwnIsNoPublishedOne() {
    var local =
        Map.of(
            "quittance.local-defaults", "true",
            "quittance.local-endpoints.stripe.secrets", "whsec_local_stripe",
            "quittance.local-endpoints.paysuper.secrets", "local-paysuper-secret");
    var own = new HashMap<>(local);
    own.put("quittance.local-endpoints.stripe.secrets", "whsec_of_the_shop");
    var both = new HashMap<>(local);
    both.put("quittance.local-endpoints.stripe.secrets", "whsec_local_stripe,whsec_of_the_shop");

    assertThat(endpoints(local).published()).isTrue();
    assertThat(endpoints(own).published()).isFalse();
    assertThat(endpoints(both).published()).isFalse();
    assertThat(fromEnvironment("QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "whsec_one").published())
        .isFalse();
    assertThat(
            fromEnvironment("QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "whsec_local_stripe").published())
        .isFalse();
  }

  @Test
  void twoEndpointsOfOneProviderMayShareAnAccount() {
    Endpoints endpoints =
        fromEnvironment(
            "QUITTANCE_ENDPOINTS_EU_PROVIDER", "stripe",
            "QUITTANCE_ENDPOINTS_EU_SECRETS", "whsec_one",
            "QUITTANCE_ENDPOINTS_EU_ACCOUNT", "shop",
            "QUITTANCE_ENDPOINTS_US_PROVIDER", "stripe",
            "QUITTANCE_ENDPOINTS_US_SECRETS", "whsec_two",
            "QUITTANCE_ENDPOINTS_US_ACCOUNT", "shop");

    assertThat(endpoints.all()).extracting(Endpoint::account).containsOnly("shop").hasSize(2);
  }

  @Test
  void everyFaultStopsTheStartWithASentenceThatSaysWhatToSet() {
    assertStops("set QUITTANCE_ENDPOINTS_SHOP_PROVIDER to one of paysuper, stripe")
        .with("QUITTANCE_ENDPOINTS_SHOP_SECRETS", "secret");
    assertStops("set QUITTANCE_ENDPOINTS_SHOP_PROVIDER to one of paysuper, stripe")
        .with(
            "QUITTANCE_ENDPOINTS_SHOP_SECRETS", "secret",
            "QUITTANCE_ENDPOINTS_SHOP_PROVIDER", "adyen");
    assertStops("has no signing secret; set QUITTANCE_ENDPOINTS_STRIPE_SECRETS")
        .with("QUITTANCE_ENDPOINTS_STRIPE_MODE", "live");
    assertStops("has no signing secret; set QUITTANCE_ENDPOINTS_STRIPE_SECRETS")
        .with("QUITTANCE_ENDPOINTS_STRIPE_SECRETS", " , ,");
    assertStops("has too many signing secrets")
        .with("QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "1,2,3,4,5,6,7,8,9");
    assertStops("Only one of QUITTANCE_ENDPOINTS_STRIPE_SECRETS and")
        .with(
            "QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "secret",
            "QUITTANCE_ENDPOINTS_STRIPE_SECRETS_FILE", "/run/secrets/stripe");
    assertStops("QUITTANCE_ENDPOINTS_STRIPE_SECRETS_FILE names can't be read")
        .with("QUITTANCE_ENDPOINTS_STRIPE_SECRETS_FILE", "/nowhere/at/all");
    assertStops("QUITTANCE_ENDPOINTS_STRIPE_MODE has an unknown value; set it to one of live, test")
        .with(
            "QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "secret",
            "QUITTANCE_ENDPOINTS_STRIPE_MODE", "LIVE");
    assertStops("QUITTANCE_ENDPOINTS_STRIPE_ORDERS_FROM has an unknown value")
        .with(
            "QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "secret",
            "QUITTANCE_ENDPOINTS_STRIPE_ORDERS_FROM", "charges");
    assertStops(
            "QUITTANCE_ENDPOINTS_STRIPE_REFERENCE has an unknown value; set it to one of free,"
                + " order")
        .with(
            "QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "secret",
            "QUITTANCE_ENDPOINTS_STRIPE_REFERENCE", "cart");
    assertStops("set QUITTANCE_ENDPOINTS_STRIPE_ACCOUNT")
        .with(
            "QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "secret",
            "QUITTANCE_ENDPOINTS_STRIPE_ACCOUNT", "a:b");
    assertStops("shared by the providers paysuper and stripe")
        .with(
            "QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "secret",
            "QUITTANCE_ENDPOINTS_PAYSUPER_SECRETS", "secret",
            "QUITTANCE_ENDPOINTS_PAYSUPER_ACCOUNT", "stripe");
    assertStops("QUITTANCE_ENDPOINTS_STRIPE_SECRET is no setting of an endpoint")
        .with("QUITTANCE_ENDPOINTS_STRIPE_SECRET", "whsec_one");
    assertStops("The provider stripe has no setting user-validate")
        .with(
            "QUITTANCE_ENDPOINTS_STRIPE_SECRETS", "secret",
            "QUITTANCE_ENDPOINTS_STRIPE_USER_VALIDATE", "reject");
    assertStops("user-validate is neither approve nor reject")
        .with(
            "QUITTANCE_ENDPOINTS_PAYSUPER_SECRETS", "secret",
            "QUITTANCE_ENDPOINTS_PAYSUPER_USER_VALIDATE", "maybe");
    assertStops("No webhook endpoint is configured").with();
    assertThatThrownBy(() -> fromProperties("quittance.endpoints.My_Shop.secrets", "secret"))
        .hasMessageContaining("\"My_Shop\" is no good");
  }

  @Test
  void allFaultsAreToldAtOnceAndNoSecretAmongThem() {
    assertThatThrownBy(() ->
            fromEnvironment(
                "QUITTANCE_ENDPOINTS_A_SECRETS", "whsec_hidden",
                "QUITTANCE_ENDPOINTS_B_PROVIDER", "stripe"))
        .hasMessageContaining("QUITTANCE_ENDPOINTS_A_PROVIDER")
        .hasMessageContaining("QUITTANCE_ENDPOINTS_B_SECRETS")
        .hasMessageNotContaining("whsec_hidden");
  }

  @Test
  void aSecretsFileMayChangeWhileTheServiceRuns() throws IOException {
    Path file = write("secrets", "whsec_one\n");
    Endpoints endpoints =
        fromEnvironment("QUITTANCE_ENDPOINTS_STRIPE_SECRETS_FILE", file.toString());
    assertThat(secrets(endpoints)).containsExactly(new SigningSecret("whsec_one"));
    assertThat(endpoints.reloadSecrets()).isEmpty();

    write("secrets", "whsec_two\nwhsec_one\n");

    assertThat(endpoints.reloadSecrets()).containsExactly("stripe");
    assertThat(secrets(endpoints))
        .containsExactly(new SigningSecret("whsec_two"), new SigningSecret("whsec_one"));
    assertThat(endpoints.reloadSecrets()).isEmpty();
  }

  @Test
  void aSwappedSymbolicLinkIsAChange() throws IOException {
    Path first = Files.createDirectory(directory.resolve("..1"));
    Path second = Files.createDirectory(directory.resolve("..2"));
    Files.writeString(first.resolve("secrets"), "whsec_one");
    Files.writeString(second.resolve("secrets"), "whsec_two");
    Path data = Files.createSymbolicLink(directory.resolve("..data"), first);
    Path mounted = directory.resolve("secrets");
    Files.createSymbolicLink(mounted, Path.of("..data", "secrets"));
    Endpoints endpoints =
        fromEnvironment("QUITTANCE_ENDPOINTS_STRIPE_SECRETS_FILE", mounted.toString());

    Files.delete(data);
    Files.createSymbolicLink(data, second);

    assertThat(endpoints.reloadSecrets()).containsExactly("stripe");
    assertThat(secrets(endpoints)).containsExactly(new SigningSecret("whsec_two"));
  }

  @Test
  void aFileThatIsGoneOrSenselessTakesNoSecretAway() throws IOException {
    Path file = write("secrets", "whsec_one");
    Endpoints endpoints =
        fromEnvironment("QUITTANCE_ENDPOINTS_STRIPE_SECRETS_FILE", file.toString());

    write("secrets", "\n , \n");
    assertThat(endpoints.reloadSecrets()).isEmpty();
    write("secrets", "1,2,3,4,5,6,7,8,9");
    assertThat(endpoints.reloadSecrets()).isEmpty();
    write("secrets", "x".repeat(SecretsFile.BYTES_MAX + 1));
    assertThat(endpoints.reloadSecrets()).isEmpty();
    Files.delete(file);
    assertThat(endpoints.reloadSecrets()).isEmpty();
    assertThat(secrets(endpoints)).containsExactly(new SigningSecret("whsec_one"));

    write("secrets", "whsec_two");
    assertThat(endpoints.reloadSecrets()).containsExactly("stripe");
    assertThat(secrets(endpoints)).containsExactly(new SigningSecret("whsec_two"));
  }

  @Test
  void nothingPrintsASecret() {
    Endpoints endpoints =
        fromEnvironment(
            "QUITTANCE_ENDPOINTS_PAYSUPER_SECRETS", "hidden",
            "QUITTANCE_ENDPOINTS_PAYSUPER_USER_VALIDATE", "approve");

    assertThat(endpoints.all().toString())
        .contains("paysuper", "user-validate")
        .doesNotContain("hidden", "approve");
    assertThat(new SigningSecret("hidden")).hasToString("SigningSecret[…]");
    assertThat(new GivenEndpoint("key", "name", Map.of("secrets", "hidden")).toString())
        .doesNotContain("hidden");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
  }

  private static Iterable<SigningSecret> secrets(Endpoints endpoints) {
    return endpoints.named("stripe").orElseThrow().secrets();
  }

  private interface Given {
    void with(String... variables);
  }

  private static Given assertStops(String sentence) {
    return variables ->
        assertThatThrownBy(() -> fromEnvironment(variables))
            .isInstanceOf(ConfigurationException.class)
            .hasMessageContaining(sentence);
  }

  private static Endpoints fromEnvironment(String... variables) {
    Config config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new EnvConfigSource(map(variables), 300))
            .build();
    return new Endpoints(config, new TwoProviders());
  }

  private static Endpoints fromProperties(String... properties) {
    return endpoints(map(properties));
  }

  private static Endpoints endpoints(Map<String, String> properties) {
    return endpoints(properties, new TwoProviders());
  }

  private static Endpoints endpoints(Map<String, String> properties, EndpointRules rules) {
    Config config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(properties, "properties", 250))
            .build();
    return new Endpoints(config, rules);
  }

  private static Map<String, String> map(String... pairs) {
    var map = new HashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /// Rules like those of the real providers, without them: this room doesn't know them.
  private static class TwoProviders implements EndpointRules {

    @Override
    public Set<String> providers() {
      return new TreeSet<>(Set.of("stripe", "paysuper"));
    }

    @Override
    public Set<String> settings(String provider) {
      return provider.equals("paysuper") ? Set.of("user-validate") : Set.of();
    }

    @Override
    public Optional<String> complaint(Endpoint endpoint) {
      return "maybe".equals(endpoint.settings().get("user-validate"))
          ? Optional.of("user-validate is neither approve nor reject")
          : Optional.empty();
    }
  }
}
