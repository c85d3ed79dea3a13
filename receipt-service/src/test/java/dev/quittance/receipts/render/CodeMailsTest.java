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

/// Mails with codes as they were looked at and found good; `-Dquittance.golden.write=true` writes
/// those that are missing.
class CodeMailsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/codes");
  private static final Renderer RENDERER = new Renderer();

  private static Rendered mail(String language, String code) {
    return RENDERER.code(
        Samples.of(Kind.PAYMENT, language, Currency.getInstance("EUR")), code, TestShop.MERCHANT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de", "fr", "es", "ja"})
  void letterLooksAsItAlwaysDid(String language) throws IOException {
    Rendered mail = mail(language, "LEDGER-7QX2-91KD");
    String text = "Subject: " + mail.subject() + "\n\n" + mail.text();
    Path html = GOLDEN.resolve(language + ".html");
    Path plain = GOLDEN.resolve(language + ".txt");
    if (Boolean.getBoolean("quittance.golden.write") && !Files.exists(html)) {
      Files.createDirectories(GOLDEN);
      Files.writeString(html, mail.html());
      Files.writeString(plain, text);
    }

    assertThat(mail.html()).isEqualTo(Files.readString(html));
    assertThat(text).isEqualTo(Files.readString(plain));
    assertThat(mail.subject()).doesNotContain("LEDGER");
  }

  @Test
  void codeIsEscapedAndNotShortened() {
    String code = "<b>" + "K".repeat(400) + "&";

    Rendered mail = mail("en", code);

    assertThat(mail.html()).contains("&lt;b&gt;" + "K".repeat(400) + "&amp;");
    assertThat(mail.text()).contains(code);
  }
}
