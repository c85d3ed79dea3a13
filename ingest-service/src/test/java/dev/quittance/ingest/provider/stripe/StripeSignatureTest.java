package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import dev.quittance.ingest.endpoint.SigningSecret;
import dev.quittance.ingest.provider.HmacSha256;
import dev.quittance.ingest.provider.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StripeSignatureTest {

  private static final String SECRET = "whsec_test_secret";
  private static final byte[] BODY =
      "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n}".getBytes(UTF_8);
  private static final String VECTOR =
      "4f1cd7feda9826e746b7d482c4badebb657398df1099e1046364f6196a230150";
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final String T = "t=1700000000";
  private static final String V1 = "v1=" + VECTOR;
  private static final String OTHER = "0".repeat(64);

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void everyHeaderHasItsVerdict(
      String name, @Nullable String header, Class<? extends Verdict> expected) {
    Verdict verdict = verify(header, BODY, NOW, SECRET);

    assertThat(verdict).isInstanceOf(expected);
  }

  static Stream<Arguments> everyHeaderHasItsVerdict() {
    var genuine = Verdict.Genuine.class;
    var missing = Verdict.Missing.class;
    var malformed = Verdict.Malformed.class;
    var wrong = Verdict.Wrong.class;
    return Stream.of(
        row("the published vector", T + "," + V1, genuine),
        row("the signature before the time", V1 + "," + T, genuine),
        row("a wrong v1 before the right one", T + ",v1=" + OTHER + "," + V1, genuine),
        row("a non-hex v1 before the right one", T + ",v1=zz," + V1, genuine),
        row("an old scheme beside", T + "," + V1 + ",v0=" + OTHER, genuine),
        row("a scheme to come beside", T + ",v2=abc," + V1, genuine),
        row("a space in a scheme to come", T + "," + V1 + ",v2=a b", malformed),
        row("a tab behind it all", T + "," + V1 + ",v2=a\t", malformed),
        row("no header", null, missing),
        row("an empty header", "", missing),
        row("spaces only", "  ", missing),
        row("no key at all", "bad_header", malformed),
        row("a sentence", "I am not a timestamp, nor a signature", malformed),
        row("only v0", T + ",v0=" + VECTOR, malformed),
        row("no time", V1, malformed),
        row("an empty time", "t=," + V1, malformed),
        row("a time of letters", "t=abc," + V1, malformed),
        row("a time that overflows a long", "t=9223372036854775808," + V1, malformed),
        row("a time that wraps a long around", "t=18446744075409551616," + V1, malformed),
        row("a negative time", "t=-1700000000," + V1, malformed),
        row("a time with a plus", "t=+1700000000," + V1, malformed),
        row("a time with a leading zero", "t=01700000000," + V1, malformed),
        row("a time with a fraction", "t=1700000000.0," + V1, malformed),
        row("a time in Arabic digits", "t=١٧٠٠٠٠٠٠٠٠," + V1, malformed),
        row("t without =", "t," + V1, malformed),
        row("v1 without =", T + ",v1", malformed),
        row("a space before v1", T + ", " + V1, malformed),
        row("a space before t", " " + T + "," + V1, malformed),
        row("two times", T + "," + T + "," + V1, malformed),
        row("two times, the first stale", "t=1," + T + "," + V1, malformed),
        row("an empty item", T + ",," + V1, malformed),
        row("a trailing comma", T + "," + V1 + ",", malformed),
        row("only commas", ",,,", malformed),
        row("only =", "=", malformed),
        row("a wrong v1", T + ",v1=" + OTHER, wrong),
        row("an empty v1", T + ",v1=", wrong),
        row("a v1 that isn't hex", T + ",v1=" + "g".repeat(64), wrong),
        row("upper-case hex", T + ",v1=" + VECTOR.toUpperCase(Locale.ROOT), wrong),
        row("half a v1", T + ",v1=" + VECTOR.substring(0, 32), wrong),
        row("a v1 with more behind", T + "," + V1 + "00", wrong),
        row("the right v1 under another time", "t=1700000001," + V1, wrong),
        row("a forged v1 under a stale time", "t=1,v1=" + OTHER, wrong));
  }

  private static Arguments row(
      String name, @Nullable String header, Class<? extends Verdict> expected) {
    return Arguments.of(name, header, expected);
  }

  @Test
  void fiveMinutesIsFreshAndASecondMoreIsNot() {
    String header = T + "," + V1;

    assertThat(verify(header, BODY, NOW.plusSeconds(300), SECRET)).isEqualTo(new Verdict.Genuine());
    assertThat(verify(header, BODY, NOW.plusSeconds(301), SECRET))
        .isEqualTo(new Verdict.Stale(Duration.ofSeconds(301)));
    assertThat(verify(header, BODY, NOW.minusSeconds(300), SECRET))
        .isEqualTo(new Verdict.Genuine());
    assertThat(verify(header, BODY, NOW.minusSeconds(301), SECRET))
        .isEqualTo(new Verdict.Early(Duration.ofSeconds(301)));
  }

  @Test
  void whileASecretIsRolledEitherSideMayHoldTwo() {
    String oldOnly = T + ",v1=" + sign("whsec_old", 1_700_000_000, BODY);
    String both =
        T
            + ",v1="
            + sign("whsec_new", 1_700_000_000, BODY)
            + ",v1="
            + sign("whsec_old", 1_700_000_000, BODY);

    assertThat(verify(oldOnly, BODY, NOW, "whsec_new", "whsec_old"))
        .isEqualTo(new Verdict.Genuine());
    assertThat(verify(both, BODY, NOW, "whsec_old")).isEqualTo(new Verdict.Genuine());
    assertThat(verify(both, BODY, NOW, "whsec_new")).isEqualTo(new Verdict.Genuine());
    assertThat(verify(oldOnly, BODY, NOW, "whsec_new")).isEqualTo(new Verdict.Wrong());
  }

  @Test
  void theBytesCountNotWhatTheyMean() {
    byte[] umlauts = "{\"name\":\"Jürgen Groß\"}".getBytes(UTF_8);
    byte[] noUtf8 = {'{', (byte) 0xC3, (byte) 0x28, (byte) 0xFF, 0, '}'};
    byte[] noJson = "{\"id\": nonsense".getBytes(UTF_8);
    for (byte[] body : List.of(umlauts, noUtf8, noJson, new byte[0])) {
      assertThat(verify(header(body), body, NOW, SECRET)).isEqualTo(new Verdict.Genuine());
    }
    byte[] rewritten = new String(BODY, UTF_8).replace("\n", "").replace("  ", "").getBytes(UTF_8);

    assertThat(verify(header(BODY), rewritten, NOW, SECRET)).isEqualTo(new Verdict.Wrong());
    assertThat(
            verify(
                header(umlauts), "{\"name\":\"J\\u00fcrgen Groß\"}".getBytes(UTF_8), NOW, SECRET))
        .isEqualTo(new Verdict.Wrong());
    assertThat(verify(header(BODY), new byte[0], NOW, SECRET)).isEqualTo(new Verdict.Wrong());
  }

  @Test
  void theDefaultLocaleChangesNothing() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

      assertThat(verify(T + "," + V1, BODY, NOW, SECRET)).isEqualTo(new Verdict.Genuine());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Property(tries = 300)
  void stripesOwnLibraryAgreesOnOrdinaryDeliveries(
      @ForAll("texts") String text,
      @ForAll("offsets") int offset,
      @ForAll("damages") UnaryOperator<String> damage)
      throws SignatureVerificationException {
    byte[] body = text.getBytes(UTF_8);
    long signedAt = NOW.getEpochSecond() + offset;
    String header = "t=" + signedAt + ",v1=" + damage.apply(sign(SECRET, signedAt, body));

    boolean ours =
        StripeSignature.verify(header, body, List.of(new SigningSecret(SECRET)), NOW)
            instanceof Verdict.Genuine;

    assertThat(ours).isEqualTo(acceptedByStripesLibrary(text, header));
  }

  private static boolean acceptedByStripesLibrary(String text, String header) {
    try {
      return Webhook.Signature.verifyHeader(
          text, header, SECRET, 300, Clock.fixed(NOW, ZoneOffset.UTC));
    } catch (SignatureVerificationException e) {
      return false;
    }
  }

  @Provide
  Arbitrary<String> texts() {
    // no lone surrogates: as text they have no bytes of their own
    return Arbitraries.strings()
        .all()
        .ofMaxLength(200)
        .filter(text -> UTF_8.newEncoder().canEncode(text));
  }

  @Provide
  Arbitrary<Integer> offsets() {
    return Arbitraries.integers().between(-600, 300).edgeCases(edge -> edge.add(-301, -300, 0));
  }

  @Provide
  Arbitrary<UnaryOperator<String>> damages() {
    return Arbitraries.of(
        signature -> signature,
        signature -> OTHER,
        signature -> OTHER + ",v1=" + signature,
        signature -> signature + ",v0=" + OTHER,
        signature -> "");
  }

  @Property
  void noHeaderAndNoBodyBringsAnythingButAVerdict(
      @ForAll String header, @ForAll byte[] body, @ForAll long now) {
    Instant moment = Instant.ofEpochSecond(Math.floorMod(now, 4_000_000_000L));

    assertThat(StripeSignature.verify(header, body, List.of(new SigningSecret(SECRET)), moment))
        .isNotInstanceOf(Verdict.Genuine.class);
  }

  @Property
  void almostRightHeadersBringNothingButAVerdict(
      @ForAll("almostHeaders") String header, @ForAll byte[] body) {
    assertThat(StripeSignature.verify(header, body, List.of(new SigningSecret(SECRET)), NOW))
        .isNotInstanceOf(Verdict.Genuine.class);
  }

  @Provide
  Arbitrary<String> almostHeaders() {
    return Arbitraries.of("t", "v1", "v0", "=", ",", " ", "1700000000", VECTOR, "-", "9", "\u0000")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  private static String header(byte[] body) {
    return T + ",v1=" + sign(SECRET, 1_700_000_000, body);
  }

  private static String sign(String secret, long signedAt, byte[] body) {
    byte[] prefix = (signedAt + ".").getBytes(US_ASCII);
    return HexFormat.of().formatHex(HmacSha256.of(secret.getBytes(ISO_8859_1), prefix, body));
  }

  private static Verdict verify(
      @Nullable String header, byte[] body, Instant now, String... secrets) {
    return StripeSignature.verify(
        header, body, Stream.of(secrets).map(SigningSecret::new).toList(), now);
  }
}
