package dev.quittance.contracts;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Whether a record that was read has everything that it can't be without: what isn't `@Nullable`
/// and has no default of its own. JSON knows no such promise, and a gap found here is one dead
/// letter, where later it would be a fold that fails for ever.
final class Completeness {

  private record Part(String name, boolean required, Method accessor) {
    static Part of(RecordComponent component) {
      return new Part(
          component.getName(),
          !component.getAnnotatedType().isAnnotationPresent(Nullable.class),
          component.getAccessor());
    }
  }

  private static final ClassValue<List<Part>> PARTS =
      new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> shape) {
          return Arrays.stream(shape.getRecordComponents())
              .filter(component -> !component.getType().isPrimitive())
              .map(Part::of)
              .toList();
        }
      };

  private Completeness() {}

  /// Where the first gap is, for example `about.occurredAt`.
  static Optional<String> firstGap(Object value) {
    return gaps(value, "").findFirst();
  }

  private static Stream<String> gaps(Object value, String path) {
    return switch (value) {
      case Money _, OrderId _, EventId _ -> Stream.empty();
      case Record whole ->
          PARTS.get(whole.getClass()).stream().flatMap(part -> gaps(whole, part, path));
      case Collection<?> several -> several.stream().flatMap(one -> gaps(one, path));
      default -> Stream.empty();
    };
  }

  private static Stream<String> gaps(Record whole, Part part, String path) {
    String name = path.isEmpty() ? part.name() : path + "." + part.name();
    Object value = value(whole, part);
    if (value == null) {
      return part.required() ? Stream.of(name) : Stream.empty();
    }
    return gaps(value, name);
  }

  private static @Nullable Object value(Record whole, Part part) {
    try {
      return part.accessor().invoke(whole);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record's component can't be read", e);
    }
  }
}
