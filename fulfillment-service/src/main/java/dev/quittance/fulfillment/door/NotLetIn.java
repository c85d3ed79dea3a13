package dev.quittance.fulfillment.door;

/// A request that was stopped at the door.
public final class NotLetIn extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// Why.
  public enum Cause {
    /// Nobody we know.
    STRANGER(401, "unauthorized", "Say who you are."),
    /// Known, but their role is too little.
    TOO_LITTLE(403, "role_too_little", "Your role doesn't allow this."),
    /// Another site may have made the browser ask.
    FORGED(403, "cross_site", "This doesn't come from a page of ours. Reload the page.");

    private final int status;
    private final String code;
    private final String sentence;

    Cause(int status, String code, String sentence) {
      this.status = status;
      this.code = code;
      this.sentence = sentence;
    }
  }

  private final Cause cause;

  NotLetIn(Cause cause) {
    super(cause.code, null, false, false);
    this.cause = cause;
  }

  /// The HTTP status that says so.
  public int status() {
    return cause.status;
  }

  /// Machine-readable.
  public String code() {
    return cause.code;
  }

  /// For people.
  public String sentence() {
    return cause.sentence;
  }
}
