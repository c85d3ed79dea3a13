package dev.quittance.console.health;

import dev.quittance.console.Labels;
import dev.quittance.console.Panels;
import dev.quittance.console.health.HealthModel.Group;
import dev.quittance.console.health.HealthModel.Hop;
import dev.quittance.console.health.HealthModel.Waiting;
import dev.quittance.fulfillment.broker.BrokersUnavailable;
import dev.quittance.fulfillment.broker.KafkaStatus;
import dev.quittance.fulfillment.broker.KafkaStatus.Lag;
import dev.quittance.fulfillment.clients.IngestClient;
import dev.quittance.fulfillment.clients.ReceiptClient;
import dev.quittance.fulfillment.clients.ServiceReply;
import dev.quittance.fulfillment.persistence.Inspections;
import dev.quittance.messaging.deadletter.BrokerUnavailable;
import dev.quittance.messaging.deadletter.DeadLetterFilter;
import dev.quittance.messaging.deadletter.DeadLetterService;
import dev.quittance.messaging.outbox.Inspection;
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

  private final KafkaStatus cluster;
  private final Inspections inspections;
  private final IngestClient ingest;
  private final ReceiptClient receipts;
  private final DeadLetterService deadLetters;
  private final Clock clock;

  HealthPage(
      KafkaStatus cluster,
      Inspections inspections,
      IngestClient ingest,
      ReceiptClient receipts,
      DeadLetterService deadLetters,
      Clock clock) {
    this.cluster = cluster;
    this.inspections = inspections;
    this.ingest = ingest;
    this.receipts = receipts;
    this.deadLetters = deadLetters;
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
    } catch (BrokersUnavailable e) {
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
    } catch (BrokersUnavailable e) {
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
      int open = deadLetters.list(DeadLetterFilter.OPEN, 1, null).total();
      content = Templates.open(Labels.number(open), open == 0, "");
    } catch (BrokerUnavailable e) {
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
    } catch (BrokersUnavailable e) {
      trouble = e.getMessage() + " What is in flight is therefore unknown.";
    }
    var hops = new ArrayList<Hop>();
    hops.addAll(Hop.of("quittance-fulfillment", OURSELVES, own(), lags));
    hops.addAll(Hop.of("quittance-receipts", "receipt-service", receiptsInspection(), lags));
    return Panels.of("Message balance", htmx, Templates.ledger(hops, trouble));
  }

  private ServiceReply<Inspection> own() {
    try {
      return new ServiceReply.Got<>(inspections.now());
    } catch (SQLException e) {
      LOG.warn("health.database sqlState={}", e.getSQLState());
      return new ServiceReply.Away<>("The database can't be reached right now.");
    }
  }

  private ServiceReply<Inspection> receiptsInspection() {
    return receipts.inspection();
  }

  @CheckedTemplate(basePath = "console/health", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance health(List<HealthModel.Panel> panels);

    static native TemplateInstance services(List<HealthModel.Service> services);

    static native TemplateInstance brokers(KafkaStatus.@Nullable State state, String trouble);

    static native TemplateInstance lag(List<Group> groups, String trouble);

    static native TemplateInstance outbox(List<Waiting> waiting);

    static native TemplateInstance open(String count, boolean none, String trouble);

    static native TemplateInstance ledger(List<Hop> hops, String trouble);
  }
}
