package dev.quittance.contracts;

import java.util.Optional;

/// The receipt events' names on the wire.
public enum ReceiptEventType {
  SENT(ReceiptEvent.Sent.class),
  UNDELIVERABLE(ReceiptEvent.Undeliverable.class);

  private final TypeName name;
  private final Class<? extends ReceiptEvent> shape;

  ReceiptEventType(Class<? extends ReceiptEvent> shape) {
    this.name = TypeName.of("receipt", name());
    this.shape = shape;
  }

  /// The type of an event.
  public static ReceiptEventType of(ReceiptEvent event) {
    return switch (event) {
      case ReceiptEvent.Sent _ -> SENT;
      case ReceiptEvent.Undeliverable _ -> UNDELIVERABLE;
    };
  }

  /// The type with a name, if it is one of ours.
  public static Optional<ReceiptEventType> named(String typeName) {
    return TypeName.find(values(), ReceiptEventType::typeName, typeName);
  }

  /// For example `dev.quittance.receipt.sent.v1`.
  public String typeName() {
    return name.value();
  }

  /// The record that holds such events.
  public Class<? extends ReceiptEvent> shape() {
    return shape;
  }
}
