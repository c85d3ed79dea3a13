package dev.quittance.sandbox.api;

import dev.quittance.sandbox.problem.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// `POST /faults` breaks Stripe's API, `DELETE /faults` mends it.
@Path("/faults")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public final class FaultsResource {

  private final Faults faults;

  @Inject
  FaultsResource(Faults faults) {
    this.faults = faults;
  }

  /// What is broken.
  @GET
  public Broken list() {
    return new Broken(faults.all());
  }

  /// Breaks something more.
  @POST
  public Response add(@Nullable Fault fault) {
    if (fault == null) {
      throw Refusal.badRequest("Say what is to go wrong, like {\"status\": 429}.");
    }
    return Response.status(Response.Status.CREATED).entity(faults.add(fault)).build();
  }

  /// Mends one.
  @DELETE
  @Path("/{id}")
  public void remove(@RestPath String id) {
    if (!faults.remove(id)) {
      throw Refusal.notFound("There is no fault " + id + ".");
    }
  }

  /// Mends all.
  @DELETE
  public void clear() {
    faults.clear();
  }

  /// What is broken.
  public record Broken(List<Fault> faults) {}
}
