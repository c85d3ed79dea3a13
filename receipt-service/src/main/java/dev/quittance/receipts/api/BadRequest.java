package dev.quittance.receipts.api;

/// A request that can't be answered as it is.
final class BadRequest extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String detail;

  /// @param detail a sentence that says what to do
  BadRequest(String detail) {
    super(detail);
    this.detail = detail;
  }

  String detail() {
    return detail;
  }
}
