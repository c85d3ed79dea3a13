package dev.quittance.receipts.api;

import jakarta.ws.rs.core.Response;

/// What went wrong, for machines and people (RFC 9457).
public record Problem(String type, String title, int status, String detail) {

  /// The media type of problems.
  static final String MEDIA_TYPE = "application/problem+json";

  static Response response(Response.StatusType status, String detail) {
    return Response.status(status)
        .type(MEDIA_TYPE)
        .entity(
            new Problem("about:blank", status.getReasonPhrase(), status.getStatusCode(), detail))
        .build();
  }
}
