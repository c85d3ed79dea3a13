package dev.quittance.sandbox.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Answers refusals, and bodies that aren't JSON, as problem details.
final class RefusalAnswer {

  @ServerExceptionMapper
  Response refusal(Refusal refusal) {
    return answer(
        refusal.status(), refusal.title(), String.valueOf(refusal.getMessage()), refusal.members());
  }

  @ServerExceptionMapper
  Response refusedByTheServer(WebApplicationException refused) {
    Response plain = refused.getResponse();
    boolean unreadable = refused.getCause() instanceof JsonProcessingException;
    return switch (plain.getStatusInfo().getFamily()) {
      case CLIENT_ERROR, SERVER_ERROR ->
          answer(
              plain.getStatus(),
              plain.getStatusInfo().getReasonPhrase(),
              unreadable
                  ? "The body isn't the JSON that is expected here."
                  : "The sandbox can't serve this request.",
              Map.of());
      case INFORMATIONAL, SUCCESSFUL, REDIRECTION, OTHER -> plain;
    };
  }

  private static Response answer(
      int status, String title, String detail, Map<String, Object> members) {
    var problem = new LinkedHashMap<String, Object>();
    problem.put("title", title);
    problem.put("status", status);
    problem.put("detail", detail);
    problem.putAll(members);
    return Response.status(status).type("application/problem+json").entity(problem).build();
  }
}
