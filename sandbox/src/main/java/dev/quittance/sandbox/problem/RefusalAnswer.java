package dev.quittance.sandbox.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.quittance.sandbox.page.Pages;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Answers refusals, and bodies that aren't JSON: as a page for browsers, as problem details for
/// programs.
final class RefusalAnswer {

  @ServerExceptionMapper
  Response refusal(Refusal refusal, HttpHeaders headers) {
    return answer(
        headers,
        refusal.status(),
        refusal.title(),
        String.valueOf(refusal.getMessage()),
        refusal.members());
  }

  @ServerExceptionMapper
  Response refusedByTheServer(WebApplicationException refused, HttpHeaders headers) {
    Response plain = refused.getResponse();
    String why =
        refused.getCause() instanceof JsonProcessingException unreadable
            ? unreadable.getCause() instanceof Refusal refusal
                ? String.valueOf(refusal.getMessage())
                : "The body isn't the JSON that is expected here."
            : "The sandbox can't serve this request.";
    return switch (plain.getStatusInfo().getFamily()) {
      case CLIENT_ERROR, SERVER_ERROR ->
          answer(
              headers, plain.getStatus(), plain.getStatusInfo().getReasonPhrase(), why, Map.of());
      case INFORMATIONAL, SUCCESSFUL, REDIRECTION, OTHER -> plain;
    };
  }

  private static Response answer(
      HttpHeaders headers, int status, String title, String detail, Map<String, Object> members) {
    if (Pages.wanted(headers)) {
      return Pages.page(status, Templates.refused(title, detail));
    }
    var problem = new LinkedHashMap<String, Object>();
    problem.put("title", title);
    problem.put("status", status);
    problem.put("detail", detail);
    problem.putAll(members);
    return Response.status(status).type("application/problem+json").entity(problem).build();
  }

  @CheckedTemplate(basePath = "", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance refused(String title, String detail);
  }
}
