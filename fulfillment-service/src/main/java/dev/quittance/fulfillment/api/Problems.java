package dev.quittance.fulfillment.api;

import dev.quittance.fulfillment.door.NotLetIn;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Locale;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns everything that goes wrong into a problem document: never a stack trace.
final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  /// A database that comes back does so within seconds.
  private static final int RETRY_AFTER_SECONDS = 5;

  @ServerExceptionMapper
  Response refused(RefusedRequest refused) {
    return refused.problem().response();
  }

  @ServerExceptionMapper
  Response notLetIn(NotLetIn refused) {
    Response problem = Problem.of(refused.status(), refused.code(), refused.sentence()).response();
    return refused.status() == 401
        ? Response.fromResponse(problem).header("WWW-Authenticate", "Bearer").build()
        : problem;
  }

  @ServerExceptionMapper
  Response http(WebApplicationException e) {
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

  @ServerExceptionMapper({SQLException.class, PersistenceException.class})
  Response databaseAway(Exception e) {
    LOG.warn("request.failed cause={}", e.getClass().getSimpleName());
    return Response.fromResponse(
            Problem.of(503, "database_unavailable", "The orders can't be reached right now.")
                .response())
        .header("Retry-After", RETRY_AFTER_SECONDS)
        .build();
  }

  @ServerExceptionMapper
  Response defect(RuntimeException e) {
    LOG.error("request.failed", e);
    return Problem.of(500, "defect", "Something is wrong on our side.").response();
  }

  private static String code(String title) {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_");
  }
}
