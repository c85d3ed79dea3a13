package dev.quittance.contracts;

import java.util.Optional;

/// The letter events' names on the wire.
public enum CustomerNoticeType {
  CODE_DELIVERED(CustomerNotice.CodeDelivered.class),
  CUSTOMER_ERASED(CustomerNotice.CustomerErased.class);

  private final TypeName name;
  private final Class<? extends CustomerNotice> shape;

  CustomerNoticeType(Class<? extends CustomerNotice> shape) {
    this.name = TypeName.of("letter", name());
    this.shape = shape;
  }

  /// The type of an event.
  public static CustomerNoticeType of(CustomerNotice event) {
    return switch (event) {
      case CustomerNotice.CodeDelivered _ -> CODE_DELIVERED;
      case CustomerNotice.CustomerErased _ -> CUSTOMER_ERASED;
    };
  }

  /// The type with a name, if it is one of ours.
  public static Optional<CustomerNoticeType> named(String typeName) {
    return TypeName.find(values(), CustomerNoticeType::typeName, typeName);
  }

  /// For example `dev.quittance.letter.code_delivered.v1`.
  public String typeName() {
    return name.value();
  }

  /// The record that holds such events.
  public Class<? extends CustomerNotice> shape() {
    return shape;
  }
}
