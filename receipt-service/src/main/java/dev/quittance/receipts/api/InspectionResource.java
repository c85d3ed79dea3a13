package dev.quittance.receipts.api;

import dev.quittance.contracts.WireFormat;
import dev.quittance.receipts.persistence.Inspections;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// What was taken in and what waits to go out: counts, and nothing of anybody.
@Path("/inspection")
@Produces(MediaType.APPLICATION_JSON)
public class InspectionResource {

  private final Inspections inspections;

  InspectionResource(Inspections inspections) {
    this.inspections = inspections;
  }

  @GET
  @Operation(summary = "The ledger of what was taken in, and how much waits in the outbox")
  public Response now() {
    return Response.ok(WireFormat.write(inspections.now())).build();
  }
}
