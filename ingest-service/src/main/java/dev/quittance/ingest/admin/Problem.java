package dev.quittance.ingest.admin;

import jakarta.ws.rs.core.Response;

/// What is wrong with a request, as RFC 9457 has it.
///
/// @param type names the kind of problem
/// @param detail a sentence for the person who asked
/// @param code the kind, short and machine-readable
public record Problem(String type, String title, int status, String detail, String code) {

  private static final String MEDIA_TYPE = "application/problem+json";

  /// A problem of a kind.
  public static Problem of(int status, String code, String title, String detail) {
    return new Problem("urn:quittance:problem:" + code, title, status, detail, code);
  }

  /// What is said to whoever isn't the operator.
  public static Problem notTheOperator() {
    return of(403, "not_the_operator", "Forbidden", "This takes the admin token.");
  }

  /// As an answer.
  public Response response() {
    return Response.status(status).type(MEDIA_TYPE).entity(this).build();
  }
}
