package dev.quittance.receipts.api;

import dev.quittance.access.Problem;
import dev.quittance.receipts.store.DatabaseAway;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Turns an absent database into a problem document.
public class Problems {

  private static final Logger LOG = Logger.getLogger("dev.quittance.receipts");

  /// A database that comes back does so within seconds.
  private static final int RETRY_AFTER_SECONDS = 5;

  /// The database's own words repeat values of rows and parameters: its code says enough. Lists are
  /// read by Hibernate, which has an exception of its own.
  @ServerExceptionMapper({DatabaseAway.class, PersistenceException.class})
  public Response later(RuntimeException away) {
    LOG.warnf("api.waiting cause=database sqlState=%s", DatabaseAway.sqlState(away));
    return Response.fromResponse(
            Problem.of(
                    503,
                    "database_unavailable",
                    "Service Unavailable",
                    "The database is away; try again in a moment.")
                .response())
        .header("Retry-After", RETRY_AFTER_SECONDS)
        .build();
  }
}
