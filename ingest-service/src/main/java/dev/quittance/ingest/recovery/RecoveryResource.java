package dev.quittance.ingest.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Sweeps by hand: `POST /recovery?since=72h`. Repeating it changes nothing.
@Path("/recovery")
@Produces(MediaType.APPLICATION_JSON)
public final class RecoveryResource {

  /// Long enough for some thousand events, shorter than what proxies cut off.
  static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  private static final String BEARER = "Bearer ";

  private final RecoveryRounds rounds;
  private final Optional<String> token;
  private final boolean localDefaults;

  RecoveryResource(
      RecoveryRounds rounds,
      @ConfigProperty(name = "quittance.admin-token") Optional<String> token,
      @ConfigProperty(name = "quittance.local-defaults", defaultValue = "false")
          boolean localDefaults) {
    this.rounds = rounds;
    this.token = token;
    this.localDefaults = localDefaults;
  }

  /// @return 200 with what was found, or 202 when the sweep takes longer: ask again with GET
  @POST
  @RunOnVirtualThread
  public Response sweep(
      @QueryParam("since") @DefaultValue("72h") String since,
      @HeaderParam("Authorization") @Nullable String authorization,
      @Context HttpServerRequest request)
      throws InterruptedException {
    if (!mayAsk(authorization, request)) {
      return forbidden();
    }
    Optional<Duration> age = Age.parse(since);
    if (age.isEmpty()) {
      return problem(400, "Bad Request", "since is no time up to 30 days, like 90m, 72h or 30d.");
    }
    try {
      return Response.ok(rounds.sweep(age.get()).get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS))
          .build();
    } catch (TimeoutException e) {
      return Response.accepted(rounds.state()).build();
    } catch (ExecutionException e) {
      return problem(500, "Internal Server Error", "The sweep failed; the log says why.");
    }
  }

  /// The sweep that is running, or the last one.
  @GET
  public Response state(
      @HeaderParam("Authorization") @Nullable String authorization,
      @Context HttpServerRequest request) {
    return mayAsk(authorization, request) ? Response.ok(rounds.state()).build() : forbidden();
  }

  /// With a token configured, whoever has it; on a developer's machine, whoever is on it.
  private boolean mayAsk(@Nullable String authorization, HttpServerRequest request) {
    if (token.isPresent()) {
      return authorization != null
          && authorization.startsWith(BEARER)
          && MessageDigest.isEqual(
              authorization.substring(BEARER.length()).getBytes(UTF_8),
              token.get().getBytes(UTF_8));
    }
    return localDefaults && isLoopback(request.remoteAddress());
  }

  private static boolean isLoopback(@Nullable SocketAddress address) {
    if (address == null || address.hostAddress() == null) {
      return false;
    }
    try {
      return InetAddress.getByName(address.hostAddress()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static Response forbidden() {
    return problem(403, "Forbidden", "Recovery takes the admin token.");
  }

  private static Response problem(int status, String title, String detail) {
    return Response.status(status)
        .type("application/problem+json")
        .entity(Map.of("type", "about:blank", "title", title, "status", status, "detail", detail))
        .build();
  }
}
