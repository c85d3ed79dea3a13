package dev.quittance.receipts.render;

import dev.quittance.contracts.Money;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The words, money and dates of one customer's language. Words come from
/// `receipts/messages_{language}.properties`; a language without a file is served in English.
/// Money, numbers and dates follow the CLDR data of the JDK for the whole locale, region included.
final class Language {

  private static final String BUNDLE = "receipts.messages";

  /// CLDR sets a currency's code off from its number; the JDK leaves that to its callers.
  private static final Pattern CODE_BEFORE_NUMBER = Pattern.compile("(?<=\\p{L})(?=\\p{Nd})");

  private static final Pattern RATE = Pattern.compile("[0-9]+(\\.[0-9]+)?");
  private static final Pattern TRAILING_ZEROS = Pattern.compile("\\.?0+$");

  private final ResourceBundle words;
  private final Locale locale;

  /// To be copied: looking up a locale's patterns takes longer than writing an amount.
  private final NumberFormat money;

  private Language(ResourceBundle words, Locale locale) {
    this.words = words;
    this.locale = locale;
    this.money = NumberFormat.getCurrencyInstance(locale);
  }

  /// @param tag BCP 47 or as providers spell it (`pt_BR`, `auto`); null when it isn't known
  /// @param fallback where the tag says nothing
  static Language of(@Nullable String tag, Locale fallback) {
    Locale wanted = locale(tag, fallback);
    ResourceBundle words =
        ResourceBundle.getBundle(
            BUNDLE,
            wanted,
            Language.class.getClassLoader(),
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    boolean spoken = !words.getLocale().equals(Locale.ROOT);
    boolean english = wanted.getLanguage().equals(Locale.ENGLISH.getLanguage());
    return new Language(words, spoken || english ? wanted : Locale.ENGLISH);
  }

  private static Locale locale(@Nullable String tag, Locale fallback) {
    if (tag == null || tag.isBlank() || tag.equals("auto")) {
      return fallback;
    }
    try {
      return new Locale.Builder().setLanguageTag(tag.strip().replace('_', '-')).build();
    } catch (IllformedLocaleException e) {
      return fallback;
    }
  }

  /// BCP 47, for `lang` and `Content-Language`.
  String tag() {
    return locale.toLanguageTag();
  }

  String word(String key, String... values) {
    String text = words.getString(key);
    for (int i = 0; i < values.length; i++) {
      text = text.replace("{" + i + "}", values[i]);
    }
    return text;
  }

  /// A word that there may be none for.
  @Nullable String wordIfAny(String key) {
    try {
      return words.getString(key);
    } catch (MissingResourceException e) {
      return null;
    }
  }

  /// With the currency's own number of decimals, whatever the locale is used to.
  String money(Money amount) {
    var format = (NumberFormat) money.clone();
    format.setCurrency(amount.currency());
    int decimals = Money.exponent(amount.currency());
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    return CODE_BEFORE_NUMBER.matcher(format.format(amount.major())).replaceAll("\u00a0");
  }

  /// What goes off.
  String minus(Money amount) {
    return money(new Money(Math.negateExact(amount.minorUnits()), amount.currency()));
  }

  String number(long number) {
    return NumberFormat.getIntegerInstance(locale).format(number);
  }

  /// A rate in percent as the provider writes it, with the locale's own decimal sign.
  String rate(String percent) {
    if (!RATE.matcher(percent).matches()) {
      return percent;
    }
    char sign =
        new DecimalFormat("0", java.text.DecimalFormatSymbols.getInstance(locale))
            .getDecimalFormatSymbols()
            .getDecimalSeparator();
    String plain = percent.contains(".") ? TRAILING_ZEROS.matcher(percent).replaceAll("") : percent;
    return plain.replace('.', sign);
  }

  String date(Instant instant, @Nullable String zone, ZoneId fallback) {
    return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
        .withLocale(locale)
        .withZone(zone(zone, fallback))
        .format(instant);
  }

  private static ZoneId zone(@Nullable String zone, ZoneId fallback) {
    try {
      return zone == null ? fallback : ZoneId.of(zone);
    } catch (DateTimeException e) {
      return fallback;
    }
  }
}
