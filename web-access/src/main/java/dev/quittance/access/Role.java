package dev.quittance.access;

import java.util.Locale;
import java.util.Optional;

/// What somebody may. Each role may what those before it may.
public enum Role {
  /// May look up the order of one checkout at a time, by the checkout's id: the return page. Nobody
  /// signs in as it.
  RETURN_PAGE,
  /// May look.
  VIEWER,
  /// May act on orders and see who the customers are.
  OPERATOR,
  /// May also do what makes something known gone for good: erase a customer, discard what could not
  /// be processed.
  ADMIN;

  /// Whether this role is enough where the other is asked for.
  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }

  /// As it stands in files and tokens: lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// A role by its word.
  public static Optional<Role> read(String word) {
    for (Role role : values()) {
      if (role != RETURN_PAGE && role.word().equals(word)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
