package dev.quittance.fulfillment.door;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.Annotation;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.WithFormRead;
import org.jspecify.annotations.Nullable;

/// The one place that decides whether a caller may in, for every call and every page. Looking asks
/// for a viewer, everything else for an operator, unless [Needs] or [Open] says otherwise.
final class Gate {

  private static final Set<String> LOOKING = Set.of("GET", "HEAD");

  private final Callers callers;
  private final Origins origins;
  private final Shell shell;

  Gate(Callers callers, Origins origins, Shell shell) {
    this.callers = callers;
    this.origins = origins;
    this.shell = shell;
  }

  @WithFormRead // its token is in the form
  @ServerRequestFilter
  @Nullable Response admit(ContainerRequestContext request, ResourceInfo asked)
      throws SQLException {
    shell.page(Origins.isPage(request));
    Cookie token = request.getCookies().get(Origins.COOKIE);
    shell.token(token == null ? null : token.getValue());
    boolean looking = LOOKING.contains(request.getMethod());
    if (annotation(asked, Open.class) != null) {
      if (!looking && Origins.isForm(request) && !origins.ours(request)) {
        throw new NotLetIn(NotLetIn.Cause.FORGED);
      }
      return null;
    }
    Caller caller = callers.of(request);
    if (caller == null) {
      return turnAway(request);
    }
    shell.caller(caller);
    Needs needs = annotation(asked, Needs.class);
    Role least = needs != null ? needs.value() : looking ? Role.VIEWER : Role.OPERATOR;
    if (!caller.may(least)) {
      throw new NotLetIn(NotLetIn.Cause.TOO_LITTLE);
    }
    if (!looking && caller.way().ambient() && !origins.ours(request)) {
      throw new NotLetIn(NotLetIn.Cause.FORGED);
    }
    return null;
  }

  /// People are shown where to sign in; programs are told.
  private Response turnAway(ContainerRequestContext request) {
    if (!shell.isPage()) {
      throw new NotLetIn(NotLetIn.Cause.STRANGER);
    }
    if (request.getHeaderString("HX-Request") != null) {
      return Response.status(401).header("HX-Redirect", SignIn.PATH).build();
    }
    URI wanted = request.getUriInfo().getRequestUri();
    String to =
        wanted.getRawPath() + (wanted.getRawQuery() == null ? "" : "?" + wanted.getRawQuery());
    return Response.seeOther(
            URI.create(SignIn.PATH + "?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8)))
        .build();
  }

  /// Pages are nobody else's to keep, and bring the token of their forms along.
  @ServerResponseFilter
  void seal(ContainerRequestContext request, ContainerResponseContext response) {
    response.getHeaders().putIfAbsent("Cache-Control", List.of("no-store"));
    if (shell.tokenIsNew()) {
      response
          .getHeaders()
          .add(
              "Set-Cookie",
              new NewCookie.Builder(Origins.COOKIE)
                  .value(shell.getToken())
                  .path("/console")
                  .httpOnly(true)
                  .secure(Origins.isHttps(request))
                  .sameSite(NewCookie.SameSite.STRICT)
                  .build());
    }
  }

  private static <A extends Annotation> @Nullable A annotation(ResourceInfo asked, Class<A> shape) {
    A ofMethod = asked.getResourceMethod().getAnnotation(shape);
    return ofMethod != null ? ofMethod : asked.getResourceClass().getAnnotation(shape);
  }
}
