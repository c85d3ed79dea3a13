package dev.quittance.access;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Turns everything that goes wrong into a problem document: never a stack trace. What only one
/// service knows of, it maps itself.
public final class Problems {

  private static final Logger LOG = Logger.getLogger(Problems.class);

  /// What was found wrong with a request.
  @ServerExceptionMapper
  public Response refused(RefusedRequest refused) {
    return refused.problem().response();
  }

  /// Who was stopped at the gate.
  @ServerExceptionMapper
  public Response denied(AccessDenied denied) {
    Response problem = denied.problem().response();
    return problem.getStatus() == 401
        ? Response.fromResponse(problem).header("WWW-Authenticate", "Bearer").build()
        : problem;
  }

  /// What the framework refuses.
  @ServerExceptionMapper
  public Response http(WebApplicationException e) {
    Response given = e.getResponse();
    int status = given.getStatus();
    if (status < 400) {
      return given;
    }
    String title = given.getStatusInfo().getReasonPhrase();
    Response.ResponseBuilder problem =
        Response.fromResponse(Problem.of(status, code(title), title).response());
    String allow = given.getHeaderString("Allow");
    return allow == null ? problem.build() : problem.header("Allow", allow).build();
  }

  /// A defect of ours.
  @ServerExceptionMapper
  public Response defect(RuntimeException e) {
    LOG.error("request.failed", e);
    return Problem.of(500, "defect", "Internal Server Error", "Something is wrong on our side.")
        .response();
  }

  private static String code(String title) {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_");
  }
}
