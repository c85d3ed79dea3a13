package dev.quittance.receipts.render;

import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who sold it, as receipts say it.
///
/// @param address the lines of the postal address
/// @param taxId for example a VAT id
/// @param support an e-mail address for questions
/// @param logoUrl an image to load from the network, which many customers' mail programs then ask
///   about; without it there is none
/// @param logo for PDFs
/// @param color the accent, `#rrggbb`
/// @param locale for customers of whom no language is known
/// @param zone for dates of customers of whom no time zone is known
public record Merchant(
    String name,
    List<String> address,
    @Nullable String taxId,
    @Nullable String support,
    @Nullable String logoUrl,
    @Nullable Logo logo,
    String color,
    Locale locale,
    ZoneId zone) {

  private static final Pattern COLOR = Pattern.compile("#[0-9a-fA-F]{6}");
  private static final Pattern HTTPS = Pattern.compile("https://[^\\s\"'<>]+");

  /// @throws IllegalArgumentException when the color or the logo isn't what it should be
  public Merchant {
    address = List.copyOf(address);
    if (!COLOR.matcher(color).matches()) {
      throw new IllegalArgumentException("a merchant's color is #rrggbb");
    }
    if (logoUrl != null && !HTTPS.matcher(logoUrl).matches()) {
      throw new IllegalArgumentException("a merchant's logo is an https:// address");
    }
  }
}
