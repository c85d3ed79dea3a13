package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;
import org.jspecify.annotations.Nullable;

/// A refusal in the form in which Stripe's API writes it.
final class StripeError extends RuntimeException {

  private static final String INVALID = "invalid_request_error";

  private final int status;
  private final String type;
  private final @Nullable String code;
  private final @Nullable String param;

  private StripeError(
      int status, String type, @Nullable String code, @Nullable String param, String message) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
  }

  static StripeError invalid(@Nullable String code, @Nullable String param, String message) {
    return new StripeError(400, INVALID, code, param, message);
  }

  static StripeError missing(String kind, String param, String id) {
    return new StripeError(
        404, INVALID, "resource_missing", param, "No such " + kind + ": '" + id + "'");
  }

  static StripeError noSuchPath(String method, String path) {
    return new StripeError(
        404, INVALID, null, null, "Unrecognized request URL (" + method + ": " + path + ").");
  }

  static StripeError unauthorized(String message) {
    return new StripeError(401, INVALID, null, null, message);
  }

  static StripeError otherParameters() {
    return new StripeError(
        400,
        "idempotency_error",
        null,
        null,
        "Keys for idempotent requests can only be used with the same parameters they were first"
            + " used with.");
  }

  /// What a fault answers.
  static StripeError fault(int status) {
    return switch (status) {
      case 401 -> unauthorized("Invalid API Key provided: sk_test_***");
      case 403 ->
          new StripeError(
              403,
              INVALID,
              "more_permissions_required",
              null,
              "The provided key doesn't have the required permissions for this endpoint.");
      case 429 ->
          new StripeError(
              429, INVALID, "rate_limit", null, "Request rate limit exceeded. Try again later.");
      default ->
          status >= 500
              ? new StripeError(
                  status, "api_error", null, null, "An unexpected error occurred at Stripe.")
              : new StripeError(status, INVALID, null, null, "A fault on demand.");
    };
  }

  int status() {
    return status;
  }

  ObjectNode body() {
    ObjectNode body = JsonText.object();
    ObjectNode error = body.putObject("error");
    if (code != null) {
      error.put("code", code);
      error.put("doc_url", "https://stripe.com/docs/error-codes/" + code.replace('_', '-'));
    }
    error.put("message", String.valueOf(getMessage()));
    if (param != null) {
      error.put("param", param);
    }
    error.put("type", type);
    return body;
  }
}
