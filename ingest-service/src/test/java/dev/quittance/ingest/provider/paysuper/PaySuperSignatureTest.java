package dev.quittance.ingest.provider.paysuper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.SigningSecret;
import dev.quittance.ingest.provider.Verdict;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PaySuperSignatureTest {

  private static final String SECRET = "Unit Test";
  private static final byte[] BODY =
      ("{\"id\":\"\",\"type\":\"\",\"event\":\"\",\"live\":false,\"created_at\":\"\","
              + "\"expires_at\":\"\",\"delivery_try\":0,\"object\":null}")
          .getBytes(UTF_8);
  private static final String VECTOR =
      "10e4a4e3432c0dbb49f656cc3621c1d55fafb66149d185995e3affc18047d01a";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void everyHeaderHasItsVerdict(
      String name, @Nullable String header, Class<? extends Verdict> expected) {
    assertThat(verify(header, BODY, SECRET)).isInstanceOf(expected);
  }

  static Stream<Arguments> everyHeaderHasItsVerdict() {
    var missing = Verdict.Missing.class;
    var malformed = Verdict.Malformed.class;
    var wrong = Verdict.Wrong.class;
    return Stream.of(
        row("the published vector", "Signature " + VECTOR, Verdict.Genuine.class),
        row("no header", null, missing),
        row("an empty header", "", missing),
        row("no scheme", VECTOR, malformed),
        row("another scheme", "Bearer " + VECTOR, malformed),
        row("two spaces", "Signature  " + VECTOR, malformed),
        row("the scheme alone", "Signature ", malformed),
        row("half a signature", "Signature " + VECTOR.substring(32), malformed),
        row("more behind", "Signature " + VECTOR + "0", malformed),
        row("two headers joined", "Signature " + VECTOR + ",Signature " + VECTOR, malformed),
        row("another signature", "Signature " + "0".repeat(64), wrong),
        row("no hex", "Signature " + "g".repeat(64), wrong),
        row("upper-case hex", "Signature " + VECTOR.toUpperCase(Locale.ROOT), wrong));
  }

  private static Arguments row(
      String name, @Nullable String header, Class<? extends Verdict> expected) {
    return Arguments.of(name, header, expected);
  }

  @Test
  void anyOfSeveralSecretsIsEnough() {
    assertThat(verify("Signature " + VECTOR, BODY, "new secret", SECRET))
        .isEqualTo(new Verdict.Genuine());
    assertThat(verify("Signature " + VECTOR, BODY, "new secret")).isEqualTo(new Verdict.Wrong());
  }

  @Test
  void theBytesCountNotWhatTheyMean() {
    byte[] escaped = "{\"name\":\"a \\u0026 b\"}".getBytes(UTF_8);
    byte[] unescaped = "{\"name\":\"a & b\"}".getBytes(UTF_8);
    byte[] noUtf8 = {(byte) 0xFF, 0, (byte) 0xC3};

    for (byte[] body : List.of(escaped, unescaped, noUtf8, new byte[0])) {
      assertThat(verify(header(body), body, SECRET)).isEqualTo(new Verdict.Genuine());
    }
    assertThat(verify(header(escaped), unescaped, SECRET)).isEqualTo(new Verdict.Wrong());
  }

  @Test
  void anyAgeIsAcceptedUnlessAWindowIsSet() {
    byte[] old = created("2019-11-16T05:41:05Z");

    assertThat(verify(old, Map.of())).isEqualTo(new Verdict.Genuine());
    assertThat(verify(old, Map.of("freshness-seconds", "600"))).isInstanceOf(Verdict.Stale.class);
  }

  @Test
  void aWindowJudgesTheSignedTimeInBothDirections() {
    var window = Map.of("freshness-seconds", "600");

    assertThat(verify(created("2026-03-01T11:50:00Z"), window)).isEqualTo(new Verdict.Genuine());
    assertThat(verify(created("2026-03-01T12:49:59.5+01:00"), window))
        .isEqualTo(new Verdict.Stale(Duration.ofSeconds(601)));
    assertThat(verify(created("2026-03-01T12:10:01Z"), window))
        .isEqualTo(new Verdict.Early(Duration.ofSeconds(601)));
    assertThat(verify(created(""), window)).isEqualTo(new Verdict.Malformed());
    assertThat(verify(created("yesterday"), window)).isEqualTo(new Verdict.Malformed());
    assertThat(
            verify(
                "{\"object\":{\"created_at\":\"2026-03-01T12:00:00Z\"}}".getBytes(UTF_8), window))
        .isEqualTo(new Verdict.Malformed());
    assertThat(verify("no JSON".getBytes(UTF_8), window)).isEqualTo(new Verdict.Malformed());
  }

  @Test
  void aForgeryIsCalledWrongHoweverOldItIs() {
    byte[] old = created("2019-11-16T05:41:05Z");
    Endpoint endpoint = endpoint(Map.of("freshness-seconds", "600"), SECRET);

    Verdict verdict = new PaySuper().verify(endpoint, _ -> "Signature " + "0".repeat(64), old, NOW);

    assertThat(verdict).isEqualTo(new Verdict.Wrong());
  }

  @Test
  void onlyAUserValidationIsAQuestion() {
    var paySuper = new PaySuper();
    Endpoint rejecting = endpoint(Map.of("user-validate", "reject"), SECRET);

    assertThat(paySuper.declines(rejecting, Optional.of("user.validate"))).isTrue();
    assertThat(paySuper.declines(rejecting, Optional.of("payment.success"))).isFalse();
    assertThat(paySuper.declines(rejecting, Optional.empty())).isFalse();
    assertThat(paySuper.declines(endpoint(Map.of(), SECRET), Optional.of("user.validate")))
        .isFalse();
  }

  @Test
  void contradictorySettingsAreToldInASentence() {
    var paySuper = new PaySuper();

    assertThat(paySuper.complaint(endpoint(Map.of(), SECRET))).isEmpty();
    assertThat(paySuper.complaint(endpoint(Map.of("user-validate", "maybe"), SECRET)))
        .hasValueSatisfying(sentence -> assertThat(sentence).contains("approve nor reject"));
    for (String seconds : List.of("0", "-1", "86401", "soon", "")) {
      assertThat(paySuper.complaint(endpoint(Map.of("freshness-seconds", seconds), SECRET)))
          .as(seconds)
          .isPresent();
    }
  }

  @Property
  void nothingBringsAnythingButAVerdict(@ForAll String header, @ForAll byte[] body) {
    var window = Map.of("freshness-seconds", "600");

    assertThat(new PaySuper().verify(endpoint(window, SECRET), _ -> header, body, NOW))
        .isNotInstanceOf(Verdict.Genuine.class);
    assertThat(new PaySuper().verify(endpoint(window, SECRET), _ -> header(body), body, NOW))
        .isNotInstanceOf(Verdict.Wrong.class);
  }

  private static byte[] created(String at) {
    return ("{\"id\":\"1\",\"created_at\":\"" + at + "\"}").getBytes(UTF_8);
  }

  private static Verdict verify(byte[] body, Map<String, String> settings) {
    return new PaySuper().verify(endpoint(settings, SECRET), _ -> header(body), body, NOW);
  }

  private static Verdict verify(@Nullable String header, byte[] body, String... secrets) {
    return new PaySuper().verify(endpoint(Map.of(), secrets), _ -> header, body, NOW);
  }

  private static Endpoint endpoint(Map<String, String> settings, String... secrets) {
    return new Endpoint(
        "paysuper",
        "paysuper",
        "paysuper",
        Stream.of(secrets).map(SigningSecret::new).toList(),
        Endpoint.Mode.ANY,
        Endpoint.OrdersFrom.CHECKOUT,
        settings);
  }

  private static String header(byte[] body) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(body);
      return "Signature " + HexFormat.of().formatHex(sha256.digest(SECRET.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
