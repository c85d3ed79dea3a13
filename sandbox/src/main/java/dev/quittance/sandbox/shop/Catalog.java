package dev.quittance.sandbox.shop;

import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.page.Shown;
import dev.quittance.sandbox.problem.Refusal;
import java.util.List;
import java.util.Map;

/// What the shop sells, priced in currencies with two, none and three decimals.
final class Catalog {

  /// In the order in which they are offered.
  static final List<String> CURRENCIES = List.of("usd", "eur", "jpy", "kwd");

  static final List<Product> PRODUCTS =
      List.of(
          new Product(
              "notebook",
              "Field notebook",
              "96 pages, dotted, for the pocket",
              Map.of("usd", 1_500L, "eur", 1_400L, "jpy", 2_200L, "kwd", 4_600L)),
          new Product(
              "ink",
              "Ink, midnight blue",
              "50 ml, takes its time to dry",
              Map.of("usd", 950L, "eur", 890L, "jpy", 1_400L, "kwd", 2_900L)),
          new Product(
              "print",
              "Desert fox, a print",
              "40 × 50 cm, signed",
              Map.of("usd", 4_000L, "eur", 3_700L, "jpy", 5_900L, "kwd", 12_300L)));

  /// More of one thing nobody needs to try anything.
  static final int QUANTITY_MAX = 99;

  private Catalog() {}

  static String checked(String currency) {
    if (!CURRENCIES.contains(currency)) {
      throw Refusal.badRequest("The shop sells in " + String.join(", ", CURRENCIES) + ".");
    }
    return currency;
  }

  static List<Offer> offers(String currency) {
    return PRODUCTS.stream()
        .map(product ->
            new Offer(
                product.id(),
                product.name(),
                product.description(),
                Shown.money(product.price(currency), currency)))
        .toList();
  }

  /// @param prices in minor units by currency
  record Product(String id, String name, String description, Map<String, Long> prices) {

    Purchase.Item item(String currency, long quantity) {
      return new Purchase.Item(name, description, price(currency), quantity, true);
    }

    private long price(String currency) {
      return prices.getOrDefault(currency, 0L);
    }
  }

  /// A product as it is offered.
  record Offer(String id, String name, String description, String price) {}
}
