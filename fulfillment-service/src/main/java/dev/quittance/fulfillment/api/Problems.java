package dev.quittance.fulfillment.api;

import dev.quittance.access.Problem;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns an absent database into a problem document.
final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  /// A database that comes back does so within seconds.
  private static final int RETRY_AFTER_SECONDS = 5;

  @ServerExceptionMapper({SQLException.class, PersistenceException.class})
  Response databaseAway(Exception e) {
    LOG.warn("request.failed cause={}", e.getClass().getSimpleName());
    return Response.fromResponse(
            Problem.of(503, "database_unavailable", "The orders can't be reached right now.")
                .response())
        .header("Retry-After", RETRY_AFTER_SECONDS)
        .build();
  }
}
