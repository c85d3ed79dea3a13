package dev.quittance.contracts;

import java.util.Optional;

/// The commands' names on the wire.
public enum FulfillmentCommandType {
  COMPLETE(FulfillmentCommand.Complete.class),
  HOLD(FulfillmentCommand.Hold.class),
  RELEASE(FulfillmentCommand.Release.class),
  REVERSE(FulfillmentCommand.Reverse.class);

  private final TypeName name;
  private final Class<? extends FulfillmentCommand> shape;

  FulfillmentCommandType(Class<? extends FulfillmentCommand> shape) {
    this.name = TypeName.of("fulfillment", name());
    this.shape = shape;
  }

  /// The type of a command.
  public static FulfillmentCommandType of(FulfillmentCommand command) {
    return switch (command) {
      case FulfillmentCommand.Complete _ -> COMPLETE;
      case FulfillmentCommand.Hold _ -> HOLD;
      case FulfillmentCommand.Release _ -> RELEASE;
      case FulfillmentCommand.Reverse _ -> REVERSE;
    };
  }

  /// The type with a name, if it is one of ours.
  public static Optional<FulfillmentCommandType> named(String typeName) {
    return TypeName.find(values(), FulfillmentCommandType::typeName, typeName);
  }

  /// For example `dev.quittance.fulfillment.complete.v1`.
  public String typeName() {
    return name.value();
  }

  /// The record that holds such commands.
  public Class<? extends FulfillmentCommand> shape() {
    return shape;
  }
}
