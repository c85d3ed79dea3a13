package dev.quittance.receipts.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Reason;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What takes back a payment's receipt, in each language, as it was looked at and found good.
class BouncedReceiptTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/receipts");

  @ParameterizedTest
  @CsvSource({"en,USD", "de,EUR", "fr,EUR", "es,EUR", "ja,JPY"})
  void saysThatThePaymentIsGoneAndNothingOfARefund(String locale, String currency)
      throws IOException {
    Rendered rendered =
        new Renderer().render(content(locale, currency), Samples.NUMBER, TestShop.MERCHANT);
    String said = "Subject: " + rendered.subject() + "\n\n" + rendered.text();
    Path golden = GOLDEN.resolve("bounced-" + locale + "-" + currency + ".txt");
    if (Boolean.getBoolean("quittance.golden.write") && !Files.exists(golden)) {
      Files.writeString(golden, said);
    }

    assertThat(said).isEqualTo(Files.readString(golden));
    assertThat(
            ReceiptWriter.write(content(locale, currency), Samples.NUMBER, TestShop.MERCHANT, null)
                .sums())
        .hasSize(1);
  }

  private static ReceiptContent content(String locale, String currency) {
    ReceiptContent paid = Samples.of(Kind.PAYMENT, locale, Currency.getInstance(currency));
    return new ReceiptContent(
        Kind.CORRECTION,
        paid.endpoint(),
        null,
        paid.paymentReference(),
        true,
        paid.amount(),
        null,
        paid.paid(),
        paid.refunded(),
        null,
        Reason.of("insufficient_funds"),
        paid.paidAt(),
        paid.happenedAt(),
        paid.itemsState(),
        List.of(),
        null,
        paid.customer(),
        paid.reference(),
        null,
        locale,
        null,
        paid.method(),
        null);
  }
}
