package dev.quittance.fulfillment.door;

import com.fasterxml.jackson.databind.JsonNode;
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

/// Shows problems as pages to people, and strangers where to sign in. Programs get the problem
/// document as it is.
final class Refusals {

  private static final MediaType HTML = MediaType.TEXT_HTML_TYPE.withCharset("utf-8");

  @ServerResponseFilter
  void dress(ContainerRequestContext request, ContainerResponseContext response) {
    if (Origins.isPage(request)
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
                  problem.path("detail").asText(""))
              .render();
      response.setEntity(page, new Annotation[0], HTML);
    }
  }

  private static void askToSignIn(
      ContainerRequestContext request, ContainerResponseContext response) {
    response.setEntity(null);
    response.getHeaders().remove("Content-Type");
    response.getHeaders().remove("WWW-Authenticate");
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

  @CheckedTemplate(basePath = "door", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance refusal(int status, String title, String detail);
  }
}
