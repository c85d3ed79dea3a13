package dev.quittance.access;

import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/// `GET /readiness`: whether the service does its work, for those who may look. The probes have a
/// port of their own, which only the machine and the cluster reach.
@Path("/readiness")
@Produces(MediaType.APPLICATION_JSON)
public class Readiness {

  private final SmallRyeHealthReporter health;

  Readiness(SmallRyeHealthReporter health) {
    this.health = health;
  }

  /// What the readiness probe is told: 200 where it is ready, else 503 and what is down.
  ///
  /// On a thread that may wait, as [AccessFilter] does before it where sessions are in a database.
  @GET
  public Response now() {
    SmallRyeHealth state = health.getReadiness();
    return Response.status(state.isDown() ? 503 : 200)
        .entity(state.getPayload().toString())
        .build();
  }
}
