package dev.quittance.receipts.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.receipts.TestShop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Letters with codes as they were looked at and found good; `-Dquittance.golden.write=true` writes
/// those that are missing.
class CodeLettersTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/codes");
  private static final Renderer RENDERER = new Renderer();

  private static Rendered letter(String language, String code) {
    return RENDERER.code(
        Samples.of(Kind.PAYMENT, language, Currency.getInstance("EUR")), code, TestShop.MERCHANT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de", "fr", "es", "ja"})
  void letterLooksAsItAlwaysDid(String language) throws IOException {
    Rendered letter = letter(language, "LEDGER-7QX2-91KD");
    String text = "Subject: " + letter.subject() + "\n\n" + letter.text();
    Path html = GOLDEN.resolve(language + ".html");
    Path plain = GOLDEN.resolve(language + ".txt");
    if (Boolean.getBoolean("quittance.golden.write") && !Files.exists(html)) {
      Files.createDirectories(GOLDEN);
      Files.writeString(html, letter.html());
      Files.writeString(plain, text);
    }

    assertThat(letter.html()).isEqualTo(Files.readString(html));
    assertThat(text).isEqualTo(Files.readString(plain));
    assertThat(letter.subject()).doesNotContain("LEDGER");
  }

  @Test
  void codeIsEscapedAndNotShortened() {
    String code = "<b>" + "K".repeat(400) + "&";

    Rendered letter = letter("en", code);

    assertThat(letter.html()).contains("&lt;b&gt;" + "K".repeat(400) + "&amp;");
    assertThat(letter.text()).contains(code);
  }
}
