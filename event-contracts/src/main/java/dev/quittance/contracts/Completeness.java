package dev.quittance.contracts;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a record that was read has everything that it can't be without: what isn't `@Nullable`
/// and has no default of its own. JSON knows no such promise, and a gap found here is one dead
/// letter, where later it would be a fold that fails for ever.
final class Completeness {

  /// @param required whether it may not be absent
  /// @param leaf whether it has no parts of its own
  private record Part(String name, boolean required, boolean leaf, Method accessor) {
    static Part of(RecordComponent component) {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true); // or each call asks whether it may
      return new Part(
          component.getName(),
          !component.getAnnotatedType().isAnnotationPresent(Nullable.class),
          isLeaf(component.getType()),
          accessor);
    }

    /// Each event that is read is looked through, so only where there can be a gap.
    boolean canLack() {
      return required || !leaf;
    }

    @Nullable Object of(Record whole) {
      try {
        return accessor.invoke(whole);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a record's component can't be read", e);
      }
    }
  }

  private static final ClassValue<List<Part>> PARTS =
      new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> shape) {
          return Arrays.stream(shape.getRecordComponents())
              .filter(component -> !component.getType().isPrimitive())
              .map(Part::of)
              .filter(Part::canLack)
              .toList();
        }
      };

  private Completeness() {}

  /// Where the first gap is, for example `about.occurredAt`.
  static Optional<String> firstGap(Object value) {
    var names = new ArrayList<String>();
    return lacks(value, names) ? Optional.of(String.join(".", names)) : Optional.empty();
  }

  private static boolean isLeaf(Class<?> type) {
    boolean several = type.isInterface() || Collection.class.isAssignableFrom(type);
    return !type.isRecord() && !several && type != Object.class;
  }

  /// @param names where it is looked; where it lacks something, up to there
  private static boolean lacks(Object value, List<String> names) {
    return switch (value) {
      case Money _, OrderId _, EventId _ -> false;
      case Record whole -> lacksPart(whole, names);
      case Collection<?> several -> {
        for (Object one : several) {
          if (lacks(one, names)) {
            yield true;
          }
        }
        yield false;
      }
      default -> false;
    };
  }

  private static boolean lacksPart(Record whole, List<String> names) {
    for (Part part : PARTS.get(whole.getClass())) {
      Object value = part.of(whole);
      names.add(part.name());
      if (value == null ? part.required() : !part.leaf() && lacks(value, names)) {
        return true;
      }
      names.removeLast();
    }
    return false;
  }
}
