package dev.quittance.fulfillment.access;

import dev.quittance.access.Open;
import dev.quittance.fulfillment.persistence.ConsoleSessions;
import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.oidc.OidcConfigurationMetadata;
import io.quarkus.oidc.OidcSession;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
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

  /// Passwords that wait are fewer than a page of time.
  private static final int RETRY_AFTER_SECONDS = 10;

  /// As RFC 6749 names its errors.
  private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}");

  private final SignInPage page;
  private final OpenIdCallers provider;
  private final Users users;
  private final ConsoleSessions sessions;
  private final SignInThrottle throttle;
  private final PasswordChecks checks;
  private final ClientAddress address;
  private final CurrentIdentityAssociation identities;
  private final Instance<OidcSession> atProvider;
  private final Instance<OidcConfigurationMetadata> metadata;
  private final Clock clock;
  private final Duration lifetime;

  SignIn(
      SignInPage page,
      OpenIdCallers provider,
      Users users,
      ConsoleSessions sessions,
      SignInThrottle throttle,
      PasswordChecks checks,
      ClientAddress address,
      CurrentIdentityAssociation identities,
      Instance<OidcSession> atProvider,
      Instance<OidcConfigurationMetadata> metadata,
      Clock clock,
      @ConfigProperty(name = "quittance.console.session-lifetime") Duration lifetime) {
    this.page = page;
    this.provider = provider;
    this.users = users;
    this.sessions = sessions;
    this.throttle = throttle;
    this.checks = checks;
    this.address = address;
    this.identities = identities;
    this.atProvider = atProvider;
    this.metadata = metadata;
    this.clock = clock;
    this.lifetime = lifetime;
  }

  /// @param error what the OpenID provider says is wrong
  @GET
  @Open
  @Path("/sign-in")
  public Response show(
      @QueryParam("to") @Nullable String to, @QueryParam("error") @Nullable String error) {
    return page.show(
        200,
        to,
        error == null
            ? null
            : "Your organization's sign-in didn't let you through"
                + (ERROR.matcher(error).matches() ? " (" + error + ")." : "."),
        null);
  }

  @POST
  @Open
  @Blocking // until the password waits for its check; then it holds no thread
  @Path("/sign-in")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Uni<Response> signIn(
      @RestForm @Nullable String name,
      @RestForm @Nullable String password,
      @RestForm @Nullable String to,
      @CookieParam(DeviceCookie.NAME) @Nullable String device,
      @Context ContainerRequestContext request) {
    PendingForm pending = PendingForm.alongside().orElse(null);
    if (name == null || name.isBlank() || password == null || password.isEmpty()) {
      return now(page.show(400, to, "Give your name and your password.", pending));
    }
    String known = name.strip();
    if (known.length() > Users.NAME_LENGTH_MAX
        || password.length() > Passwords.PASSWORD_LENGTH_MAX) {
      return now(
          page.show(
              400,
              to,
              "A name has at most %d characters, a password %d."
                  .formatted(Users.NAME_LENGTH_MAX, Passwords.PASSWORD_LENGTH_MAX),
              pending));
    }
    String browser =
        users
            .find(known)
            .map(user -> DeviceCookie.browser(user, device, clock.instant()))
            .orElse(null);
    var attempt = new SignInThrottle.Attempt(known, address.network(), browser);
    if (!throttle.begin(attempt)) {
      LOG.warn("signin.throttled");
      return now(
          later(
              page.show(
                  429, to, "Those were too many attempts. Wait a quarter of an hour.", pending),
              SignInThrottle.WINDOW.toSeconds()));
    }
    Optional<CompletionStage<Optional<Users.User>>> checked =
        checks.check(() -> users.find(known, password));
    if (checked.isEmpty()) {
      throttle.untried(attempt);
      LOG.warn("signin.overloaded");
      return now(
          later(
              page.show(
                  503, to, "Too many people sign in right now. Try again in a moment.", pending),
              RETRY_AFTER_SECONDS));
    }
    boolean secure = CsrfProtection.isHttps(request);
    return Uni.createFrom()
        .completionStage(checked.get())
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(user -> answer(user.orElse(null), attempt, to, pending, secure));
  }

  private Response answer(
      Users.@Nullable User user,
      SignInThrottle.Attempt attempt,
      @Nullable String to,
      @Nullable PendingForm pending,
      boolean secure) {
    if (user == null) {
      LOG.warn("signin.failed");
      return page.show(401, to, "That name and password don't go together.", pending);
    }
    throttle.succeeded(attempt);
    String token;
    try {
      token = sessions.begin(user.name(), user.hash().fingerprint(), lifetime);
    } catch (SQLException e) {
      LOG.warn("signin.database sqlState={}", e.getSQLState());
      return later(
          page.show(503, to, "The database can't be reached right now. Try again.", pending),
          RETRY_AFTER_SECONDS);
    }
    LOG.info("signin.succeeded role={}", user.role().word());
    Response signedIn =
        pending != null
            ? page.resume(pending)
            : Response.seeOther(URI.create(SignInPage.own(to))).build();
    return Response.fromResponse(signedIn)
        .cookie(
            session(token, Math.toIntExact(lifetime.toSeconds()), secure),
            new NewCookie.Builder(DeviceCookie.NAME)
                .value(DeviceCookie.of(user, clock.instant()))
                .path(PATH)
                .maxAge(Math.toIntExact(DeviceCookie.LIFETIME.toSeconds()))
                .httpOnly(true)
                .secure(secure)
                .sameSite(NewCookie.SameSite.STRICT)
                .build())
        .build();
  }

  private static Uni<Response> now(Response response) {
    return Uni.createFrom().item(response);
  }

  private static Response later(Response response, long seconds) {
    return Response.fromResponse(response).header("Retry-After", seconds).build();
  }

  /// Where the browser goes to and comes back from the OpenID provider. What stands behind `to`
  /// comes back with it.
  @GET
  @Open
  @Path("/sign-in/provider")
  public Response provider(
      @QueryParam("to") @Nullable String to,
      @HeaderParam("Authorization") @Nullable String authorization) {
    if (!provider.enabled()) {
      return page.show(404, to, null, null);
    }
    if (authorization != null) {
      return page.show(400, to, "This is for browsers: programs send their token.", null);
    }
    if (identities.getIdentity().isAnonymous()) {
      throw new UnauthorizedException();
    }
    return Response.seeOther(URI.create(SignInPage.own(to))).build();
  }

  /// Ends the session here. The provider's own is a link away: a form that is sent to us may not
  /// lead to another site, and who leaves the console doesn't always leave everything else.
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
    boolean secure = CsrfProtection.isHttps(request);
    Response signedOut =
        provider.enabled()
            ? page.signedOut(leaveProvider(request, secure))
            : Response.seeOther(URI.create(PATH)).build();
    return Response.fromResponse(signedOut).cookie(session("", 0, secure)).build();
  }

  /// @return the provider's page to sign out by; empty where there is none
  private String leaveProvider(ContainerRequestContext request, boolean secure) {
    IdTokenCredential idToken;
    try {
      idToken = identities.getIdentity().getCredential(IdTokenCredential.class);
    } catch (AuthenticationFailedException e) {
      return ""; // over already
    }
    if (idToken == null) {
      return "";
    }
    String end = metadata.get().getEndSessionUri();
    atProvider.get().logout().await().indefinitely();
    if (end == null) {
      return "";
    }
    URI asked = request.getUriInfo().getBaseUri();
    String back = (secure ? "https" : asked.getScheme()) + "://" + asked.getRawAuthority() + PATH;
    return end
        + (end.contains("?") ? "&" : "?")
        + "id_token_hint="
        + URLEncoder.encode(idToken.getToken(), StandardCharsets.UTF_8)
        + "&post_logout_redirect_uri="
        + URLEncoder.encode(back, StandardCharsets.UTF_8);
  }

  /// Sent along when somebody follows a link from another site: by itself it changes nothing, as
  /// whatever does proves that it comes from a page of ours ([CsrfProtection]).
  private static NewCookie session(String token, int seconds, boolean secure) {
    return new NewCookie.Builder(SESSION)
        .value(token)
        .path("/")
        .maxAge(seconds)
        .httpOnly(true)
        .secure(secure)
        .sameSite(NewCookie.SameSite.LAX)
        .build();
  }
}
