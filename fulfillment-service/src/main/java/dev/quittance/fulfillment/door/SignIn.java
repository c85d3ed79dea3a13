package dev.quittance.fulfillment.door;

import dev.quittance.access.Open;
import dev.quittance.fulfillment.store.ConsoleSessions;
import io.quarkus.oidc.OidcSession;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signing in and out.
@Path("/console")
@Produces("text/html; charset=utf-8")
public class SignIn {

  static final String PATH = "/console/sign-in";
  static final String SESSION = "quittance-session";

  private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);
  private static final String START = "/console";

  /// Hashing a password takes a core for a fifth of a second; the rest of the cores serve.
  private static final int HASHING_MAX = 2;

  /// A page of ours, and nothing that a browser could take for another site.
  private static final Pattern OWN_PAGE =
      Pattern.compile("/console(/[\\w.~!$&'()*+,;=:@%/-]*)?(\\?[\\w.~!$&'()*+,;=:@%/?-]*)?");

  private final Callers callers;
  private final Users users;
  private final ConsoleSessions sessions;
  private final SignInThrottle throttle;
  private final CurrentIdentityAssociation identities;
  private final Instance<OidcSession> atProvider;
  private final Duration lifetime;
  private final Semaphore hashing = new Semaphore(HASHING_MAX);

  SignIn(
      Callers callers,
      Users users,
      ConsoleSessions sessions,
      SignInThrottle throttle,
      CurrentIdentityAssociation identities,
      Instance<OidcSession> atProvider,
      @ConfigProperty(name = "quittance.console.session-lifetime") Duration lifetime) {
    this.callers = callers;
    this.users = users;
    this.sessions = sessions;
    this.throttle = throttle;
    this.identities = identities;
    this.atProvider = atProvider;
    this.lifetime = lifetime;
  }

  @GET
  @Open
  @Path("/sign-in")
  public Response show(@QueryParam("to") @Nullable String to) {
    return page(200, to, null);
  }

  @POST
  @Open
  @Path("/sign-in")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response signIn(
      @RestForm @Nullable String name,
      @RestForm @Nullable String password,
      @RestForm @Nullable String to,
      @Context ContainerRequestContext request)
      throws SQLException {
    if (name == null || name.isBlank() || password == null || password.isEmpty()) {
      return page(400, to, "Give your name and your password.");
    }
    String known = name.strip();
    String address = callers.address().map(InetAddress::getHostAddress).orElse("");
    if (!throttle.attempt(known, address)) {
      LOG.warn("signin.throttled");
      return Response.fromResponse(
              page(429, to, "That were too many attempts. Wait a quarter of an hour."))
          .header("Retry-After", SignInThrottle.WINDOW.toSeconds())
          .build();
    }
    Optional<Users.User> user = check(known, password);
    if (user.isEmpty()) {
      LOG.warn("signin.failed");
      return page(401, to, "That name and password don't go together.");
    }
    throttle.succeeded(known, address);
    LOG.info("signin.succeeded role={}", user.get().role().word());
    String token = sessions.begin(user.get().name(), lifetime);
    return Response.seeOther(URI.create(ownPage(to)))
        .cookie(session(request, token, Math.toIntExact(lifetime.toSeconds())))
        .build();
  }

  private Optional<Users.User> check(String name, String password) {
    hashing.acquireUninterruptibly();
    try {
      return users.find(name, password);
    } finally {
      hashing.release();
    }
  }

  /// Where the browser goes to and comes back from the OpenID provider.
  @GET
  @Open
  @Path("/sign-in/provider")
  public Response provider() {
    if (!callers.byProvider()) {
      return page(404, null, null);
    }
    if (identities.getIdentity().isAnonymous()) {
      throw new UnauthorizedException();
    }
    return Response.seeOther(URI.create(START)).build();
  }

  @POST
  @Open
  @Path("/sign-out")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response signOut(
      @CookieParam(SESSION) @Nullable String session, @Context ContainerRequestContext request)
      throws SQLException {
    if (session != null) {
      sessions.end(session);
    }
    if (callers.byProvider() && !identities.getIdentity().isAnonymous()) {
      atProvider.get().logout().await().indefinitely();
    }
    return Response.seeOther(URI.create(PATH)).cookie(session(request, "", 0)).build();
  }

  private static NewCookie session(ContainerRequestContext request, String token, int seconds) {
    return new NewCookie.Builder(SESSION)
        .value(token)
        .path("/")
        .maxAge(seconds)
        .httpOnly(true)
        .secure(Origins.isHttps(request))
        .sameSite(NewCookie.SameSite.STRICT)
        .build();
  }

  private Response page(int status, @Nullable String to, @Nullable String problem) {
    return Response.status(status)
        .entity(
            Templates.signIn(
                    ownPage(to),
                    problem == null ? "" : problem,
                    callers.byPassword(),
                    callers.byProvider())
                .render())
        .build();
  }

  private static String ownPage(@Nullable String to) {
    return to != null && OWN_PAGE.matcher(to).matches() && !to.contains("//") ? to : START;
  }

  @CheckedTemplate(basePath = "door", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance signIn(
        String to, String problem, boolean byPassword, boolean byProvider);
  }
}
