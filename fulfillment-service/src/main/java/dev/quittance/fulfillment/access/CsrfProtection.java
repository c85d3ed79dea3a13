package dev.quittance.fulfillment.access;

import dev.quittance.access.RequestOrigin;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jspecify.annotations.Nullable;

/// Tells requests that our own pages make from those that another site made a browser send. Two
/// proofs: what the browser itself says of the origin, and, for the console, a token that only our
/// pages know.
@ApplicationScoped
class CsrfProtection {

  static final String COOKIE = "quittance-csrf";
  static final String FIELD = "csrf";
  static final String HEADER = "X-CSRF-Token";

  private final PageFrame shell;
  private final CurrentVertxRequest current;

  CsrfProtection(PageFrame shell, CurrentVertxRequest current) {
    this.shell = shell;
    this.current = current;
  }

  boolean ours(ContainerRequestContext request) {
    return RequestOrigin.of(current.getCurrent().request()).isOwnPage()
        && (!isConsole(request) || hasToken(request));
  }

  private boolean hasToken(ContainerRequestContext request) {
    return shell.isToken(request.getHeaderString(HEADER))
        || (isForm(request) && shell.isToken(field()));
  }

  /// Asked of the request itself: what filters are given wraps it, and keeps the form to itself.
  private static @Nullable String field() {
    ResteasyReactiveRequestContext request = CurrentRequestManager.get();
    return request.getFormParameter(FIELD, true, false) instanceof String value ? value : null;
  }

  /// Read by ourselves: the framework's own reading throws where the header is no media type.
  static boolean isForm(ContainerRequestContext request) {
    String header = request.getHeaderString("Content-Type");
    if (header == null) {
      return false;
    }
    String type = header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.equals(MediaType.APPLICATION_FORM_URLENCODED)
        || type.equals(MediaType.MULTIPART_FORM_DATA);
  }

  static boolean isConsole(ContainerRequestContext request) {
    String path = request.getUriInfo().getRequestUri().getPath();
    return path != null && path.startsWith("/console");
  }

  /// Whether a person looks at the answer, in a browser.
  static boolean isPage(ContainerRequestContext request) {
    return isConsole(request)
        && (request.getHeaderString("HX-Request") != null || acceptsHtml(request));
  }

  private static boolean acceptsHtml(ContainerRequestContext request) {
    try {
      return request.getAcceptableMediaTypes().stream()
          .anyMatch(type -> !type.isWildcardType() && type.isCompatible(MediaType.TEXT_HTML_TYPE));
    } catch (IllegalArgumentException _) {
      // what is no media type comes from no browser
      return false;
    }
  }

  static boolean isHttps(ContainerRequestContext request) {
    return "https".equals(request.getUriInfo().getRequestUri().getScheme())
        || "https".equals(request.getHeaderString("X-Forwarded-Proto"));
  }
}
