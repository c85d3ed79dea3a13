package dev.quittance.fulfillment.order;

import dev.quittance.contracts.Reason;
import java.util.Locale;

/// Why an order can't take a command.
public enum Refusal {
  NOT_DUE("Nothing is due: the money, the order's data or its line items are not there yet."),
  ON_HOLD("The order is on hold; release it first, or wait for the dispute's end."),
  ALREADY_FULFILLED("Nothing remains to be fulfilled."),
  CANCELED("The order is canceled: its money is gone."),
  REVERSAL_DUE("The money is gone after goods had left: only a reversal is possible."),
  ALREADY_REVERSED("What had left is back already."),
  UNKNOWN_LINE("An item names a line that the order doesn't have."),
  MORE_THAN_REMAINS("An item asks for more than remains of its line."),
  ALREADY_HELD("The order is on hold by hand already."),
  NOT_HELD("The order is not on hold by hand."),
  REVERSAL_NOT_DUE("A reversal is possible only when the money is gone after goods had left.");

  private final String sentence;

  Refusal(String sentence) {
    this.sentence = sentence;
  }

  /// The machine-readable code, for example `more_than_remains`.
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The same for people.
  public String sentence() {
    return sentence;
  }

  /// As it is announced.
  public Reason reason() {
    return new Reason(code(), sentence);
  }
}
