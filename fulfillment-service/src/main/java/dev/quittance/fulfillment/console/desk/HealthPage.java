package dev.quittance.fulfillment.console.desk;

import dev.quittance.deadletters.DeadLetterDesk;
import dev.quittance.deadletters.DeskUnavailable;
import dev.quittance.deadletters.LetterFilter;
import dev.quittance.fulfillment.broker.BrokersAway;
import dev.quittance.fulfillment.broker.Cluster;
import dev.quittance.fulfillment.broker.Cluster.Lag;
import dev.quittance.fulfillment.console.desk.HealthModel.Group;
import dev.quittance.fulfillment.console.desk.HealthModel.Hop;
import dev.quittance.fulfillment.console.desk.HealthModel.Waiting;
import dev.quittance.fulfillment.neighbor.IngestService;
import dev.quittance.fulfillment.neighbor.ReceiptService;
import dev.quittance.fulfillment.neighbor.Reply;
import dev.quittance.fulfillment.store.Inspections;
import dev.quittance.inboxoutbox.Inspection;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How everything is. Each part of the page is asked for by itself, and says so when it can't be
/// known: what is away takes nothing else with it.
@Path("/console/health")
@Produces("text/html; charset=utf-8")
@Blocking // a method that returns a template is otherwise thought not to wait for anything
public class HealthPage {

  private static final Logger LOG = LoggerFactory.getLogger(HealthPage.class);
  private static final String OURSELVES = "fulfillment-service";

  private final Cluster cluster;
  private final Inspections inspections;
  private final IngestService ingest;
  private final ReceiptService receipts;
  private final DeadLetterDesk letters;
  private final Clock clock;

  HealthPage(
      Cluster cluster,
      Inspections inspections,
      IngestService ingest,
      ReceiptService receipts,
      DeadLetterDesk letters,
      Clock clock) {
    this.cluster = cluster;
    this.inspections = inspections;
    this.ingest = ingest;
    this.receipts = receipts;
    this.letters = letters;
    this.clock = clock;
  }

  @GET
  public TemplateInstance show() {
    return Templates.health(
        List.of(
            new HealthModel.Panel("services", "Services"),
            new HealthModel.Panel("brokers", "Brokers"),
            new HealthModel.Panel("lag", "Backlog by consumer group"),
            new HealthModel.Panel("outbox", "Outbox (waiting to be published)"),
            new HealthModel.Panel("letters", "Failed messages"),
            new HealthModel.Panel("ledger", "Message balance")));
  }

  @GET
  @Path("/services")
  public TemplateInstance services(@HeaderParam("HX-Request") @Nullable String htmx) {
    boolean database = true;
    try {
      inspections.now();
    } catch (SQLException e) {
      LOG.warn("health.database sqlState={}", e.getSQLState());
      database = false;
    }
    return Panels.of(
        "Services",
        htmx,
        Templates.services(
            List.of(
                HealthModel.Service.of("ingest-service", ingest.ready(), "takes webhooks"),
                HealthModel.Service.of(OURSELVES, true, "this service"),
                HealthModel.Service.of(
                    "database of fulfillment-service", database, "orders, ledger and outbox"),
                HealthModel.Service.of("receipt-service", receipts.ready(), "sends receipts"))));
  }

  @GET
  @Path("/brokers")
  public TemplateInstance brokers(@HeaderParam("HX-Request") @Nullable String htmx) {
    TemplateInstance content;
    try {
      content = Templates.brokers(cluster.state(), "");
    } catch (BrokersAway e) {
      content = Templates.brokers(null, String.valueOf(e.getMessage()));
    }
    return Panels.of("Brokers", htmx, content);
  }

  @GET
  @Path("/lag")
  public TemplateInstance lag(@HeaderParam("HX-Request") @Nullable String htmx) {
    TemplateInstance content;
    try {
      content = Templates.lag(Group.of(cluster.lags()), "");
    } catch (BrokersAway e) {
      content = Templates.lag(List.of(), String.valueOf(e.getMessage()));
    }
    return Panels.of("Backlog by consumer group", htmx, content);
  }

  @GET
  @Path("/outbox")
  public TemplateInstance outbox(@HeaderParam("HX-Request") @Nullable String htmx) {
    return Panels.of(
        "Outbox (waiting to be published)",
        htmx,
        Templates.outbox(
            List.of(
                Waiting.of(OURSELVES, own(), clock.instant()),
                Waiting.of("receipt-service", receiptsInspection(), clock.instant()))));
  }

  @GET
  @Path("/letters")
  public TemplateInstance letters(@HeaderParam("HX-Request") @Nullable String htmx) {
    TemplateInstance content;
    try {
      int open = letters.list(LetterFilter.OPEN, 1, null).total();
      content = Templates.open(Words.number(open), open == 0, "");
    } catch (DeskUnavailable e) {
      content = Templates.open("", false, String.valueOf(e.getMessage()));
    }
    return Panels.of("Failed messages", htmx, content);
  }

  @GET
  @Path("/ledger")
  public TemplateInstance ledger(@HeaderParam("HX-Request") @Nullable String htmx) {
    List<Lag> lags = null;
    String trouble = "";
    try {
      lags = cluster.lags();
    } catch (BrokersAway e) {
      trouble = e.getMessage() + " What is in flight is therefore unknown.";
    }
    var hops = new ArrayList<Hop>();
    hops.addAll(Hop.of("quittance-fulfillment", OURSELVES, own(), lags));
    hops.addAll(Hop.of("quittance-receipts", "receipt-service", receiptsInspection(), lags));
    return Panels.of("Message balance", htmx, Templates.ledger(hops, trouble));
  }

  private Reply<Inspection> own() {
    try {
      return new Reply.Got<>(inspections.now());
    } catch (SQLException e) {
      LOG.warn("health.database sqlState={}", e.getSQLState());
      return new Reply.Away<>("The database can't be reached right now.");
    }
  }

  private Reply<Inspection> receiptsInspection() {
    return receipts.inspection();
  }

  @CheckedTemplate(basePath = "desk", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance health(List<HealthModel.Panel> panels);

    static native TemplateInstance services(List<HealthModel.Service> services);

    static native TemplateInstance brokers(Cluster.@Nullable State state, String trouble);

    static native TemplateInstance lag(List<Group> groups, String trouble);

    static native TemplateInstance outbox(List<Waiting> waiting);

    static native TemplateInstance open(String count, boolean none, String trouble);

    static native TemplateInstance ledger(List<Hop> hops, String trouble);
  }
}
