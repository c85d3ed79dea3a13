package dev.quittance.fuzz;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Records with a word planted into every text that they can hold, and where it is found again. A
/// text that is added to a record is planted by itself: whoever adds one has to say what becomes of
/// it.
public final class Canaries {

  /// What is planted.
  public static final String WORD = "plantagenet";

  /// Where facts and orders tell of the shop and of what it sold: what stays when their customer is
  /// erased.
  public static final Set<String> KEPT =
      Set.of(
          "about.provider",
          "about.account",
          "about.endpoint",
          "about.sourceEvent",
          "about.sourceType",
          "about.connectedAccount",
          "transaction",
          "attempt",
          "uncountedRefunds.refund",
          "details.checkoutSession",
          "details.reference",
          "details.lineItems.id",
          "details.lineItems.description",
          "details.lineItems.sku",
          "details.lineItems.product",
          "details.totals.taxes.name",
          "details.totals.taxes.ratePercent",
          "details.method.type",
          "details.method.brand",
          "reason.code",
          "refund",
          "dispute",
          "provider",
          "account",
          "connectedAccount",
          "checkoutSession",
          "reference",
          "lineItems.id",
          "lineItems.description",
          "lineItems.sku",
          "lineItems.product",
          "totals.taxes.name",
          "totals.taxes.ratePercent",
          "method.type",
          "method.brand");

  private static final OrderId ORDER = OrderId.of("stripe", "pi_1");
  private static final Instant MOMENT = Instant.parse("2026-11-22T12:00:00Z");

  private Canaries() {}

  /// A record of a shape that has everything it can have.
  public static <T> T planted(Class<T> shape) {
    return shape.cast(value(shape, "", Set.of()));
  }

  /// The same, with the word only where a customer may be told of: it is left nowhere once they are
  /// erased.
  public static <T> T personal(Class<T> shape) {
    return shape.cast(value(shape, "", KEPT));
  }

  /// Where the word stands in a record, for example `details.customer.email`; both in keys and in
  /// values of maps.
  public static Set<String> places(@Nullable Object value) {
    var places = new TreeSet<String>();
    find(value, "", places);
    return places;
  }

  /// @param spared where a text is plain
  private static Object value(Type type, String place, Set<String> spared) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return List.of(value(arguments[0], place, spared));
      }
      if (generic.getRawType() == Map.class) {
        return Map.of(value(arguments[0], place, spared), value(arguments[1], place, spared));
      }
      throw new IllegalStateException("nothing is known to plant into " + type);
    }
    Class<?> shape = (Class<?>) type;
    if (shape == String.class) {
      return spared.contains(place) ? "plain" : WORD;
    } else if (shape == OrderId.class) {
      return ORDER;
    } else if (shape == EventId.class) {
      return EventId.canonical("stripe", "evt_1", 0);
    } else if (shape == Money.class) {
      return new Money(100, Currency.getInstance("USD"));
    } else if (shape == Instant.class) {
      return MOMENT;
    } else if (shape == long.class || shape == Long.class) {
      return 1L;
    } else if (shape == int.class) {
      return 1;
    } else if (shape == boolean.class) {
      return true;
    } else if (shape.isEnum()) {
      return shape.getEnumConstants()[0];
    } else if (shape.isRecord()) {
      return made(shape, place, spared);
    }
    throw new IllegalStateException("nothing is known to plant into " + type);
  }

  private static Object made(Class<?> shape, String place, Set<String> spared) {
    RecordComponent[] components = shape.getRecordComponents();
    var types = new Class<?>[components.length];
    var values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] =
          value(components[i].getGenericType(), within(place, components[i].getName()), spared);
    }
    try {
      Constructor<?> constructor = shape.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a " + shape.getSimpleName() + " can't be made", e);
    }
  }

  private static String within(String place, String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  private static void find(@Nullable Object value, String place, Set<String> places) {
    switch (value) {
      case null -> {}
      case String text -> {
        if (text.contains(WORD)) {
          places.add(place);
        }
      }
      case Collection<?> several -> several.forEach(one -> find(one, place, places));
      case Map<?, ?> map ->
          map.forEach((key, one) -> {
            find(key, place, places);
            find(one, place, places);
          });
      case Record whole -> {
        for (RecordComponent component : whole.getClass().getRecordComponents()) {
          find(part(whole, component), within(place, component.getName()), places);
        }
      }
      default -> {}
    }
  }

  private static @Nullable Object part(Record whole, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(whole);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record's component can't be read", e);
    }
  }
}
