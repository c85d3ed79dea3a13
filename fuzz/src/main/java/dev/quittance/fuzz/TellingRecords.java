package dev.quittance.fuzz;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds records that would say in a log line what nobody may read there: by a component that is
/// named like an address or a secret, and a `toString` that the compiler wrote.
public final class TellingRecords {

  /// As we name what says who somebody is, what opens something, or what somebody wrote.
  private static final Pattern NAME =
      Pattern.compile(
          "e?mail|emailAddress|phone|address|line1|line2|recipient|to|token|\\w+Token|secrets?|\\w+Secret"
              + "|password|credential|apiKey|code|note|content|href");

  /// What is said as it is. Bytes aren't, and our own types answer for themselves.
  private static final Set<Class<?>> PLAIN =
      Set.of(String.class, UUID.class, Optional.class, List.class, Set.class, Collection.class);

  private TellingRecords() {}

  /// Those of a service's classes, by their simple names, with what they tell.
  ///
  /// @param known those that may, such as `Row to` for an address that is masked before
  public static List<String> of(Stream<Class<?>> classes, Set<String> known) {
    return classes
        .filter(Class::isRecord)
        .filter(TellingRecords::printsAll)
        .flatMap(type ->
            Arrays.stream(type.getRecordComponents())
                .filter(TellingRecords::tells)
                .map(part -> name(type) + " " + part.getName()))
        .filter(telling -> !known.contains(telling))
        .sorted()
        .toList();
  }

  private static boolean tells(RecordComponent part) {
    return NAME.matcher(part.getName()).matches() && PLAIN.contains(part.getType());
  }

  /// The compiler's own is final, and nobody writes that.
  private static boolean printsAll(Class<?> type) {
    try {
      return Modifier.isFinal(type.getDeclaredMethod("toString").getModifiers());
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has one", e);
    }
  }

  private static String name(Class<?> type) {
    Class<?> around = type.getEnclosingClass();
    return (around == null ? "" : name(around) + ".") + type.getSimpleName();
  }
}
