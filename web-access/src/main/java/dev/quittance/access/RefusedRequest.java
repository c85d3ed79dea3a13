package dev.quittance.access;

/// A request that can't be served, on its way out.
public final class RefusedRequest extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  RefusedRequest(Problem problem) {
    super(problem.code(), null, false, false);
    this.problem = problem;
  }

  /// What the caller is answered.
  public Problem problem() {
    return problem;
  }
}
