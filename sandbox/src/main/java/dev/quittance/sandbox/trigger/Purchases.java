package dev.quittance.sandbox.trigger;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.problem.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Reads from overrides what is bought, by whom and for how much.
final class Purchases {

  /// Ten times what a page of Stripe's API holds.
  private static final int LINES_MAX = 1_000;

  private final Ids ids;

  Purchases(Ids ids) {
    this.ids = ids;
  }

  /// @param total what is to be paid, in minor units; null for the ordinary
  Purchase make(Overrides overrides, String ordinaryCurrency, @Nullable Long total) {
    String currency =
        overrides.takeText("currency").orElse(ordinaryCurrency).toLowerCase(Locale.ROOT);
    check(currency);
    Purchase.Country country = currency.equals("eur") ? Purchase.Country.DE : Purchase.Country.US;
    String email =
        overrides
            .takeText(
                "customer_details.email",
                "customer_email",
                "receipt_email",
                "billing_details.email",
                "user.email",
                "email")
            .orElseGet(() -> ids.make("jenny-", 8).toLowerCase(Locale.ROOT) + "@example.com");
    Purchase ordinary = Purchase.ordinary(currency, email);
    Purchase purchase =
        new Purchase(
            mode(overrides),
            currency,
            ordinary.items(),
            0,
            email,
            overrides
                .takeText("customer_details.name", "billing_details.name", "user.name", "name")
                .orElse(ordinary.name()),
            overrides.takeText("client_reference_id", "issuer.reference").orElse(null),
            Map.copyOf(overrides.takeBelow("metadata.")),
            overrides.takeText("locale", "user.locale").orElse(null),
            country,
            overrides.takeText("livemode", "is_production").map(Boolean::valueOf).orElse(false),
            page(overrides, "success_url"),
            page(overrides, "cancel_url"),
            null);
    Optional<Long> lines = overrides.takeAmount("line_items");
    if (lines.isPresent()) {
      return purchase.withItems(items(lines.get()));
    }
    return total == null ? purchase : priced(purchase, total);
  }

  /// So many different lines, of which each costs another amount.
  private static List<Purchase.Item> items(long count) {
    if (count < 1 || count > LINES_MAX) {
      throw Refusal.badRequest("A cart has 1 to " + LINES_MAX + " lines.");
    }
    return LongStream.rangeClosed(1, count)
        .mapToObj(n ->
            new Purchase.Item(
                "Product " + n, "(created by the sandbox)", 100 + n, 1 + n % 3, false))
        .toList();
  }

  /// Nothing to pay is a discount; anything else is another price.
  private static Purchase priced(Purchase purchase, long total) {
    if (total == 0) {
      return purchase.withDiscount(purchase.subtotal());
    }
    Purchase.Item item = purchase.items().getFirst();
    long quantity = total % item.quantity() == 0 ? item.quantity() : 1;
    return purchase.withItems(
        List.of(
            new Purchase.Item(
                item.name(), item.description(), total / quantity, quantity, item.adjustable())));
  }

  private static @Nullable String page(Overrides overrides, String field) {
    Optional<String> address = overrides.takeText(field);
    if (address.isPresent() && !address.get().matches("https?://[A-Za-z0-9.:\\[\\]-]+(/[!-~]*)?")) {
      throw Refusal.badRequest("The override " + field + " is the address of a page.");
    }
    return address.orElse(null);
  }

  private static Purchase.Mode mode(Overrides overrides) {
    String mode = overrides.takeText("mode").orElse("payment");
    return switch (mode) {
      case "payment" -> Purchase.Mode.PAYMENT;
      case "subscription" -> Purchase.Mode.SUBSCRIPTION;
      case "setup" -> Purchase.Mode.SETUP;
      default -> throw Refusal.badRequest("The mode is payment, subscription or setup.");
    };
  }

  private static void check(String currency) {
    try {
      Money.ofMinor(0, currency);
    } catch (UnreadableMoney e) {
      throw Refusal.badRequest("There is no currency " + currency + ".");
    }
  }
}
