package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Nothing of the shared language prints what may be personal data or a code. Every text in every
/// record is taken for such unless it is named here; so a new field is discreet until someone
/// decides otherwise.
class DiscretionTest {

  /// Ids and names of ours and of the providers, without which no log line would help.
  private static final Set<String> MAY_PRINT =
      Set.of(
          "About.provider",
          "About.account",
          "About.connectedAccount",
          "About.endpoint",
          "About.sourceEvent",
          "About.sourceType",
          "CloudEvent.type",
          "DeadLetter.detail",
          "DeadLetter.topic",
          "DisputeUpdated.dispute",
          "Disputed.dispute",
          "EventId.value",
          "FulfilledItem.id",
          "Line.id",
          "LineItem.id",
          "OrderId.value",
          "PaymentMethod.type",
          "PaymentWithdrawn.provider",
          "PaymentWithdrawn.account",
          "PaymentWithdrawn.endpoint",
          "PaymentWithdrawn.sourceEvent",
          "PaymentWithdrawn.sourceType",
          "Reason.code",
          "RefundUpdated.refund",
          "RefundUpdated.transaction",
          "Rejected.commandType",
          "Reversed.attempt",
          "Sent.messageId",
          "Sent.number",
          "Sent.receipt",
          "Spec.name",
          "Spec.settings",
          "Succeeded.attempt",
          "TaxLine.name",
          "TaxLine.ratePercent",
          "TypeName.value",
          "UncountedRefund.refund",
          "Undeliverable.number",
          "Undeliverable.receipt",
          "Withdrawal.sourceEvent",
          "Written.currency");

  static List<Class<?>> records() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.quittance.contracts")
            .stream()
            .filter(JavaClass::isRecord)
            .<Class<?>>map(JavaClass::reflect)
            .filter(shape -> !Modifier.isPrivate(shape.getModifiers()))
            .toList();
  }

  @ParameterizedTest
  @MethodSource("records")
  void printsNoTextButWhatIsNamedHere(Class<?> shape) throws ReflectiveOperationException {
    String printed = filled(shape).toString();

    for (String planted : plantedIn(shape)) {
      if (!MAY_PRINT.contains(planted)) {
        assertThat(printed).as(shape.getSimpleName()).doesNotContain("«" + planted + "»");
      }
    }
  }

  @Test
  void everyRecordIsLookedAt() {
    assertThat(records())
        .contains(Customer.class, OrderView.class, LineItem.class, FulfillmentCommand.Hold.class)
        .hasSizeGreaterThan(40);
  }

  @Test
  void whatMayBePrintedExists() {
    var planted = new TreeSet<String>();
    records().forEach(shape -> planted.addAll(plantedIn(shape)));

    assertThat(planted).containsAll(MAY_PRINT);
  }

  @Test
  void anAddressIsMasked() {
    assertThat(Customer.masked("ada@customer.example")).isEqualTo("a…@customer.example");
    assertThat(Customer.masked("@customer.example")).isEqualTo("…");
    assertThat(Customer.masked("no address")).isEqualTo("…");
    assertThat(Customer.masked("")).isEqualTo("…");
  }

  private static Object filled(Class<?> shape) throws ReflectiveOperationException {
    RecordComponent[] parts = shape.getRecordComponents();
    var values = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] =
          value(parts[i].getGenericType(), shape.getSimpleName() + "." + parts[i].getName());
    }
    Constructor<?> constructor =
        shape.getDeclaredConstructor(
            Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new));
    return constructor.newInstance(values);
  }

  private static Object value(Type type, String name) throws ReflectiveOperationException {
    String planted = "«" + name + "»";
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == Map.class
          ? Map.of(planted, value(arguments[1], name))
          : List.of(value(arguments[0], name));
    }
    if (type == OrderId.class) {
      return new OrderId("stripe:" + planted);
    }
    if (type == String.class) {
      return name.equals("OrderId.value") ? "stripe:" + planted : planted;
    }
    if (type == long.class || type == Long.class) {
      return 7L;
    }
    if (type == int.class) {
      return 7;
    }
    if (type == boolean.class) {
      return true;
    }
    if (type == Instant.class) {
      return Instant.EPOCH;
    }
    if (type == Currency.class) {
      return Currency.getInstance("USD");
    }
    if (type == byte[].class) {
      return planted.getBytes(StandardCharsets.UTF_8);
    }
    Class<?> shape = (Class<?>) type;
    if (shape.isEnum()) {
      return shape.getEnumConstants()[0];
    }
    if (shape == PaymentEvent.class) {
      return filled(PaymentEvent.Failed.class);
    }
    return filled(shape);
  }

  /// The names of all texts of a record and of the records in it.
  private static Set<String> plantedIn(Class<?> shape) {
    var names = new TreeSet<String>();
    for (RecordComponent part : shape.getRecordComponents()) {
      names.addAll(planted(part.getGenericType(), shape.getSimpleName() + "." + part.getName()));
    }
    return names;
  }

  private static Set<String> planted(Type type, String name) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      var names = new TreeSet<>(planted(arguments[arguments.length - 1], name));
      if (generic.getRawType() == Map.class && arguments[1] == String.class) {
        names.add(name);
      }
      return names;
    }
    if (type == PaymentEvent.class) {
      return plantedIn(PaymentEvent.Failed.class);
    }
    if (type == String.class || type == byte[].class) {
      return Set.of(name);
    }
    return type instanceof Class<?> shape && shape.isRecord() ? plantedIn(shape) : Set.of();
  }
}
