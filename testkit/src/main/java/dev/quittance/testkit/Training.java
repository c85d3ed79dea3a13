package dev.quittance.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Lets a stack work for a while on payments that are made up, so that the JVMs of the stacks to
/// come know their work from the start. It has brokers, a database, a mail server and ports of its
/// own, and its data is thrown away.
public final class Training {

  /// Enough that the methods of a payment's way are compiled and have profiles: the first compiler
  /// begins with them after 200 calls.
  private static final int PAYMENTS = 400;

  /// The sandbox sends so many at the same time.
  private static final int AT_ONCE = 16;

  /// What else happens in a shop, seldom enough that its classes are worth knowing and no more.
  private static final List<String> ALSO =
      List.of(
          "payment.success",
          "charge.refunded",
          "payment.refund",
          "checkout.session.async_payment_succeeded",
          "charge.dispute.created",
          "standard/payment.succeeded");

  private static final int OF_EACH = 8;

  private static final Duration ANSWER_MAX = Duration.ofMinutes(1);

  /// The last mail comes some seconds after its payment, also from a JVM that is slowed by
  /// learning.
  private static final Duration MAILS_MAX = Duration.ofMinutes(2);

  private final Stack stack;
  private final HttpClient http;

  private Training(Stack stack, HttpClient http) {
    this.stack = stack;
    this.http = http;
  }

  /// Whether each program was trained since it was built, on this JVM.
  ///
  /// @param repository the root of the repository, with its modules built
  public static boolean done(Path repository) {
    return caches(repository).allMatch(AotCache::fits);
  }

  private static Stream<AotCache> caches(Path repository) {
    return Stream.concat(
            Arrays.stream(Service.values()).map(service -> service.jar(repository)),
            Stream.of(KafkaProcess.program()))
        .map(AotCache::of);
  }

  /// Trains the programs where that is still to be done. Where it fails they start untrained, which
  /// is slower and nothing else.
  ///
  /// @param home for the data and the logs, which are left where it fails
  /// @param say hears what goes on
  public static void unlessDone(Path repository, Path home, Consumer<String> say) {
    if (done(repository)) {
      return;
    }
    say.accept("Training the JVMs, once after a build.");
    long began = System.nanoTime();
    try {
      train(repository, Directories.made(home).resolve("training"));
      say.accept("Trained in " + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s.");
    } catch (StackFault fault) {
      say.accept("They start untrained. " + fault.getMessage());
    }
  }

  private static void train(Path repository, Path home) {
    var plan =
        new Stack.Plan(
            repository,
            home,
            StackPorts.free(),
            ReturnPageToken.of(Map.of(), new SecureRandom()),
            Map.of());
    var stack = new Stack(plan, JvmProfile.LEARN, (_, _) -> {});
    try {
      try (var http = HttpClient.newHttpClient();
          stack) {
        stack.wipe();
        stack.start();
        new Training(stack, http).work();
      }
      if (!caches(repository).map(AotCache::take).reduce(true, Boolean::logicalAnd)) {
        throw new StackFault("A JVM wrote nothing down; the logs are in " + plan.home() + "/logs.");
      }
    } catch (StackFault fault) {
      caches(repository).forEach(AotCache::forget);
      stack.forgetData();
      throw fault;
    }
    Directories.delete(plan.home());
  }

  private void work() {
    for (int done = 0; done < PAYMENTS; done += AT_ONCE) {
      happen("checkout.session.completed", Math.min(AT_ONCE, PAYMENTS - done));
    }
    ALSO.forEach(event -> happen(event, OF_EACH));
    lookAround();
    Deadline.in(MAILS_MAX)
        .await(
            () -> mails() >= PAYMENTS,
            () -> {
              throw new StackFault("The mails of a training did not come");
            });
  }

  private void happen(String event, int count) {
    ObjectNode wanted = WireFormat.mapper().createObjectNode();
    wanted.put("event", event);
    wanted.put("count", count);
    ask(
        HttpRequest.newBuilder(at(Service.SANDBOX, "/trigger"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(wanted.toString())));
  }

  /// As somebody does who tries the house out.
  private void lookAround() {
    get(Service.INGEST, "/endpoints");
    get(Service.FULFILLMENT, "/orders");
    get(Service.FULFILLMENT, "/console");
    get(Service.RECEIPTS, "/receipts");
    get(Service.SANDBOX, "/");
    get(Service.SANDBOX, "/mailbox");
  }

  private long mails() {
    return get(Service.SANDBOX, "/mailbox/messages?limit=1").path("total").asLong();
  }

  private JsonNode get(Service service, String path) {
    return ask(HttpRequest.newBuilder(at(service, path)));
  }

  private URI at(Service service, String path) {
    return stack.ports().url(service).resolve(path);
  }

  /// @return nothing where the answer is a page
  private JsonNode ask(HttpRequest.Builder request) {
    try {
      var answer =
          http.send(request.timeout(ANSWER_MAX).build(), HttpResponse.BodyHandlers.ofByteArray());
      boolean json =
          answer.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
      return json ? WireFormat.mapper().readTree(answer.body()) : WireFormat.mapper().missingNode();
    } catch (IOException e) {
      throw new StackFault("A service in training doesn't answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted while training", e);
    }
  }
}
