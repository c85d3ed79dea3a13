package dev.quittance.receipts.api;

import dev.quittance.receipts.store.DatabaseAway;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Turns whatever goes wrong into a problem document; never a stack trace.
public class Problems {

  private static final Logger LOG = Logger.getLogger("dev.quittance.receipts");

  @ServerExceptionMapper
  public Response refused(WebApplicationException refusal) {
    Response.StatusType status = refusal.getResponse().getStatusInfo();
    return Problem.response(status, status.getReasonPhrase() + ".");
  }

  @ServerExceptionMapper
  public Response badRequest(BadRequest bad) {
    return Problem.response(Response.Status.BAD_REQUEST, bad.detail());
  }

  @ServerExceptionMapper
  public Response later(DatabaseAway away) {
    LOG.warn("api.waiting cause=database", away);
    return Problem.response(
        Response.Status.SERVICE_UNAVAILABLE, "The database is away; try again in a moment.");
  }

  @ServerExceptionMapper
  public Response defect(RuntimeException defect) {
    LOG.error("api.failing", defect);
    return Problem.response(
        Response.Status.INTERNAL_SERVER_ERROR, "Something went wrong here. It was logged.");
  }
}
