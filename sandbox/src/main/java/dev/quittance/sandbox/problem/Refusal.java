package dev.quittance.sandbox.problem;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that can't be served, with a sentence for whoever made it.
public final class Refusal extends RuntimeException {

  private final int status;
  private final String title;
  private final transient Map<String, Object> members;

  /// @param status the HTTP status
  /// @param members what else the problem details say
  public Refusal(int status, String title, String detail, Map<String, Object> members) {
    super(detail);
    this.status = status;
    this.title = title;
    this.members = Map.copyOf(members);
  }

  /// What was asked for makes no sense.
  public static Refusal badRequest(String detail) {
    return new Refusal(400, "Bad request", detail, Map.of());
  }

  /// What was asked for isn't there.
  public static Refusal notFound(String detail) {
    return new Refusal(404, "Not found", detail, Map.of());
  }

  /// What was asked for can't be done in the present state.
  public static Refusal conflict(String detail) {
    return new Refusal(409, "Conflict", detail, Map.of());
  }

  /// The machine-readable code, if it has one.
  public @Nullable String code() {
    Object code = members.get("code");
    return code == null ? null : code.toString();
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  Map<String, Object> members() {
    return members;
  }
}
