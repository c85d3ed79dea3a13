package dev.quittance.access;

import dev.quittance.contracts.WireFormat;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/// What is wrong with a request, as RFC 9457 has it.
///
/// @param type names the kind of problem
/// @param detail a sentence for the person who asked; null where the title says it all
/// @param code the kind, short and machine-readable
public record Problem(String type, String title, int status, @Nullable String detail, String code) {

  /// The media type of problems.
  public static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

  /// A problem of a kind.
  public static Problem of(int status, String code, String title) {
    return of(status, code, title, null);
  }

  /// A problem of a kind.
  public static Problem of(int status, String code, String title, @Nullable String detail) {
    return new Problem("urn:quittance:problem:" + code, title, status, detail, code);
  }

  /// A request that can't be understood.
  ///
  /// @param detail a sentence that says what to do
  public static RefusedRequest badRequest(String detail) {
    return of(400, "bad_request", "The request can't be understood.", detail).exception();
  }

  /// As an answer.
  public Response response() {
    return Response.status(status).type(MEDIA_TYPE).entity(WireFormat.write(this)).build();
  }

  /// As an answer that says when to ask again.
  public Response response(int retryAfterSeconds) {
    return Response.fromResponse(response()).header("Retry-After", retryAfterSeconds).build();
  }

  /// As something to throw.
  public RefusedRequest exception() {
    return new RefusedRequest(this);
  }
}
