package dev.quittance.ingest.replay;

import dev.quittance.access.Problem;
import dev.quittance.contracts.Topic;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// ReplayWebhooks by hand: `POST /replay?from=…&to=…`, `GET` for how far it is, `DELETE` to end it.
/// A replay of what was translated rightly changes nothing.
@Path("/replay")
@Produces(MediaType.APPLICATION_JSON)
public final class ReplayResource {

  /// As endpoints' names and event ids are made, and longer than any: what else is asked for is
  /// nobody's, and could make up lines of the log.
  private static final Pattern TEXT = Pattern.compile("[ -~]{1,330}");

  /// Years have four digits; brokers count milliseconds, which the last of Java's times have too
  /// many of.
  private static final Instant TIMES_END = Instant.parse("9999-12-31T00:00:00Z");

  private final ReplayWebhooks replays;
  private final Clock clock;

  ReplayResource(ReplayWebhooks replays, Clock clock) {
    this.replays = replays;
    this.clock = clock;
  }

  /// @param from optional where an event is named
  /// @param to optional: now
  /// @return 202 and how far it is; 409 while another runs
  @POST
  @RunOnVirtualThread
  public Response begin(
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("endpoint") @Nullable String endpoint,
      @QueryParam("event") @Nullable String event,
      @Context SecurityContext caller) {
    Instant now = clock.instant();
    var range =
        new ReplayRange(
            from == null && event != null ? now.minus(Topic.RETENTION) : moment("from", from),
            to == null ? now : moment("to", to),
            text("endpoint", endpoint),
            text("event", event));
    if (!range.from().isBefore(range.to())) {
      throw Problem.badRequest("from is before to.");
    }
    return replays.begin(range, caller.getUserPrincipal().getName())
        ? Response.accepted(replays.state()).build()
        : Problem.of(
                409, "replay_running", "Conflict", "A replay is running; wait, or end it first.")
            .response();
  }

  /// The replay that runs, or that ran last.
  @GET
  public Response state() {
    return Response.ok(replays.state()).build();
  }

  /// Ends the replay that runs.
  @DELETE
  @RunOnVirtualThread
  public Response cancel(@Context SecurityContext caller) throws InterruptedException {
    replays.cancel(caller.getUserPrincipal().getName());
    return Response.ok(replays.state()).build();
  }

  private static Instant moment(String name, @Nullable String text) {
    try {
      if (text != null) {
        Instant moment = OffsetDateTime.parse(text).toInstant();
        if (!moment.isBefore(Instant.EPOCH) && moment.isBefore(TIMES_END)) {
          return moment;
        }
      }
    } catch (DateTimeException _) {
      // below, like one that is missing
    }
    throw Problem.badRequest(name + " is a moment like 2026-11-20T00:00:00Z.");
  }

  private static @Nullable String text(String name, @Nullable String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    if (!TEXT.matcher(value).matches()) {
      throw Problem.badRequest(name + " has at most 330 characters, of printable ASCII.");
    }
    return value;
  }
}
