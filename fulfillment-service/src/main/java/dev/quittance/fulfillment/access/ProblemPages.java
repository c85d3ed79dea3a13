package dev.quittance.fulfillment.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.access.AccessFilter;
import dev.quittance.contracts.WireFormat;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/// Shows problems as pages to people, and strangers where to sign in. Programs get the problem
/// document as it is.
final class ProblemPages {

  private final CsrfProtection origins;
  private final SignInPage signIn;

  ProblemPages(CsrfProtection origins, SignInPage signIn) {
    this.origins = origins;
    this.signIn = signIn;
  }

  private static final MediaType HTML = MediaType.TEXT_HTML_TYPE.withCharset("utf-8");

  @ServerResponseFilter
  void dress(ContainerRequestContext request, ContainerResponseContext response) {
    if (CsrfProtection.isPage(request)
        && response.getEntity() instanceof byte[] document
        && response.getMediaType() != null
        && response.getMediaType().getSubtype().equals("problem+json")) {
      if (response.getStatus() == 401) {
        askToSignIn(request, response);
        return;
      }
      JsonNode problem = WireFormat.read(document, JsonNode.class);
      String page =
          Templates.refusal(
                  response.getStatus(),
                  problem.path("title").asText(),
                  problem.path("detail").asText(""),
                  problem.path("code").asText().equals("no_role"))
              .render();
      response.setEntity(page, new Annotation[0], HTML);
    }
  }

  private void askToSignIn(ContainerRequestContext request, ContainerResponseContext response) {
    response.setEntity(null);
    response.getHeaders().remove("Content-Type");
    response.getHeaders().remove("WWW-Authenticate");
    if (!AccessFilter.isLooking(request)) {
      // another site must not lay words into the mouth of whoever signs in next
      PendingForm pending =
          origins.ours(request)
              ? PendingForm.sent(request.getUriInfo().getRequestUri().getRawPath()).orElse(null)
              : null;
      response.setEntity(
          signIn.page(before(request), "Your session is over. Nothing was done yet.", pending),
          new Annotation[0],
          HTML);
      return;
    }
    if (request.getHeaderString("HX-Request") != null) {
      response.getHeaders().putSingle("HX-Redirect", SignIn.PATH);
      return;
    }
    URI wanted = request.getUriInfo().getRequestUri();
    String to =
        wanted.getRawPath() + (wanted.getRawQuery() == null ? "" : "?" + wanted.getRawQuery());
    response.setStatus(303);
    response
        .getHeaders()
        .putSingle(
            "Location",
            request
                .getUriInfo()
                .getBaseUri()
                .resolve(SignIn.PATH + "?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8)));
  }

  /// The page that a form was on, as the browser says. Whether it is ours is looked at when it is
  /// used.
  private static @Nullable String before(ContainerRequestContext request) {
    String referer = request.getHeaderString("Referer");
    try {
      URI page = referer == null ? null : URI.create(referer);
      return page == null || page.getRawPath() == null
          ? null
          : page.getRawPath() + (page.getRawQuery() == null ? "" : "?" + page.getRawQuery());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @CheckedTemplate(basePath = "access", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance refusal(
        int status, String title, String detail, boolean signedInInVain);
  }
}
