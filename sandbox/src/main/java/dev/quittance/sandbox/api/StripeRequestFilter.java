package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.problem.Refusal;
import dev.quittance.sandbox.settings.SandboxSettings;
import dev.quittance.sandbox.stripe.StripeAccount;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What every request to Stripe's API passes: the key, the faults, and the form of the answer.
@Singleton
final class StripeRequestFilter {

  private final Faults faults;
  private final Ids ids;
  private final String apiKey;

  @Inject
  StripeRequestFilter(Faults faults, Ids ids, SandboxSettings settings) {
    this.faults = faults;
    this.ids = ids;
    this.apiKey = settings.stripe().apiKey();
  }

  Response answer(HttpHeaders headers, UriInfo uri, Supplier<ObjectNode> work) {
    try {
      checkKey(headers.getHeaderString(HttpHeaders.AUTHORIZATION));
      Optional<Fault> fault =
          faults.hit(uri.getPath(), String.valueOf(uri.getRequestUri().getQuery()));
      if (fault.isPresent()) {
        suffer(fault.get());
      }
      return response(200, work.get());
    } catch (StripeError e) {
      return response(e.status(), e.body());
    } catch (Refusal e) {
      String message = String.valueOf(e.getMessage());
      return response(400, StripeError.invalid(e.code(), null, message).body());
    }
  }

  private void checkKey(@Nullable String authorization) {
    if (authorization == null) {
      throw StripeError.unauthorized(
          "You did not provide an API key. You need to provide your API key in the Authorization"
              + " header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
    }
    String given =
        authorization.startsWith("Basic ")
            ? user(authorization.substring("Basic ".length()))
            : authorization.replaceFirst("^Bearer ", "");
    if (!given.equals(apiKey)) {
      throw StripeError.unauthorized("Invalid API Key provided: sk_***");
    }
  }

  private static String user(String credentials) {
    try {
      String pair =
          new String(Base64.getDecoder().decode(credentials.strip()), StandardCharsets.UTF_8);
      return pair.replaceFirst(":.*", "");
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static void suffer(Fault fault) {
    try {
      Thread.sleep(fault.hang() ? Fault.HANG_MS : fault.delayMs());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StripeError.fault(503);
    }
    if (fault.status() != null) {
      throw StripeError.fault(fault.status());
    }
    if (fault.hang()) {
      throw StripeError.fault(504);
    }
  }

  private Response response(int status, ObjectNode body) {
    return Response.status(status)
        .type("application/json")
        .header("Request-Id", ids.make("req_", 14))
        .header("Stripe-Version", StripeAccount.API_VERSION)
        .entity(JsonText.indented(body))
        .build();
  }
}
