package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.launcher.Launcher;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of `./quittance`, against the services as they are.
class CommandsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final RunningStack stack = RunningStack.get();

  @Test
  void aHealthyStackIsSaidToBeHealthy() {
    Told told = run("doctor", services(), brokers(), servers());

    assertThat(told.out).contains("Nothing is wrong.");
    assertThat(told.code).isZero();
    assertThat(told.out)
        .contains("stripe accepts what the provider signs", "it agrees with the database server");
  }

  @Test
  void aWrongSecretIsFoundAtTheRealDoor(@TempDir Path directory) throws IOException {
    Path secrets =
        Files.writeString(
            directory.resolve("secrets"),
            "stripe=whsec_wrong\npaysuper=wrong\nno-such:stripe=whsec_local_stripe\n");

    Told told =
        run("doctor", services(), brokers(), servers(), List.of("--secrets=" + secrets, "--json"));

    assertThat(told.code).isEqualTo(1);
    assertThat(told.json().path("findings"))
        .filteredOn(finding -> finding.path("grade").asText().equals("fault"))
        .extracting(finding -> finding.path("what").asText())
        .containsExactly(
            "stripe refuses what the provider signs: its secret is another",
            "paysuper refuses what the provider signs: its secret is another",
            "ingest-service has no endpoint no-such");
    assertThat(told.out).doesNotContain("whsec_wrong");
  }

  @Test
  void aTriggeredPaymentIsFoundHeardAndSentAgain() throws IOException {
    Told triggered =
        run(
            "trigger",
            services(),
            List.of("checkout.session.completed", "--wait", "120", "--json"));
    assertThat(triggered.code).isZero();
    String order = triggered.json().at("/orders/0/id").asText();
    String event = triggered.json().at("/deliveries/0/eventId").asText();

    Told listed = run("orders list", services(), List.of("--q", order, "--json"));
    assertThat(listed.json().at("/orders/0/id").asText()).isEqualTo(order);
    assertThat(run("orders show", services(), List.of(order)).out)
        .contains("order " + order + ": paid, due", "receipt", "fulfillment.requested");
    assertThat(
            run(
                    "listen",
                    brokers(),
                    List.of("--since", "10m", "--order", order, "--count", "1", "--json"))
                .json()
                .path("key")
                .asText())
        .isEqualTo(order);

    long version = stack.orders().await(order, "paid", "due").path("version").asLong();
    Told resent = run("resend", services(), List.of(event));
    assertThat(resent.out).contains("done: Reprocessed 1 of ");
    stack.topics().awaitDrained();
    assertThat(stack.orders().await(order, "paid", "due").path("version").asLong())
        .isEqualTo(version);
    assertThat(run("resend", services(), List.of("evt_of_nobody")).code).isEqualTo(1);
  }

  @Test
  void aDaysWorkOnAnOrderIsDoneByItsVerbs() {
    Told triggered =
        run(
            "trigger",
            services(),
            List.of("checkout.session.completed", "--wait", "120", "--json"));
    String order = triggered.json().at("/orders/0/id").asText();

    assertThat(run("orders hold", services(), List.of(order, "--reason", "a look first")).out)
        .contains("on hold");
    Told refused = run("orders fulfill", services(), List.of(order));
    assertThat(refused.code).isEqualTo(1);
    assertThat(refused.err).contains("fulfillment-service refuses (on_hold): ");
    assertThat(run("orders release", services(), List.of(order)).out).contains("paid, due");
    assertThat(
            run("orders fulfill", services(), List.of(order, "--carrier=DHL", "--tracking=JD0146"))
                .out)
        .contains("paid, fulfilled");
    Told back =
        run(
            "orders refund",
            services(),
            List.of(order, "--amount=10.00", "--yes", "--key=" + order, "--json"));
    assertThat(back.code).as(back.err).isZero();
    assertThat(back.json().at("/amount/minorUnits").asLong()).isEqualTo(1000);
    stack.orders().await(order, "partially_refunded", "fulfilled");
    stack.orders().awaitReceipts(order, "payment sent", "refund sent");

    JsonNode receipts = run("receipts list", services(), List.of(order, "--json")).json();
    String receipt = receipts.at("/receipts/0/id").asText();
    assertThat(run("receipts resend", services(), List.of(receipt)).out).contains("is due again");
    assertThat(run("receipts show", services(), List.of(receipt)).out)
        .contains("sending 2", ", command line)");
    assertThat(run("receipts preview", services(), List.of("--kind=refund")).code).isZero();
    Told mail = run("receipts test-mail", services(), List.of("operator@shop.example"));
    assertThat(mail.out).contains("The mail server took it for o…@shop.example");
    assertThat(run("open", services(), List.of(order, "--print")).out)
        .contains("/console/orders/" + Http.escaped(order));

    assertThat(run("orders erase", services(), List.of(order)).code).isEqualTo(2);
    assertThat(run("orders erase", services(), List.of(order, "--yes")).code).isZero();
    assertThat(stack.orders().find(order).body().at("/customer/email").asText()).isEmpty();
    assertThat(run("orders erase", services(), List.of("stripe:pi_of_nobody", "--yes")).err)
        .contains("(no_such_order)");
  }

  @Test
  void severalPaymentsAreTriggeredAtARate() throws IOException {
    Told told =
        run(
            "trigger",
            services(),
            List.of(
                "payment.success",
                "--wait",
                "120",
                "--count",
                "3",
                "--rate",
                "20",
                "--override",
                "object.amount=12.34",
                "--json"));

    assertThat(told.json().path("orders")).hasSize(3);
    assertThat(told.code).isZero();
  }

  @Test
  void aReplayAndARecoveryChangeNothing() throws IOException {
    var payment = stack.shop().payment();
    var began = Clock.systemUTC().instant();
    stack.webhooks().send(stack.shop().completed(payment, "paid"));
    long version = stack.orders().await(payment.order(), "paid", "due").path("version").asLong();

    Told replayed = run("replay", services(), List.of("--from", began.toString(), "--json"));

    assertThat(replayed.code).isZero();
    assertThat(replayed.json().path("replayed").asLong()).isPositive();
    stack.topics().awaitDrained();
    assertThat(stack.orders().await(payment.order(), "paid", "due").path("version").asLong())
        .isEqualTo(version);
    assertThat(run("replay --cancel", services(), List.of()).code).isZero();
    assertThat(run("recover", services(), List.of("--since", "1h")).code).isZero();
  }

  @Test
  void aDeadLetterIsSentBackAndComesBackWhileItsCauseIsThere() throws Exception {
    String key = "nobody:evt_" + Clock.systemUTC().millis();
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", stack.stack().kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>("payments.webhooks.v1", bytes, bytes)).get();
    }
    String first = awaitLetter(key, "");

    Told redriven = run("dead-letters redrive", brokers(), List.of(first));

    assertThat(redriven.out).contains("sent back, now payments.webhooks.v1:");
    String second = awaitLetter(key, first);
    assertThat(run("dead-letters discard", brokers(), List.of(second)).out).contains("discarded");
    assertThat(letters(key)).isEmpty();
  }

  private String awaitLetter(String key, String but) {
    var found = new ArrayList<String>();
    Deadline.in(PATIENCE)
        .await(
            () -> {
              found.clear();
              letters(key).stream().filter(letter -> !letter.equals(but)).forEach(found::add);
              return !found.isEmpty();
            },
            () -> {
              throw new AssertionError("no dead letter came");
            });
    return found.getFirst();
  }

  private List<String> letters(String key) {
    JsonNode told =
        run("dead-letters list", brokers(), List.of("--reason", "unreadable", "--json")).json();
    return StreamSupport.stream(told.path("letters").spliterator(), false)
        .filter(letter -> letter.path("key").asText().equals(key))
        .map(letter -> letter.path("letter").asText())
        .toList();
  }

  private record Told(int code, String out, String err) {
    JsonNode json() {
      try {
        return WireFormat.mapper().readTree(out);
      } catch (IOException e) {
        throw new AssertionError("no JSON: " + out + err, e);
      }
    }
  }

  @SafeVarargs
  private static Told run(String command, List<String>... arguments) {
    var all = new ArrayList<>(List.of(command.split(" ")));
    for (List<String> some : arguments) {
      all.addAll(some);
    }
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Launcher.run(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    return new Told(code, out.toString(), err.toString());
  }

  private List<String> services() {
    var ports = stack.stack().ports();
    return List.of(
        "--ingest-url=" + ports.url(Service.INGEST),
        "--fulfillment-url=" + ports.url(Service.FULFILLMENT),
        "--receipts-url=" + ports.url(Service.RECEIPTS),
        "--sandbox-url=" + ports.url(Service.SANDBOX));
  }

  private List<String> brokers() {
    return List.of("--bootstrap=" + stack.stack().kafka().bootstrapServers());
  }

  private List<String> servers() {
    var ports = stack.stack().ports();
    return List.of(
        "--database-url=jdbc:postgresql://127.0.0.1:" + ports.postgres() + "/",
        "--smtp=127.0.0.1:" + ports.smtp());
  }
}
