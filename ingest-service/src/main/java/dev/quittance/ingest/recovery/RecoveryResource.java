package dev.quittance.ingest.recovery;

import dev.quittance.access.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/// Sweeps by hand: `POST /recovery?since=72h`. Repeating it changes nothing.
@Path("/recovery")
@Produces(MediaType.APPLICATION_JSON)
public final class RecoveryResource {

  /// Long enough for some thousand events, shorter than what proxies cut off.
  static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  private static final Logger LOG = Logger.getLogger(RecoveryResource.class);

  private final RecoveryRounds rounds;

  RecoveryResource(RecoveryRounds rounds) {
    this.rounds = rounds;
  }

  /// @return 200 with what was found, or 202 when the sweep takes longer: ask again with GET
  @POST
  @RunOnVirtualThread
  public Response sweep(
      @QueryParam("since") @DefaultValue("72h") String since, @Context SecurityContext caller)
      throws InterruptedException {
    Optional<Duration> age = Age.parse(since);
    if (age.isEmpty()) {
      throw Problem.badRequest("since is no time up to 30 days, like 90m, 72h or 30d.");
    }
    LOG.infof("recovery.asked since=%s by=%s", age.get(), caller.getUserPrincipal().getName());
    try {
      return Response.ok(rounds.sweep(age.get()).get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS))
          .build();
    } catch (TimeoutException e) {
      return Response.accepted(rounds.state()).build();
    } catch (ExecutionException e) {
      return Problem.of(
              500, "defect", "Internal Server Error", "The sweep failed; the log says why.")
          .response();
    }
  }

  /// The sweep that is running, or the last one.
  @GET
  public Response state() {
    return Response.ok(rounds.state()).build();
  }
}
