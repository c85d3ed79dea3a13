package dev.quittance.fulfillment.api;

import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.store.Answer;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/// What is wrong with a request, as RFC 9457 has it.
///
/// @param type names the kind of problem
/// @param code the same, short and machine-readable
record Problem(String type, String title, int status, @Nullable String detail, String code) {

  static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

  static Problem of(int status, String code, String title) {
    return of(status, code, title, null);
  }

  static Problem of(int status, String code, String title, @Nullable String detail) {
    return new Problem("urn:quittance:problem:" + code, title, status, detail, code);
  }

  Answer answer() {
    return new Answer(status, WireFormat.write(this));
  }

  Response response() {
    return Response.status(status).type(MEDIA_TYPE).entity(WireFormat.write(this)).build();
  }

  RefusedRequest exception() {
    return new RefusedRequest(this);
  }
}
