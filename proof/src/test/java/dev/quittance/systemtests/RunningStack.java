package dev.quittance.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.ReturnPageToken;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.Stack;
import dev.quittance.testkit.StackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/// The one stack that all tests of this JVM share. Each test has customers and payments of its own,
/// so that none meets another's. Other JVMs that share the tests among them have stacks of their
/// own, elsewhere.
final class RunningStack {

  /// An endpoint, and its account, whose references name orders.
  static final String CARTS = "carts";

  private static final String REQUESTED = "dev.quittance.fulfillment.requested.v1";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static volatile @Nullable RunningStack running;

  /// Kept from being collected, which would let go of the lock.
  @SuppressWarnings("UnusedVariable")
  private static @Nullable FileChannel held;

  private final Stack stack;
  private final WebhookSender webhooks;
  private final Shop shop;
  private final Orders orders;
  private final Mailbox mailbox;
  private final Topics topics;
  private final TraceCollector traces;
  private final Sandbox sandbox;

  private RunningStack(Stack stack, TraceCollector traces) {
    this.stack = stack;
    this.webhooks = new WebhookSender(stack.ports());
    this.shop = new Shop();
    this.orders = new Orders(stack.ports());
    this.mailbox = new Mailbox(stack.ports());
    this.topics = new Topics(stack.kafka());
    this.traces = traces;
    this.sandbox = new Sandbox(stack.ports());
  }

  static synchronized RunningStack get() {
    if (running == null) {
      // Maven runs the tests in their module's directory
      Path module = Path.of("").toAbsolutePath();
      var traces = new TraceCollector();
      var plan =
          new Stack.Plan(
              module.resolve(".."),
              home(module.resolve("target")),
              StackPorts.free(),
              ReturnPageToken.of(Map.of(), new SecureRandom()),
              environment(traces));
      var stack = new Stack(plan, (_, _) -> {});
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stack)));
      stack.wipe();
      stack.start();
      running = new RunningStack(stack, traces);
    }
    return running;
  }

  /// At once: nobody needs what they leave, and to say goodbye properly takes longer on a busy
  /// machine than a JVM is given to end.
  private static void end(Stack stack) {
    if (running == null) {
      stack.close();
      return;
    }
    for (Service service : Service.values()) {
      stack.service(service).kill();
    }
    stack.kafka().kill();
    stack.postgres().kill();
  }

  /// The first that no other JVM works in: held until this one ends, however it ends.
  private static Path home(Path target) {
    for (int number = 1; ; number++) {
      try {
        Files.createDirectories(target);
        var lock =
            FileChannel.open(
                target.resolve("stack-" + number + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        if (lock.tryLock() != null) {
          held = lock;
          return target.resolve("stack-" + number);
        }
        lock.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// As in a cluster: traced, logging in JSON, and here every event.
  private static Map<String, String> environment(TraceCollector traces) {
    var environment = new HashMap<>(traces.environment());
    environment.put("QUARKUS_LOG_JSON_CONSOLE_ENABLED", "true");
    environment.put("QUARKUS_LOG_CATEGORY__DEV_QUITTANCE__LEVEL", "DEBUG");
    // the provider is asked again soon: no test waits for a minute
    environment.put("QUITTANCE_LOOKUPS_PAUSE_FIRST", "PT0.2S");
    environment.put("QUITTANCE_LOOKUPS_PAUSE_MAX", "PT1S");
    // the mails that a killed one had in hand are taken up soon: nobody else may have them in hand
    environment.put("QUITTANCE_RECEIPTS_MAIL_LEASE", "15s");
    // no sweep but those that are asked for
    environment.put("QUITTANCE_RECOVERY_FIRST_AFTER", "24h");
    // long enough on its way to be seen there
    environment.put("QUITTANCE_SANDBOX_DELAYED_PAYMENTS", "12s");
    environment.put("QUITTANCE_LOCAL_ENDPOINTS_CARTS_PROVIDER", "stripe");
    environment.put("QUITTANCE_LOCAL_ENDPOINTS_CARTS_SECRETS", "whsec_local_stripe");
    environment.put("QUITTANCE_LOCAL_ENDPOINTS_CARTS_MODE", "any");
    environment.put("QUITTANCE_LOCAL_ENDPOINTS_CARTS_REFERENCE", "order");
    return environment;
  }

  /// The stack, where a test has asked for it already.
  static synchronized Optional<RunningStack> running() {
    return Optional.ofNullable(running);
  }

  Stack stack() {
    return stack;
  }

  WebhookSender webhooks() {
    return webhooks;
  }

  Shop shop() {
    return shop;
  }

  Orders orders() {
    return orders;
  }

  Mailbox mailbox() {
    return mailbox;
  }

  TraceCollector traces() {
    return traces;
  }

  Sandbox sandbox() {
    return sandbox;
  }

  Topics topics() {
    return topics;
  }

  /// What other services were asked to fulfill so far, by order. What stands in the outbox is
  /// waited for: an order shows as due a moment before the topic says so.
  Map<String, List<JsonNode>> requests() {
    awaitPublished();
    return topics.all(Topic.FULFILLMENT_EVENTS.topicName()).stream()
        .filter(found -> REQUESTED.equals(Topics.header(found, "ce_type")))
        .collect(
            Collectors.groupingBy(
                found -> String.valueOf(Topics.header(found, "ce_subject")),
                Collectors.mapping(found -> Json.read(found.value()), Collectors.toList())));
  }

  /// Waits until all events and states of orders are on their topics.
  void awaitPublished() {
    boolean published = Deadline.in(PATIENCE).meets(this::published);
    Assertions.assertThat(published).as("nothing waits to be published").isTrue();
  }

  List<JsonNode> requests(String order) {
    return requests().getOrDefault(order, List.of());
  }

  private boolean published() {
    String url = stack.postgres().adminUrl("fulfillment");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT NOT EXISTS (SELECT FROM outbox) AND NOT EXISTS (SELECT FROM states_due)")) {
      row.next();
      return row.getBoolean(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
