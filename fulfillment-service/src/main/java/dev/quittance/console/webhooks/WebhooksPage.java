package dev.quittance.console.webhooks;

import dev.quittance.access.Needs;
import dev.quittance.access.Role;
import dev.quittance.console.Panels;
import dev.quittance.console.webhooks.WebhooksModel.Shown;
import dev.quittance.fulfillment.access.PageFrame;
import dev.quittance.fulfillment.clients.IngestClient;
import dev.quittance.fulfillment.clients.IngestClient.Deliveries;
import dev.quittance.fulfillment.clients.IngestClient.EndpointList;
import dev.quittance.fulfillment.clients.ServiceReply;
import dev.quittance.fulfillment.persistence.Audit;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// The endpoints for providers: which there are, what came in, and whether they work. All of it is
/// ingest-service's to say.
@Path("/console/webhooks")
@Produces("text/html; charset=utf-8")
@Blocking // a method that returns a template is otherwise thought not to wait for anything
public class WebhooksPage {

  /// A look; what follows on the page should not have to be searched for.
  private static final int DELIVERIES_MAX = 30;

  /// As endpoints and outcomes are named.
  private static final Pattern WORD = Pattern.compile("[a-z0-9_-]{1,64}");

  private final IngestClient ingest;
  private final Checklist checklist;
  private final Audit audit;
  private final PageFrame shell;
  private final String webhooksUrl;

  WebhooksPage(
      IngestClient ingest,
      Checklist checklist,
      Audit audit,
      PageFrame shell,
      @ConfigProperty(name = "quittance.console.webhooks-url") String webhooksUrl) {
    this.ingest = ingest;
    this.checklist = checklist;
    this.audit = audit;
    this.shell = shell;
    this.webhooksUrl =
        webhooksUrl.endsWith("/")
            ? webhooksUrl.substring(0, webhooksUrl.length() - 1)
            : webhooksUrl;
  }

  @GET
  public Response show(
      @QueryParam("endpoint") @Nullable String endpoint,
      @QueryParam("outcome") @Nullable String outcome) {
    String ofEndpoint = Objects.requireNonNullElse(endpoint, "");
    String withOutcome = Objects.requireNonNullElse(outcome, "");
    return isWord(ofEndpoint) && isWord(withOutcome)
        ? page(200, ofEndpoint, withOutcome, null, "")
        : page(400, "", "", null, "There is no endpoint or outcome of that name.");
  }

  /// Delivers a signed sample. Nothing follows from it.
  @POST
  @Path("/{endpoint}/test")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response test(@PathParam("endpoint") String endpoint) throws SQLException {
    if (!WORD.matcher(endpoint).matches()) {
      throw new NotFoundException();
    }
    long entry = audit.begin(shell.person(), "endpoint.tested", endpoint, "");
    return switch (ingest.test(endpoint)) {
      case ServiceReply.Got<IngestClient.Trial>(var trial) -> {
        audit.end(entry, "answered " + trial.answer().status());
        yield page(200, "", "", WebhooksModel.shown(endpoint, trial), "");
      }
      case ServiceReply.Refused<IngestClient.Trial>(var status, _, var sentence) -> {
        audit.end(entry, "refused");
        yield page(status == 404 ? 404 : 502, "", "", null, sentence);
      }
      case ServiceReply.Away<IngestClient.Trial>(var sentence) -> {
        audit.end(entry, "unknown");
        yield page(503, "", "", null, sentence);
      }
    };
  }

  /// The points that can be seen from here, looked at anew.
  @GET
  @Path("/checklist")
  public TemplateInstance checklist(@HeaderParam("HX-Request") @Nullable String htmx) {
    return Panels.of("Going live", htmx, Templates.checklist(checklist.look()));
  }

  private Response page(
      int status, String endpoint, String outcome, @Nullable Shown shown, String problem) {
    return Response.status(status)
        .entity(Templates.webhooks(model(endpoint, outcome), shown, problem, webhooksUrl).render())
        .build();
  }

  private WebhooksModel model(String endpoint, String outcome) {
    return switch (ingest.endpoints()) {
      case ServiceReply.Got<EndpointList>(var list) ->
          switch (ingest.deliveries(
              endpoint.isEmpty() ? null : endpoint,
              outcome.isEmpty() ? null : outcome,
              DELIVERIES_MAX)) {
            case ServiceReply.Got<Deliveries>(var deliveries) ->
                WebhooksModel.of(list.endpoints(), deliveries, webhooksUrl, endpoint, outcome);
            case ServiceReply.Refused<Deliveries>(_, _, var sentence) ->
                WebhooksModel.away(sentence);
            case ServiceReply.Away<Deliveries>(var sentence) -> WebhooksModel.away(sentence);
          };
      case ServiceReply.Refused<EndpointList>(_, _, var sentence) -> WebhooksModel.away(sentence);
      case ServiceReply.Away<EndpointList>(var sentence) -> WebhooksModel.away(sentence);
    };
  }

  private static boolean isWord(String text) {
    return text.isEmpty() || WORD.matcher(text).matches();
  }

  @CheckedTemplate(basePath = "console/webhooks", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance webhooks(
        WebhooksModel model, @Nullable Shown shown, String problem, String webhooksUrl);

    static native TemplateInstance checklist(List<Checklist.Point> points);
  }
}
