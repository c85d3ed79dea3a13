package dev.quittance.console;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/// Where the console begins.
@Path("/console")
public class Start {

  @GET
  public Response start() {
    return Response.seeOther(URI.create("/console/transactions")).build();
  }
}
