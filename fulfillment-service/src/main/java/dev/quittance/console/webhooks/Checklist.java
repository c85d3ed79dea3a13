package dev.quittance.console.webhooks;

import dev.quittance.console.Labels;
import dev.quittance.fulfillment.broker.BrokersUnavailable;
import dev.quittance.fulfillment.broker.KafkaStatus;
import dev.quittance.fulfillment.clients.IngestClient;
import dev.quittance.fulfillment.clients.IngestClient.Deliveries;
import dev.quittance.fulfillment.clients.IngestClient.Delivery;
import dev.quittance.fulfillment.clients.IngestClient.Endpoint;
import dev.quittance.fulfillment.clients.ReceiptClient;
import dev.quittance.fulfillment.clients.ServiceReply;
import dev.quittance.fulfillment.persistence.OrderQueries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has to be in order before real money comes. What can be seen from here is ticked by
/// looking, the rest is for people.
@ApplicationScoped
public class Checklist {

  /// With fewer replicas a broker that is lost takes acknowledged events with it.
  private static final int REPLICATION_MIN = 3;

  private static final int DELIVERIES_SEEN = 200;

  private static final String TEST_TYPE = "quittance.test";

  private static final String STORED = "Orders rest on its webhooks.";

  private static final Logger LOG = LoggerFactory.getLogger(Checklist.class);

  private final IngestClient ingest;
  private final ReceiptClient receipts;
  private final KafkaStatus cluster;
  private final String webhooksUrl;
  private final boolean loopbackOperator;
  private final boolean users;
  private final OrderQueries orders;

  Checklist(
      OrderQueries orders,
      IngestClient ingest,
      ReceiptClient receipts,
      KafkaStatus cluster,
      @ConfigProperty(name = "quittance.console.webhooks-url") String webhooksUrl,
      @ConfigProperty(name = "quittance.loopback-operator") boolean loopbackOperator,
      @ConfigProperty(name = "quittance.console.users") Optional<String> users,
      @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean provider) {
    this.orders = orders;
    this.ingest = ingest;
    this.receipts = receipts;
    this.cluster = cluster;
    this.webhooksUrl = webhooksUrl;
    this.loopbackOperator = loopbackOperator;
    this.users = provider || users.filter(file -> !file.isBlank()).isPresent();
  }

  /// How a point stands.
  enum CheckStatus {
    DONE("good", "done"),
    OPEN("bad", "open"),
    /// What would know is away.
    UNKNOWN("wait", "unknown"),
    /// Only people know.
    BY_HAND("", "by hand");

    private final String tone;
    private final String word;

    CheckStatus(String tone, String word) {
      this.tone = tone;
      this.word = word;
    }
  }

  /// One point.
  ///
  /// @param detail what was seen, or what to do
  public record Point(String what, String detail, String tone, String word) {

    static Point of(String what, boolean done, String detail) {
      return of(what, done ? CheckStatus.DONE : CheckStatus.OPEN, detail);
    }

    static Point of(String what, CheckStatus status, String detail) {
      return new Point(what, detail, status.tone, status.word);
    }
  }

  List<Point> look() {
    var points = new ArrayList<Point>();
    endpoints(points);
    deliveries(points);
    brokers(points);
    points.add(
        Point.of(
            "Webhooks come over TLS",
            webhooksUrl.startsWith("https://"),
            webhooksUrl.startsWith("https://")
                ? webhooksUrl
                : "QUITTANCE_CONSOLE_WEBHOOKS_URL is "
                    + webhooksUrl
                    + ", which providers won't take."));
    points.add(
        Point.of(
            "People sign in with names of their own",
            users,
            users
                ? "By a file of users, or an OpenID provider."
                : "Set QUITTANCE_CONSOLE_USERS, or connect an OpenID provider."));
    points.add(
        Point.of(
            "Local sign-in bypass is off",
            users || !loopbackOperator,
            users || !loopbackOperator ? "" : "Set QUITTANCE_LOOPBACK_OPERATOR=false."));
    points.add(
        Point.of(
            "receipt-service is ready",
            receipts.ready(),
            "Its own readiness; whether the mail server delivers shows with the first receipt."));
    byHand(points);
    return points;
  }

  private void endpoints(List<Point> points) {
    String live = "An endpoint takes live payments, and no test ones";
    String secrets = "Signing secrets are your own";
    String key = "Stripe's API can be asked";
    if (!(ingest.endpoints() instanceof ServiceReply.Got<IngestClient.EndpointList>(var list))) {
      for (String what : List.of(live, secrets, key)) {
        points.add(Point.of(what, CheckStatus.UNKNOWN, "ingest-service doesn't answer right now."));
      }
      return;
    }
    List<Endpoint> endpoints = list.endpoints();
    points.add(
        Point.of(
            live,
            endpoints.stream().anyMatch(endpoint -> endpoint.mode().equals("live"))
                && endpoints.stream().noneMatch(endpoint -> endpoint.mode().equals("any")),
            named(endpoints, endpoint -> !endpoint.mode().equals("live"), "not in live mode: ")));
    points.add(
        Point.of(
            secrets,
            endpoints.stream().noneMatch(Endpoint::publishedSecrets),
            named(endpoints, Endpoint::publishedSecrets, "with secrets that everybody knows: ")));
    for (Endpoint endpoint : endpoints) {
      if (!endpoint.only().isEmpty()) {
        points.add(
            Point.of(
                "Payments for " + endpoint.name() + " say so in their metadata",
                CheckStatus.BY_HAND,
                "Taken are only those with "
                    + String.join(", ", endpoint.only())
                    + "; all others of the account are ignored."));
      }
      if (!endpoint.eventsToRegister().isEmpty()) {
        points.add(
            Point.of(
                "The provider sends " + endpoint.name() + " all that its settings need",
                CheckStatus.BY_HAND,
                "Registered there: " + String.join(", ", endpoint.eventsToRegister())));
      }
    }
    if (endpoints.stream().anyMatch(endpoint -> !endpoint.apiAccess().equals("none"))) {
      points.add(
          Point.of(
              key,
              endpoints.stream().noneMatch(endpoint -> endpoint.apiAccess().equals("no_key")),
              named(
                  endpoints,
                  endpoint -> endpoint.apiAccess().equals("no_key"),
                  "without a key, so without line items, missed events and refunds: ")));
    }
  }

  private static String named(
      List<Endpoint> endpoints, Predicate<Endpoint> which, String sentence) {
    String names = String.join(", ", endpoints.stream().filter(which).map(Endpoint::name).toList());
    return names.isEmpty() ? "" : sentence + names;
  }

  private void deliveries(List<Point> points) {
    String arrived = "The provider has delivered a webhook";
    String refused = "No webhook was refused for its signature";
    boolean counted = false;
    try {
      counted = orders.restOnWebhooks();
    } catch (PersistenceException e) {
      LOG.warn("checklist.database cause={}", e.getClass().getSimpleName());
    }
    if (!(ingest.deliveries(null, null, DELIVERIES_SEEN)
        instanceof ServiceReply.Got<Deliveries>(var deliveries))) {
      points.add(
          counted
              ? Point.of(arrived, CheckStatus.DONE, STORED)
              : Point.of(arrived, CheckStatus.UNKNOWN, "ingest-service doesn't answer right now."));
      points.add(
          Point.of(refused, CheckStatus.UNKNOWN, "ingest-service doesn't answer right now."));
      return;
    }
    Optional<Delivery> latest =
        deliveries.deliveries().stream()
            .filter(delivery -> delivery.outcome().equals("accepted"))
            .filter(delivery -> !TEST_TYPE.equals(delivery.type()))
            .findFirst();
    points.add(
        Point.of(
            arrived,
            // what this pod hasn't seen, another one may have
            counted || latest.isPresent() ? CheckStatus.DONE : CheckStatus.UNKNOWN,
            latest
                .map(delivery ->
                    "The latest on this pod at "
                        + Labels.time(delivery.at())
                        + " UTC, "
                        + delivery.endpoint())
                .orElse(
                    counted
                        ? STORED
                        : "No order rests on one, and this pod has seen none since "
                            + Labels.time(deliveries.since())
                            + " UTC. Send a test event from the provider's dashboard.")));
    long wrong =
        deliveries.counts().stream()
            .filter(count -> !count.endpoint().equals("unknown"))
            .filter(count -> count.outcome().startsWith("signature_"))
            .mapToLong(IngestClient.Count::count)
            .sum();
    points.add(
        Point.of(
            refused,
            wrong == 0 ? CheckStatus.UNKNOWN : CheckStatus.OPEN,
            Labels.number(wrong)
                + " on this pod since "
                + Labels.time(deliveries.since())
                + " UTC; quittance_webhooks_received_total counts all pods."));
  }

  private void brokers(List<Point> points) {
    String topics = "All topics are there, with the right partitions";
    String copies = "Every event is kept by three brokers";
    try {
      KafkaStatus.State state = cluster.state();
      points.add(
          Point.of(
              topics,
              state.sound(),
              state.missing().isEmpty() && state.repartitioned().isEmpty()
                  ? ""
                  : "Missing or different: "
                      + Stream.concat(state.missing().stream(), state.repartitioned().stream())
                          .collect(Collectors.joining(", "))));
      points.add(
          Point.of(
              copies,
              state.replication() >= REPLICATION_MIN,
              "The least replication of a topic is " + state.replication() + "."));
    } catch (BrokersUnavailable e) {
      points.add(Point.of(topics, CheckStatus.UNKNOWN, String.valueOf(e.getMessage())));
      points.add(Point.of(copies, CheckStatus.UNKNOWN, String.valueOf(e.getMessage())));
    }
  }

  private static void byHand(List<Point> points) {
    for (String[] point :
        new String[][] {
          {"The live endpoint is registered with the provider, with its own secret", "See above."},
          {
            "A real payment of a small amount, and its refund",
            "Order, receipt, receipt of the refund."
          },
          {"The signing secret was rotated once", "See the operations guide."},
          {
            "SPF, DKIM and DMARC hold for the sender of receipts", "Ask the mail server's operator."
          },
          {"Back-ups run, and one was restored", ""},
          {"An alert was fired on purpose, and somebody came", ""},
          {"From outside, only webhooks, the return page and receipts are routed", ""}
        }) {
      points.add(Point.of(point[0], CheckStatus.BY_HAND, point[1]));
    }
  }
}
