package dev.quittance.receipts.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {

  @Test
  void plainTextStaysAsItIs() {
    assertThat(HeaderText.unstructured("Your receipt: $30.00")).isEqualTo("Your receipt: $30.00");
  }

  @Test
  void lineBreaksStartNoHeader() {
    String subject = HeaderText.unstructured("Hello\r\nBcc: everyone@example.com\n\nBody");

    assertThat(subject).isEqualTo("Hello  Bcc: everyone@example.com  Body");
  }

  @Test
  void textThatLooksEncodedIsEncoded() {
    String text = "=?UTF-8?Q?gotcha?=";

    assertThat(HeaderText.unstructured(text)).isNotEqualTo(text);
    assertThat(Decoded.header(HeaderText.unstructured(text))).isEqualTo(text);
  }

  @Test
  void displayNameIsQuoted() {
    MailAddress shop = MailAddress.parse("shop@example.com").orElseThrow();

    assertThat(HeaderText.named("A \"B\" <evil@example.com>", shop))
        .isEqualTo("\"A \\\"B\\\" <evil@example.com>\" <shop@example.com>");
    assertThat(HeaderText.named(" ", shop)).isEqualTo("shop@example.com");
  }

  @Test
  void anyTextComesBackWholeAndOnOneFoldedLine() {
    var random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      String text =
          IntStream.range(0, random.nextInt(180))
              .map(_ ->
                  random.nextInt(4) == 0 ? 0x1F300 + random.nextInt(200) : 33 + random.nextInt(500))
              .filter(c -> !Character.isISOControl(c) && Character.isDefined(c))
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();

      String header = HeaderText.unstructured(text);

      assertThat(header.replace("\r\n ", "").chars()).allMatch(c -> c >= 32 && c < 127);
      assertThat(header.lines()).allMatch(line -> line.length() <= 200);
      assertThat(Decoded.header(header)).isEqualTo(text.strip());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jane@example.com",
        "jane.doe+tag@sub.example.co.uk",
        "o'brien@example.com",
        "jane@localhost",
        "jane@bücher.example"
      })
  void addressesThatLettersCanBeSentTo(String text) {
    assertThat(MailAddress.parse(text))
        .hasValueSatisfying(
            mailbox -> assertThat(mailbox.address().chars()).allMatch(c -> c > 32 && c < 127));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jane",
        "@example.com",
        "jane@",
        "jane@example.com, joe@example.com",
        "jane@example.com>\r\nRCPT TO:<joe@example.com",
        "jane doe@example.com",
        "jane@exa mple.com",
        "<jane@example.com>",
        "Jane <jane@example.com>",
        "jané@example.com",
        "\"jane\"@example.com",
        "jane@-example.com",
        ".jane@example.com",
        "jane@example..com",
        "jane@example.com\0"
      })
  void addressesThatNoMailCanBeSentTo(String text) {
    assertThat(MailAddress.parse(text)).isEmpty();
  }

  @Test
  void addressesThatAreTooLongAreNone() {
    assertThat(MailAddress.parse("a".repeat(65) + "@example.com")).isEmpty();
    assertThat(MailAddress.parse("a@" + "b".repeat(64) + ".com")).isEmpty();
    assertThat(MailAddress.parse("a@" + "bcd.".repeat(70) + "com")).isEmpty();
  }
}
