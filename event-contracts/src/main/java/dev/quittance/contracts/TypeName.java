package dev.quittance.contracts;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// A whole event type name: `dev.quittance.{subject}.{what happened}.v1`.
record TypeName(String value) {

  static TypeName of(String subject, String constant) {
    return new TypeName(
        "dev.quittance." + subject + "." + constant.toLowerCase(Locale.ROOT) + ".v1");
  }

  static <T> Optional<T> find(T[] types, Function<T, String> name, String wanted) {
    return Arrays.stream(types).filter(type -> name.apply(type).equals(wanted)).findFirst();
  }
}
