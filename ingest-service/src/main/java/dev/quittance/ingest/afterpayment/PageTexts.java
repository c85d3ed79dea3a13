package dev.quittance.ingest.afterpayment;

import dev.quittance.contracts.Money;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// The page's texts and amounts in one language.
final class PageTexts {

  /// The first is for those who read none of the others.
  static final List<Locale> LANGUAGES =
      List.of(Locale.ENGLISH, Locale.GERMAN, Locale.FRENCH, Locale.of("es"), Locale.JAPANESE);

  /// Browsers send some ten languages; what is longer is no wish.
  private static final int HEADER_LENGTH_MAX = 500;

  private static final ResourceBundle.Control NO_FALLBACK =
      ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

  private final Locale locale;
  private final ResourceBundle texts;

  private PageTexts(Locale locale) {
    this.locale = locale;
    // the machine's own language is no customer's
    this.texts = ResourceBundle.getBundle("returns.messages", locale, NO_FALLBACK);
  }

  /// In the language that a browser asks for, as far as it is spoken here.
  ///
  /// @param acceptLanguage the header of that name
  static PageTexts of(@Nullable String acceptLanguage) {
    if (acceptLanguage == null || acceptLanguage.length() > HEADER_LENGTH_MAX) {
      return new PageTexts(LANGUAGES.getFirst());
    }
    try {
      Locale wanted = Locale.lookup(Locale.LanguageRange.parse(acceptLanguage), LANGUAGES);
      return new PageTexts(wanted == null ? LANGUAGES.getFirst() : wanted);
    } catch (IllegalArgumentException e) {
      return new PageTexts(LANGUAGES.getFirst());
    }
  }

  /// As HTML names the language.
  String language() {
    return locale.toLanguageTag();
  }

  String text(String key) {
    return texts.getString(key);
  }

  String text(String key, Object... values) {
    return new MessageFormat(texts.getString(key), locale).format(values);
  }

  String amount(Money money) {
    NumberFormat format = NumberFormat.getCurrencyInstance(locale);
    format.setCurrency(money.currency());
    int decimals = Money.exponent(money.currency());
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    return format.format(money.major());
  }
}
