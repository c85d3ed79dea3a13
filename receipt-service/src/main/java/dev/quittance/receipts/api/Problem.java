package dev.quittance.receipts.api;

import jakarta.ws.rs.core.Response;

/// What went wrong, for machines and people (RFC 9457).
public record Problem(String type, String title, int status, String detail) {

  /// The media type of problems.
  static final String MEDIA_TYPE = "application/problem+json";

  private static final Response.StatusType UNPROCESSABLE =
      new Response.StatusType() {
        @Override
        public int getStatusCode() {
          return 422;
        }

        @Override
        public Response.Status.Family getFamily() {
          return Response.Status.Family.CLIENT_ERROR;
        }

        @Override
        public String getReasonPhrase() {
          return "Unprocessable Content";
        }
      };

  static Response response(Response.StatusType status, String detail) {
    return Response.status(status)
        .type(MEDIA_TYPE)
        .entity(
            new Problem("about:blank", status.getReasonPhrase(), status.getStatusCode(), detail))
        .build();
  }

  /// An idempotency key that belongs to another request.
  static Response keyReused() {
    return response(UNPROCESSABLE, "This Idempotency-Key was used for another request.");
  }
}
