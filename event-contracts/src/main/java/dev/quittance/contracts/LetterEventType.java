package dev.quittance.contracts;

import java.util.Optional;

/// The letter events' names on the wire.
public enum LetterEventType {
  CODE_DELIVERED(LetterEvent.CodeDelivered.class),
  CUSTOMER_ERASED(LetterEvent.CustomerErased.class);

  private final TypeName name;
  private final Class<? extends LetterEvent> shape;

  LetterEventType(Class<? extends LetterEvent> shape) {
    this.name = TypeName.of("letter", name());
    this.shape = shape;
  }

  /// The type of an event.
  public static LetterEventType of(LetterEvent event) {
    return switch (event) {
      case LetterEvent.CodeDelivered _ -> CODE_DELIVERED;
      case LetterEvent.CustomerErased _ -> CUSTOMER_ERASED;
    };
  }

  /// The type with a name, if it is one of ours.
  public static Optional<LetterEventType> named(String typeName) {
    return TypeName.find(values(), LetterEventType::typeName, typeName);
  }

  /// For example `dev.quittance.letter.code_delivered.v1`.
  public String typeName() {
    return name.value();
  }

  /// The record that holds such events.
  public Class<? extends LetterEvent> shape() {
    return shape;
  }
}
