package dev.quittance.ingest.provider.standard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.SigningSecret;
import dev.quittance.ingest.provider.HmacSha256;
import dev.quittance.ingest.provider.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StandardWebhooksSignatureTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String TIMESTAMP = "1614265330";
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
  private static final String VECTOR = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final String OTHER = "v1," + "A".repeat(43) + "=";
  private static final Instant NOW = Instant.ofEpochSecond(1_614_265_330);

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void everySetOfHeadersHasItsVerdict(
      String name,
      @Nullable String id,
      @Nullable String timestamp,
      @Nullable String signatures,
      Class<? extends Verdict> expected) {
    assertThat(verify(id, timestamp, signatures, BODY, NOW, SECRET)).isInstanceOf(expected);
  }

  static Stream<Arguments> everySetOfHeadersHasItsVerdict() {
    var genuine = Verdict.Genuine.class;
    var missing = Verdict.Missing.class;
    var malformed = Verdict.Malformed.class;
    var wrong = Verdict.Wrong.class;
    return Stream.of(
        row("the published vector", ID, TIMESTAMP, VECTOR, genuine),
        row("a wrong one before it", ID, TIMESTAMP, OTHER + " " + VECTOR, genuine),
        row("a wrong one behind it", ID, TIMESTAMP, VECTOR + " " + OTHER, genuine),
        row("other versions beside it", ID, TIMESTAMP, "v1a,x v2,y " + VECTOR + " v3", genuine),
        row("two spaces between", ID, TIMESTAMP, OTHER + "  " + VECTOR, genuine),
        row("no id", null, TIMESTAMP, VECTOR, missing),
        row("an empty id", "", TIMESTAMP, VECTOR, missing),
        row("no time", ID, null, VECTOR, missing),
        row("an empty time", ID, "", VECTOR, missing),
        row("no signature", ID, TIMESTAMP, null, missing),
        row("an empty signature", ID, TIMESTAMP, "", missing),
        row("a time of letters", ID, "now", VECTOR, malformed),
        row("a time with a fraction", ID, "1614265330.5", VECTOR, malformed),
        row("a time that overflows", ID, "99999999999999999999", VECTOR, malformed),
        row("a negative time", ID, "-1614265330", VECTOR, malformed),
        row("a time in two headers", ID, TIMESTAMP + "," + TIMESTAMP, VECTOR, malformed),
        row("a dot in the id", ID + ".1", TIMESTAMP, VECTOR, malformed),
        row("no version", ID, TIMESTAMP, VECTOR.substring(3), malformed),
        row("another version only", ID, TIMESTAMP, "v2," + VECTOR.substring(3), malformed),
        row("an asymmetric one only", ID, TIMESTAMP, "v1a," + VECTOR.substring(3), malformed),
        row("another signature", ID, TIMESTAMP, OTHER, wrong),
        row("an empty v1", ID, TIMESTAMP, "v1,", wrong),
        row("no base64", ID, TIMESTAMP, "v1,!!!!", wrong),
        row(
            "the case changed",
            ID,
            TIMESTAMP,
            VECTOR.toUpperCase(Locale.ROOT).replace("V1,", "v1,"),
            wrong),
        row("without its padding", ID, TIMESTAMP, VECTOR.replace("=", ""), wrong),
        row("a comma instead of the space", ID, TIMESTAMP, VECTOR + "," + VECTOR, wrong),
        row("another id", "msg_other", TIMESTAMP, VECTOR, wrong),
        row("another time", ID, "1614265331", VECTOR, wrong));
  }

  private static Arguments row(
      String name,
      @Nullable String id,
      @Nullable String timestamp,
      @Nullable String signatures,
      Class<? extends Verdict> expected) {
    return Arguments.of(name, id, timestamp, signatures, expected);
  }

  @Test
  void fiveMinutesIsFreshAndASecondMoreIsNot() {
    assertThat(verify(ID, TIMESTAMP, VECTOR, BODY, NOW.plusSeconds(300), SECRET))
        .isEqualTo(new Verdict.Genuine());
    assertThat(verify(ID, TIMESTAMP, VECTOR, BODY, NOW.plusSeconds(301), SECRET))
        .isEqualTo(new Verdict.Stale(Duration.ofSeconds(301)));
    assertThat(verify(ID, TIMESTAMP, VECTOR, BODY, NOW.minusSeconds(300), SECRET))
        .isEqualTo(new Verdict.Genuine());
    assertThat(verify(ID, TIMESTAMP, VECTOR, BODY, NOW.minusSeconds(301), SECRET))
        .isEqualTo(new Verdict.Early(Duration.ofSeconds(301)));
  }

  @Test
  void aSecretMayComeWithoutItsPrefixAndBesideOthers() {
    String other = "whsec_" + Base64.getEncoder().encodeToString(new byte[24]);

    assertThat(verify(ID, TIMESTAMP, VECTOR, BODY, NOW, SECRET.substring(6)))
        .isEqualTo(new Verdict.Genuine());
    assertThat(verify(ID, TIMESTAMP, VECTOR, BODY, NOW, other, SECRET))
        .isEqualTo(new Verdict.Genuine());
    assertThat(verify(ID, TIMESTAMP, VECTOR, BODY, NOW, other)).isEqualTo(new Verdict.Wrong());
  }

  @Test
  void theBytesCountNotWhatTheyMean() {
    byte[] noUtf8 = {(byte) 0xFF, 0, (byte) 0xC3};
    byte[] umlauts = "{\"name\":\"Jürgen\"}".getBytes(UTF_8);

    for (byte[] body : List.of(noUtf8, umlauts, new byte[0])) {
      assertThat(verify(ID, TIMESTAMP, sign(body), body, NOW, SECRET))
          .isEqualTo(new Verdict.Genuine());
    }
    byte[] rewritten = "{\"test\":2432232314}".getBytes(UTF_8);
    assertThat(verify(ID, TIMESTAMP, VECTOR, rewritten, NOW, SECRET))
        .isEqualTo(new Verdict.Wrong());
  }

  @Test
  void aSecretThatIsNoBase64StopsTheStart() {
    assertThat(new StandardWebhooks().complaint(endpoint(SECRET))).isEmpty();
    for (String secret : List.of("whsec_", "whsec_not base64", "local secret")) {
      assertThat(new StandardWebhooks().complaint(endpoint(secret))).as(secret).isPresent();
    }
  }

  @Property
  void nothingBringsAnythingButAVerdict(
      @ForAll String id, @ForAll String timestamp, @ForAll String signatures, @ForAll byte[] body) {
    var headers =
        Map.of("webhook-id", id, "webhook-timestamp", timestamp, "webhook-signature", signatures);
    var almost =
        Map.of(
            "webhook-id",
            id,
            "webhook-timestamp",
            TIMESTAMP,
            "webhook-signature",
            "v1," + signatures);

    for (var given : List.of(headers, almost)) {
      assertThat(new StandardWebhooks().verify(endpoint(SECRET), given::get, body, NOW))
          .isNotInstanceOf(Verdict.Genuine.class);
    }
  }

  private static Endpoint endpoint(String... secrets) {
    return new Endpoint(
        "standard",
        "standard",
        "standard",
        Stream.of(secrets).map(SigningSecret::new).toList(),
        Endpoint.Mode.ANY,
        Endpoint.OrdersFrom.CHECKOUT);
  }

  private static String sign(byte[] body) {
    byte[] key = Base64.getDecoder().decode(SECRET.substring(6));
    byte[] prefix = (ID + "." + TIMESTAMP + ".").getBytes(UTF_8);
    return "v1," + Base64.getEncoder().encodeToString(HmacSha256.of(key, prefix, body));
  }

  private static Verdict verify(
      @Nullable String id,
      @Nullable String timestamp,
      @Nullable String signatures,
      byte[] body,
      Instant now,
      String... secrets) {
    return StandardWebhooksSignature.verify(
        id, timestamp, signatures, body, Stream.of(secrets).map(SigningSecret::new).toList(), now);
  }
}
