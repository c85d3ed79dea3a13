package dev.quittance.ingest.provider.standard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.provider.Fields;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An object of our own JSON, read strictly: whoever writes it can learn what is wrong with it.
/// What is missing or null is absent, what is of another form than documented is [Unfit], and
/// fields that aren't documented are passed over. What only decorates a payment never costs it: a
/// text for people that is too long is cut ([#words]), an amount that it can be without and that
/// can't be read is absent ([#moneyAside]). Lengths are counted in code points.
///
/// @param node an object
/// @param path where it stands, for the complaint: `data.items[3]`
record StrictDocument(JsonNode node, String path) {

  /// The longest id, code or name.
  static final int ID_LENGTH_MAX = 255;

  /// The longest text for people.
  static final int TEXT_LENGTH_MAX = 1_000;

  /// As many as the largest cart that was seen has ten times over.
  static final int ITEMS_MAX = 1_000;

  /// As Stripe's limit.
  static final int METADATA_MAX = 50;

  /// The document isn't as it is documented. The message names the place and what belongs there,
  /// and holds no content.
  static sealed class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unfit(String path, String complaint) {
      this(path + " " + complaint);
    }

    private Unfit(String sentence) {
      super(sentence);
    }
  }

  /// An amount that the document can't be without is none.
  static final class UnfitMoney extends Unfit {
    private static final long serialVersionUID = 1;

    UnfitMoney(Unfit of) {
      super(String.valueOf(of.getMessage()));
    }
  }

  static StrictDocument of(JsonNode node, String path) {
    if (!node.isObject()) {
      throw new Unfit(path, "must be an object");
    }
    return new StrictDocument(node, path);
  }

  @Nullable StrictDocument child(String name) {
    return value(name, (value, place) -> of(value, place));
  }

  StrictDocument requiredChild(String name) {
    return required(name, child(name));
  }

  /// The objects of an array, or null where there is no array.
  <T> @Nullable List<T> children(String name, Function<StrictDocument, T> read) {
    return value(
        name,
        (value, place) -> {
          if (!value.isArray() || value.size() > ITEMS_MAX) {
            throw new Unfit(place, "must be an array of at most " + ITEMS_MAX);
          }
          var children = new ArrayList<T>();
          for (JsonNode child : value) {
            children.add(read.apply(of(child, place + "[" + children.size() + "]")));
          }
          return children;
        });
  }

  @Nullable String text(String name, int lengthMax) {
    return value(name, (value, place) -> text(value, place, lengthMax));
  }

  String requiredText(String name, int lengthMax) {
    return required(name, text(name, lengthMax));
  }

  private static String text(JsonNode value, String place, int lengthMax) {
    String text = value.isTextual() ? value.textValue() : "";
    if (text.isBlank() || CodePoints.moreThan(lengthMax, text) || !storable(text)) {
      throw new Unfit(place, "must be a text of 1 to " + lengthMax + " characters");
    }
    return text;
  }

  /// A text for people, of which the first characters will do.
  @Nullable String words(String name, int lengthMax) {
    return value(name, (value, place) -> CodePoints.cut(whole(value, place, lengthMax), lengthMax));
  }

  String requiredWords(String name, int lengthMax) {
    return required(name, words(name, lengthMax));
  }

  private static String whole(JsonNode value, String place, int lengthMax) {
    String text = value.isTextual() ? Fields.storable(value.textValue()) : "";
    if (text.isBlank()) {
      throw new Unfit(place, "must be a text of 1 to " + lengthMax + " characters");
    }
    return text;
  }

  /// A text for programs that is of no use in part, nor needed: one that is too long is absent.
  @Nullable String textAside(String name, int lengthMax) {
    String text = value(name, (value, place) -> whole(value, place, lengthMax));
    return CodePoints.moreThan(lengthMax, text) ? null : text;
  }

  /// JSON can say what neither UTF-8 (half a surrogate pair) nor PostgreSQL (the NUL character) can
  /// store.
  private static boolean storable(String text) {
    return text.indexOf('\0') < 0
        && text.codePoints()
            .noneMatch(point -> point <= 0xFFFF && Character.isSurrogate((char) point));
  }

  /// What stands in URLs, keys and logs.
  private static final Pattern ID = Pattern.compile("[!-~]{1," + ID_LENGTH_MAX + "}");

  /// An id, which isn't for people.
  String requiredId(String name) {
    String id = requiredText(name, ID_LENGTH_MAX);
    if (!ID.matcher(id).matches()) {
      throw new Unfit(place(name), "must consist of ASCII characters without spaces");
    }
    return id;
  }

  @Nullable Boolean flag(String name) {
    return value(
        name,
        (value, place) -> {
          if (!value.isBoolean()) {
            throw new Unfit(place, "must be true or false");
          }
          return value.booleanValue();
        });
  }

  boolean is(String name) {
    return Boolean.TRUE.equals(flag(name));
  }

  /// A whole number within bounds, or null.
  @Nullable Long number(String name, long min, long max) {
    return value(
        name,
        (value, place) -> {
          if (!value.isIntegralNumber()
              || !value.canConvertToLong()
              || value.longValue() < min
              || value.longValue() > max) {
            throw new Unfit(place, "must be a whole number from " + min + " to " + max);
          }
          return value.longValue();
        });
  }

  /// One of some words, or null.
  <T> @Nullable T choice(String name, Map<String, T> choices) {
    return value(
        name,
        (value, place) -> {
          T chosen = value.isTextual() ? choices.get(value.textValue()) : null;
          if (chosen == null) {
            throw new Unfit(place, "must be one of " + String.join(", ", choices.keySet()));
          }
          return chosen;
        });
  }

  <T> T requiredChoice(String name, Map<String, T> choices) {
    return required(name, choice(name, choices));
  }

  /// Provider documents before this are no time, but a zero or milliseconds.
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  Instant requiredTime(String name) {
    return required(
        name,
        value(
            name,
            (value, place) -> {
              try {
                Instant time = OffsetDateTime.parse(value.asText()).toInstant();
                if (value.isTextual() && time.isAfter(EARLIEST) && time.isBefore(LATEST)) {
                  return time;
                }
              } catch (DateTimeException e) {
                // below, like a time that can't be
              }
              throw new Unfit(place, "must be an ISO 8601 time such as 2026-11-22T12:00:00Z");
            }));
  }

  /// An amount that the payment can be without, or null where it can't be read.
  @Nullable Money moneyAside(String name) {
    try {
      return money(name);
    } catch (Unfit e) {
      return null;
    }
  }

  /// An amount that isn't negative, or null.
  private @Nullable Money money(String name) {
    StrictDocument amount = child(name);
    if (amount == null) {
      return null;
    }
    long units =
        amount.required("minorUnits", amount.number("minorUnits", 0, 1_000_000_000_000_000L));
    String currency = amount.requiredText("currency", 3);
    try {
      return Money.ofMinor(units, currency);
    } catch (UnreadableMoney e) {
      throw new Unfit(amount.path + ".currency", "must be an ISO 4217 code with a minor unit");
    }
  }

  /// An amount that counts where it is there, so that it has to be readable then.
  @Nullable Money optionalMoney(String name) {
    try {
      return money(name);
    } catch (Unfit e) {
      throw new UnfitMoney(e);
    }
  }

  Money requiredMoney(String name) {
    try {
      return required(name, money(name));
    } catch (Unfit e) {
      throw new UnfitMoney(e);
    }
  }

  /// Texts by name.
  Map<String, String> map(String name) {
    StrictDocument map = child(name);
    if (map == null) {
      return Map.of();
    }
    if (map.node.size() > METADATA_MAX) {
      throw new Unfit(map.path, "must have at most " + METADATA_MAX + " entries");
    }
    var texts = new LinkedHashMap<String, String>();
    map.node
        .properties()
        .forEach(entry -> {
          if (!storable(entry.getKey()) || CodePoints.moreThan(ID_LENGTH_MAX, entry.getKey())) {
            throw new Unfit(map.path, "must have names of at most " + ID_LENGTH_MAX);
          }
          String text = whole(entry.getValue(), map.path + ".*", TEXT_LENGTH_MAX);
          texts.put(entry.getKey(), CodePoints.cut(text, TEXT_LENGTH_MAX));
        });
    return texts;
  }

  <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new Unfit(place(name), "is missing");
    }
    return value;
  }

  private <T> @Nullable T value(String name, BiFunction<JsonNode, String, T> read) {
    JsonNode value = node.path(name);
    return value.isMissingNode() || value.isNull() ? null : read.apply(value, place(name));
  }

  private String place(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  @Override
  public String toString() {
    return "Document[" + path + "]";
  }
}
