package dev.quittance.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// The one key of everything about a payment: `{account}:{payment reference}`, for example
/// `stripe:pi_3Qx`. It is the Kafka key of the canonical topics and the id of the order.
///
/// @param value the whole id, at most [#LENGTH_MAX] characters
public record OrderId(String value) implements Comparable<OrderId> {

  /// 64 for an account's name, 1 for the colon, 255 for a provider's reference (Stripe's longest
  /// id).
  public static final int LENGTH_MAX = 320;

  /// @throws IllegalArgumentException when the id has no account, no reference, a NUL, or is too
  ///   long
  public OrderId {
    int colon = value.indexOf(':');
    // no database stores a NUL
    if (colon < 1
        || colon == value.length() - 1
        || CodePoints.moreThan(LENGTH_MAX, value)
        || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("an order's id is {account}:{payment reference}");
    }
  }

  /// The order of a payment reference at a provider account.
  public static OrderId of(String account, String paymentReference) {
    return new OrderId(account + ":" + paymentReference);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static OrderId read(String value) {
    return new OrderId(value);
  }

  /// The account's name: what stands before the first colon.
  public String account() {
    return value.substring(0, value.indexOf(':'));
  }

  /// The provider's reference of the payment: what stands after the first colon.
  public String paymentReference() {
    return value.substring(value.indexOf(':') + 1);
  }

  @Override
  public int compareTo(OrderId other) {
    return value.compareTo(other.value);
  }

  @JsonValue
  @Override
  public String toString() {
    return value;
  }
}
