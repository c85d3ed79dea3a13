package dev.quittance.access;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Turns everything that goes wrong into a problem document: never a stack trace.
public final class Problems {

  private static final Logger LOG = Logger.getLogger(Problems.class);

  private static final Problem DATABASE_AWAY =
      Problem.of(503, "database_unavailable", "The database can't be reached right now.");

  /// A database that comes back does so within seconds.
  private static final int RETRY_AFTER_SECONDS = 5;

  /// What was found wrong with a request.
  @ServerExceptionMapper
  public Response refused(RefusedRequest refused) {
    return refused.problem().response();
  }

  /// Who was stopped by [AccessFilter].
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

  /// A database that is away. Its own words repeat values of rows and parameters: its code says
  /// enough.
  @ServerExceptionMapper
  public Response databaseAway(SQLException away) {
    LOG.warnf(
        "api.waiting cause=database sqlState=%s",
        Objects.requireNonNullElse(away.getSQLState(), "unknown"));
    return DATABASE_AWAY.response(RETRY_AFTER_SECONDS);
  }

  /// A database that is away, in the words of what lies between, or else a defect of ours.
  @ServerExceptionMapper
  public Response unforeseen(RuntimeException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException away) {
        return databaseAway(away);
      }
    }
    LOG.error("request.failed", e);
    return Problem.of(500, "defect", "Internal Server Error", "Something is wrong on our side.")
        .response();
  }

  private static String code(String title) {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_");
  }
}
