package dev.quittance.access;

import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.annotation.Annotation;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// The one place that decides whether a caller may in, for every call and every page of a service.
/// Looking asks for a viewer, everything else for an operator, unless [Needs] or [Open] says
/// otherwise.
public final class AccessFilter {

  private static final Set<String> LOOKING = Set.of("GET", "HEAD");

  private final Callers callers;

  AccessFilter(Callers callers) {
    this.callers = callers;
  }

  /// Lets the request pass, with who asks as its security context.
  ///
  /// @throws AccessDenied when it may not
  /// @throws Exception when who is signed in can't be known right now
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
  public void admit(ContainerRequestContext request, ResourceInfo asked) throws Exception {
    if (isOpen(asked)) {
      // nobody is looked up here, and still a browser's cookies may count
      if (!isLooking(request) && !bringsToken(request) && !callers.origin().isOwnPage()) {
        throw new AccessDenied(AccessDenied.Cause.FORGED);
      }
      return;
    }
    Caller caller = callers.of(request);
    if (caller == null) {
      if (callers.refusedLater(request)) {
        return;
      }
      throw new AccessDenied(AccessDenied.Cause.STRANGER);
    }
    boolean looking = isLooking(request);
    Needs needs = annotation(asked, Needs.class);
    Role least = needs != null ? needs.value() : looking ? Role.VIEWER : Role.OPERATOR;
    if (!caller.may(least)) {
      throw new AccessDenied(AccessDenied.Cause.TOO_LITTLE);
    }
    if (caller.way().ambient() && isForged(caller.way(), looking)) {
      throw new AccessDenied(AccessDenied.Cause.FORGED);
    }
    request.setSecurityContext(
        new CallerContext(
            caller, "https".equals(request.getUriInfo().getRequestUri().getScheme())));
  }

  private boolean isForged(Caller.Way way, boolean looking) {
    RequestOrigin origin = callers.origin();
    // at this machine no proxy stands between that may have changed the name
    boolean own = origin.isOwnPage() && !(way == Caller.Way.LOOPBACK && origin.isForeign());
    return !own && !(looking && origin.isLink());
  }

  /// Whether a request changes nothing.
  public static boolean isLooking(ContainerRequestContext request) {
    return LOOKING.contains(request.getMethod());
  }

  /// Whether a request says by a token who sends it: no other site can make a browser add one.
  /// Whatever else it says of itself may be another site's doing. A browser that is made to post
  /// nothing, or bytes without a type, sends no `Content-Type` and all of its cookies.
  public static boolean bringsToken(ContainerRequestContext request) {
    String authorization = request.getHeaderString("Authorization");
    return authorization != null && authorization.startsWith(Callers.BEARER);
  }

  /// Whether strangers may ask.
  public static boolean isOpen(ResourceInfo asked) {
    return annotation(asked, Open.class) != null;
  }

  private static <A extends Annotation> @Nullable A annotation(ResourceInfo asked, Class<A> shape) {
    A ofMethod = asked.getResourceMethod().getAnnotation(shape);
    return ofMethod != null ? ofMethod : asked.getResourceClass().getAnnotation(shape);
  }
}
