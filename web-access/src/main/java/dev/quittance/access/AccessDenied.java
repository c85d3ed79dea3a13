package dev.quittance.access;

/// A request that [AccessFilter] has stopped.
public final class AccessDenied extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// Why.
  public enum Cause {
    /// Nobody we know.
    STRANGER(401, "unauthorized", "Unauthorized", "Say who you are."),
    /// Somebody vouches for them, and says nothing of what they may here.
    NO_ROLE(
        403,
        "no_role",
        "Forbidden",
        "You are signed in, but your account has no role here. Whoever looks after sign-in can give"
            + " it one: viewer, operator or admin."),
    /// Known, but their role is too little.
    TOO_LITTLE(403, "role_too_little", "Forbidden", "Your role doesn't allow this."),
    /// Another site may have made the browser ask.
    FORGED(
        403, "cross_site", "Forbidden", "This doesn't come from a page of ours. Reload the page.");

    private final transient Problem problem;

    Cause(int status, String code, String title, String sentence) {
      problem = Problem.of(status, code, title, sentence);
    }
  }

  private final Cause cause;

  /// Stops a request.
  public AccessDenied(Cause cause) {
    super(cause.problem.code(), null, false, false);
    this.cause = cause;
  }

  /// What the caller is answered.
  public Problem problem() {
    return cause.problem;
  }
}
