package dev.quittance.receipts.receipt;

import java.util.regex.Pattern;

/// A receipt's id. It follows from what the receipt is for, so that a database that is rebuilt from
/// the topics gives every receipt its old id, and with it the old `Message-ID`.
///
/// @param value `rcp_` and 26 lower-case letters and digits
public record ReceiptId(String value) implements Comparable<ReceiptId> {

  /// 128 bits in base 32: no two receipts of the world share one.
  private static final Pattern SHAPE = Pattern.compile("rcp_[a-z2-7]{26}");

  /// @throws IllegalArgumentException when it isn't of that shape
  public ReceiptId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("a receipt's id is rcp_ and 26 letters and digits");
    }
  }

  @Override
  public int compareTo(ReceiptId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
