package dev.quittance.fulfillment.store;

import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.OrderView;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The words that an order is found by: its ids and those of its refunds and disputes, the
/// reference, and the customer's name and e-mail address. A search matches words by how they begin.
final class SearchWords {

  /// PostgreSQL takes 2,046 bytes a word; nobody types more than this of one.
  static final int WORD_LENGTH_MAX = 100;

  /// A name of more words than that isn't one.
  static final int WORDS_MAX = 32;

  /// More refunds than that are somebody's test.
  static final int PROVIDER_IDS_MAX = 100;

  private static final Pattern SPACE = Pattern.compile("[\\s\\u0000]+");

  private SearchWords() {}

  /// The words of an order, joined by spaces.
  ///
  /// @param providerIds what else the provider knows of it by an id
  static String of(OrderView order, Collection<String> providerIds) {
    var words = new LinkedHashSet<String>();
    add(words, order.id().value());
    add(words, order.id().paymentReference());
    add(words, order.checkoutSession());
    add(words, order.reference());
    add(words, order.customer().email());
    add(words, order.customer().externalId());
    add(words, order.customer().name());
    providerIds.stream().limit(PROVIDER_IDS_MAX).forEach(id -> add(words, id));
    return String.join(" ", words);
  }

  private static void add(Set<String> words, @Nullable String text) {
    if (text != null) {
      Arrays.stream(SPACE.split(text.toLowerCase(Locale.ROOT)))
          .filter(word -> !word.isEmpty())
          .limit(WORDS_MAX)
          .map(SearchWords::cut)
          .forEach(words::add);
    }
  }

  /// A `tsquery` that finds what has a word beginning with each of the text's words; null when the
  /// text has none.
  static @Nullable String query(String text) {
    var words = new LinkedHashSet<String>();
    add(words, text);
    return words.isEmpty()
        ? null
        : words.stream()
            .map(word -> "'" + word.replace("\\", "\\\\").replace("'", "''") + "':*")
            .collect(Collectors.joining(" & "));
  }

  /// Whether an order has a word beginning with each of the text's words.
  static boolean match(OrderView order, String text) {
    var wanted = new LinkedHashSet<String>();
    add(wanted, text);
    List<String> words = List.of(SPACE.split(of(order, List.of())));
    return wanted.stream().allMatch(start -> words.stream().anyMatch(w -> w.startsWith(start)));
  }

  private static String cut(String word) {
    return CodePoints.cut(word, WORD_LENGTH_MAX);
  }
}
