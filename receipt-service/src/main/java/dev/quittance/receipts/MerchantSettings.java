package dev.quittance.receipts;

import dev.quittance.receipts.mail.MailAddress;
import dev.quittance.receipts.mail.MailBranding;
import dev.quittance.receipts.mail.OutgoingMail;
import dev.quittance.receipts.receipt.ReceiptPolicy;
import dev.quittance.receipts.receipt.Seller;
import dev.quittance.receipts.render.Logo;
import dev.quittance.receipts.render.Merchant;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The configured merchants, each endpoint's and connected account's settings laid over the common
/// ones. What is missing or contradictory stops the start.
final class MerchantSettings implements ReceiptPolicy, MailBranding {

  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9._]{1,32}");
  private static final Pattern BASE_URL = Pattern.compile("https?://[!-~&&[^<>\"'?#]]{1,200}");

  /// RFC 2369: an address in angle brackets. 200 characters fit on a header's line.
  private static final Pattern UNSUBSCRIBE =
      Pattern.compile("(mailto:|https://)[!-~&&[^<>,]]{1,200}");

  private static final String COLOR = "#2f5fd0";

  private record Shop(Optional<String> code, Merchant merchant, OutgoingMail.Sender sender) {}

  private final ReceiptSettings settings;
  private final Optional<String> baseUrl;
  private final Shop common;
  private final Map<String, Shop> shops = new HashMap<>();
  private final Map<String, Shop> accounts = new HashMap<>();

  /// @param from the sender's address where a merchant has none of its own
  MerchantSettings(ReceiptSettings settings, Optional<String> from) {
    this.settings = settings;
    this.baseUrl = settings.baseUrl().map(MerchantSettings::baseUrl);
    this.common = shop("quittance.receipts.merchant", List.of(settings.merchant()), from);
    settings
        .endpoints()
        .forEach((name, endpoint) ->
            shops.put(
                name,
                shop(
                    "quittance.receipts.endpoints." + name + ".merchant",
                    List.of(endpoint.merchant(), settings.merchant()),
                    from)));
    settings.accounts().forEach((name, account) -> account(name, account, from));
  }

  private void account(String name, ReceiptSettings.Account account, Optional<String> from) {
    String prefix = "quittance.receipts.accounts." + name;
    Shop shop = shop(prefix + ".merchant", List.of(account.merchant(), settings.merchant()), from);
    if (accounts.put(account.id(), shop) != null) {
      throw new IllegalArgumentException(prefix + ".id is another account's already");
    }
  }

  @Override
  public boolean sends(String endpoint) {
    ReceiptSettings.Endpoint configured = settings.endpoints().get(endpoint);
    return configured == null || configured.enabled();
  }

  @Override
  public boolean sendsCodes(String endpoint) {
    ReceiptSettings.Endpoint configured = settings.endpoints().get(endpoint);
    return configured == null || configured.codes();
  }

  @Override
  public boolean pdf(String endpoint) {
    ReceiptSettings.Endpoint configured = settings.endpoints().get(endpoint);
    return configured == null ? settings.pdf() : configured.pdf().orElse(settings.pdf());
  }

  @Override
  public Optional<String> page(UUID token) {
    return baseUrl.map(url -> url + "/receipts/" + token);
  }

  @Override
  public String series(Seller seller, String account) {
    return shop(seller).code().orElse(account);
  }

  @Override
  public Duration totalsSettle() {
    return settings.totalsSettle();
  }

  @Override
  public Merchant merchant(Seller seller) {
    return shop(seller).merchant();
  }

  @Override
  public OutgoingMail.Sender sender(Seller seller) {
    return shop(seller).sender();
  }

  /// A connected account without settings of its own is served by the platform's merchant.
  private Shop shop(Seller seller) {
    String account = seller.connectedAccount();
    Shop own = account == null ? null : accounts.get(account);
    return own != null ? own : shops.getOrDefault(seller.endpoint(), common);
  }

  /// @param settings the particular before the common
  private static Shop shop(
      String prefix, List<ReceiptSettings.Merchant> settings, Optional<String> from) {
    String name = required(prefix + ".name", first(settings, ReceiptSettings.Merchant::name));
    Optional<String> code = first(settings, ReceiptSettings.Merchant::code);
    code.filter(text -> !CODE.matcher(text).matches())
        .ifPresent(_ -> {
          throw new IllegalArgumentException(
              prefix + ".code has 1 to 32 letters, digits, dots and underscores");
        });
    Optional<String> support = first(settings, ReceiptSettings.Merchant::support);
    var merchant =
        new Merchant(
            name,
            first(settings, ReceiptSettings.Merchant::address).orElse(List.of()),
            first(settings, ReceiptSettings.Merchant::taxId).orElse(null),
            support.orElse(null),
            first(settings, ReceiptSettings.Merchant::logoUrl).orElse(null),
            first(settings, ReceiptSettings.Merchant::logoFile).map(Logo::read).orElse(null),
            first(settings, ReceiptSettings.Merchant::color).orElse(COLOR),
            first(settings, ReceiptSettings.Merchant::locale)
                .map(Locale::forLanguageTag)
                .orElse(Locale.ENGLISH),
            zone(prefix + ".zone", first(settings, ReceiptSettings.Merchant::zone)));
    String sender =
        required(
            prefix + ".from or quarkus.mailer.from",
            first(settings, ReceiptSettings.Merchant::from).or(() -> from));
    return new Shop(
        code,
        merchant,
        new OutgoingMail.Sender(
            name,
            mailbox(prefix + ".from", sender),
            support.map(address -> mailbox(prefix + ".support", address)),
            first(settings, ReceiptSettings.Merchant::unsubscribe)
                .map(uri -> unsubscribe(prefix, uri))));
  }

  private static <T> Optional<T> first(
      List<ReceiptSettings.Merchant> settings,
      Function<ReceiptSettings.Merchant, Optional<T>> setting) {
    return settings.stream().map(setting).flatMap(Optional::stream).findFirst();
  }

  private static String required(String name, Optional<String> value) {
    return value.orElseThrow(() -> new IllegalArgumentException("Set " + name + "."));
  }

  private static ZoneId zone(String name, Optional<String> zone) {
    try {
      return zone.map(ZoneId::of).orElse(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(name + " must be a time zone, such as Europe/Berlin", e);
    }
  }

  private static String baseUrl(String url) {
    if (!BASE_URL.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "quittance.receipts.base-url must be an address such as https://receipts.example.com");
    }
    return url.replaceAll("/+$", "");
  }

  private static String unsubscribe(String prefix, String uri) {
    if (!UNSUBSCRIBE.matcher(uri).matches()) {
      throw new IllegalArgumentException(
          prefix + ".unsubscribe must be a mailto: or https: address");
    }
    return uri;
  }

  private static MailAddress mailbox(String name, String address) {
    return MailAddress.parse(address)
        .orElseThrow(() -> new IllegalArgumentException(name + " must be an e-mail address"));
  }
}
