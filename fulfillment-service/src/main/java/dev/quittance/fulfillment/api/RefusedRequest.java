package dev.quittance.fulfillment.api;

/// A request that can't be served, on its way to the door.
final class RefusedRequest extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  RefusedRequest(Problem problem) {
    super(problem.code(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
