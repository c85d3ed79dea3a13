package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.OrderView;
import dev.quittance.fulfillment.order.PersonalData;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The words that an order is found by: its ids and those of its refunds and disputes, the
/// reference, and the customer's name and e-mail address. A search matches words by how they begin.
/// Those that are gone from the order once its customer is forgotten are personal, and found only
/// by who may see them: they are stored behind a mark that nobody can type.
public final class SearchWords {

  /// PostgreSQL takes 2,046 bytes a word; nobody types more than this of one.
  static final int WORD_LENGTH_MAX = 100;

  /// A name of more words than that isn't one.
  static final int WORDS_MAX = 32;

  /// More refunds than that are somebody's test.
  static final int PROVIDER_IDS_MAX = 100;

  /// Begins the words that are personal. No word that somebody types or a provider sends has it.
  private static final String PERSONAL = "\u0001";

  private static final Pattern SPACE = Pattern.compile("[\\s\\u0000\\u0001]+");

  private SearchWords() {}

  /// The words of an order, joined by spaces.
  ///
  /// @param providerIds what else the provider knows of it by an id
  static String of(OrderView order, Collection<String> providerIds) {
    var words = new LinkedHashSet<String>();
    addAll(words, PersonalData.MASKED.searchable(order));
    providerIds.stream().limit(PROVIDER_IDS_MAX).forEach(id -> add(words, id));
    var all = new LinkedHashSet<String>();
    addAll(all, PersonalData.SHOWN.searchable(order));
    all.removeAll(words);
    all.forEach(word -> words.add(PERSONAL + word));
    return String.join(" ", words);
  }

  private static void addAll(Set<String> words, OrderView order) {
    add(words, order.id().value());
    add(words, order.id().paymentReference());
    add(words, order.checkoutSession());
    add(words, order.reference());
    add(words, order.customer().email());
    add(words, order.customer().externalId());
    add(words, order.customer().name());
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
  public static @Nullable String query(String text, PersonalData personal) {
    var words = new LinkedHashSet<String>();
    add(words, text);
    return words.isEmpty()
        ? null
        : words.stream()
            .map(word ->
                switch (personal) {
                  case SHOWN -> "(" + start(word) + " | " + start(PERSONAL + word) + ")";
                  case MASKED -> start(word);
                })
            .collect(Collectors.joining(" & "));
  }

  private static String start(String word) {
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "':*";
  }

  /// Whether an order has a word beginning with each of the text's words.
  static boolean match(OrderView order, String text, PersonalData personal) {
    var wanted = new LinkedHashSet<String>();
    add(wanted, text);
    var words = new LinkedHashSet<String>();
    addAll(words, personal.searchable(order));
    return wanted.stream().allMatch(start -> words.stream().anyMatch(w -> w.startsWith(start)));
  }

  private static String cut(String word) {
    return CodePoints.cut(word, WORD_LENGTH_MAX);
  }
}
