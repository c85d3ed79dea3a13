package dev.quittance.fulfillment.access;

import dev.quittance.access.AccessDenied;
import dev.quittance.access.AccessFilter;
import dev.quittance.access.CallerContext;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.NewCookie;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.WithFormRead;

/// What pages ask for beside what [dev.quittance.access.AccessFilter] asks of every caller: what
/// changes something must come from our own pages, whatever type it says it is of.
final class CsrfFilter {

  private final CsrfProtection origins;
  private final PageFrame shell;

  CsrfFilter(CsrfProtection origins, PageFrame shell) {
    this.origins = origins;
    this.shell = shell;
  }

  /// What is around every page, also around those that refuse: before anybody is refused.
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION - 1)
  void prepare(ContainerRequestContext request) {
    shell.page(CsrfProtection.isPage(request));
    shell.console(CsrfProtection.isConsole(request));
    Cookie token = request.getCookies().get(CsrfProtection.COOKIE);
    shell.token(token == null ? null : token.getValue());
    if (shell.isPage()) {
      shell.getToken(); // one that is made while a refusal is shown would come too late to be kept
    }
  }

  @WithFormRead // its token is in the form; there can be one such filter only, as their order isn't
  // kept
  @ServerRequestFilter
  void admit(ContainerRequestContext request, ResourceInfo asked) {
    boolean ambient = !AccessFilter.bringsToken(request);
    if (!AccessFilter.isOpen(asked)) {
      if (!(request.getSecurityContext() instanceof CallerContext known)) {
        throw new AccessDenied(AccessDenied.Cause.STRANGER);
      }
      shell.caller(known.caller());
      ambient = known.caller().way().ambient();
    }
    if (ambient && !AccessFilter.isLooking(request) && !origins.ours(request)) {
      throw new AccessDenied(AccessDenied.Cause.FORGED);
    }
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
              new NewCookie.Builder(CsrfProtection.COOKIE)
                  .value(shell.getToken())
                  .path("/console")
                  .httpOnly(true)
                  .secure(CsrfProtection.isHttps(request))
                  // or a link from another site would make the forms of other tabs worthless
                  .sameSite(NewCookie.SameSite.LAX)
                  .build());
    }
  }
}
