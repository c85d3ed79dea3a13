package dev.quittance.ingest.operator;

import dev.quittance.access.Problem;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.provider.Providers;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// The endpoints: to see, and to try out.
@Path("/endpoints")
@Produces(MediaType.APPLICATION_JSON)
public final class EndpointsResource {

  private static final Logger LOG = Logger.getLogger(EndpointsResource.class);

  private final Endpoints endpoints;
  private final Providers providers;
  private final EndpointTester tester;

  EndpointsResource(Endpoints endpoints, Providers providers, EndpointTester tester) {
    this.endpoints = endpoints;
    this.providers = providers;
    this.tester = tester;
  }

  /// All of them, by name.
  record EndpointList(List<EndpointView> endpoints) {}

  @GET
  public Response list() {
    List<EndpointView> views =
        endpoints.all().stream()
            .sorted((one, other) -> one.name().compareTo(other.name()))
            .map(endpoint ->
                EndpointView.of(endpoint, providers.of(endpoint), endpoints.published()))
            .toList();
    return Response.ok(new EndpointList(views)).build();
  }

  @POST
  @Path("/{name}/test")
  @RunOnVirtualThread
  public Response test(
      @PathParam("name") String name,
      @Context HttpServerRequest request,
      @Context SecurityContext caller)
      throws InterruptedException {
    Optional<Endpoint> endpoint = endpoints.named(name);
    if (endpoint.isEmpty()) {
      return Problem.of(404, "no_such_endpoint", "Not Found", "There is no such endpoint.")
          .response();
    }
    if (request.isSSL()) {
      return Problem.of(
              409,
              "test_over_http_only",
              "Conflict",
              "The tester speaks plain HTTP with its own service. Ask for it by the service's own"
                  + " port, where TLS ends before it.")
          .response();
    }
    LOG.infof(
        "endpoint.test_asked endpoint=%s by=%s",
        endpoint.get().name(), caller.getUserPrincipal().getName());
    try {
      return Response.ok(
              tester.run(
                  providers.of(endpoint.get()),
                  endpoint.get(),
                  request.localAddress().hostAddress(),
                  request.localAddress().port()))
          .build();
    } catch (IOException e) {
      return Problem.of(
              504,
              "no_answer",
              "Gateway Timeout",
              "The endpoint didn't answer; the log may say why.")
          .response();
    }
  }
}
