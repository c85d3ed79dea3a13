package dev.quittance.messaging.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.OrderId;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.TestDatabase;
import dev.quittance.messaging.inbox.NotedFailures;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What brokers answer that no broker can be brought to answer here: they judge what came in one
/// request as one.
class RelayTermTest {

  private static final Duration SOON = Duration.ofMinutes(2);

  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /// Values in the order in which the brokers took them.
  private final ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();

  private Leaders running = new Leaders(List.of());
  private DataSource database;
  private boolean lost;

  @BeforeEach
  void createDatabase() throws SQLException, IOException {
    database = TestDatabase.create();
  }

  @AfterEach
  void close() {
    running.close();
  }

  @Test
  void whoIsToBlameForARefusedRequestIsFoundAndNobodyElseDetained() throws SQLException {
    commit(
        row("shop:a", 1, "a1"),
        row("shop:b", 1, "poison"),
        row("shop:b", 2, "b2"),
        row("shop:c", 1, "c1"),
        row("shop:c", 2, "c2"));

    start();

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(TestDatabase.ask(database, "SELECT count(*) FROM outbox")).isEqualTo("2"));
    assertThat(taken).containsExactlyInAnyOrder("a1", "c1", "c2");
    assertThat(failures).hasSize(1).first().isInstanceOf(PolicyViolationException.class);
  }

  /// It isn't known whether they have it: no reason to detain anybody, and all of it comes again.
  @Test
  void whatNobodyKnowsTheFateOfIsSentAgain() throws SQLException {
    commit(row("shop:a", 1, "lost once"), row("shop:a", 2, "a2"), row("shop:b", 1, "b1"));

    start();

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(TestDatabase.ask(database, "SELECT count(*) FROM outbox")).isEqualTo("0"));
    assertThat(taken).containsExactly("lost once", "a2", "b1");
    assertThat(failures).hasSize(1);
  }

  private void start() {
    List<Integer> shards = IntStream.range(0, Outbox.SHARDS).boxed().toList();
    var observer = new NotedFailures(failures);
    var leader =
        new Leader(
            "relay",
            "relay",
            shards,
            database,
            new Backoff(_ -> {}, new Random(1)),
            observer,
            new RelayTerm(
                shards,
                () -> new EventProducer(new Requests()),
                Duration.ofMillis(200),
                observer,
                null));
    running = new Leaders(List.of(leader));
    running.start();
  }

  private void commit(OutboxRow... rows) throws SQLException {
    try (Connection transaction = database.getConnection()) {
      var pipeline = new StatementPipeline(transaction);
      Outbox.append(pipeline, List.of(rows));
      pipeline.send();
    }
  }

  private static OutboxRow row(String order, long sequence, String value) {
    return new OutboxRow(new OrderId(order), sequence, "things", Map.of(), value.getBytes(UTF_8));
  }

  /// What is handed over within a moment is one request.
  private final class Requests extends MockProducer<byte[], byte[]> {

    private static final int MOMENT_MS = 200;

    private final List<String> request = new ArrayList<>();

    Requests() {
      super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      if (request.isEmpty()) {
        CompletableFuture.delayedExecutor(MOMENT_MS, TimeUnit.MILLISECONDS).execute(this::answer);
      }
      request.add(new String(record.value(), UTF_8));
      return super.send(record, callback);
    }

    private synchronized void answer() {
      RuntimeException failure = null;
      if (request.contains("poison")) {
        failure = new PolicyViolationException("one of them");
      } else if (request.contains("lost once") && !lost) {
        lost = true;
        failure = new NotLeaderOrFollowerException("no more");
      }
      for (String value : request) {
        if (failure == null) {
          taken.add(value);
          completeNext();
        } else {
          errorNext(failure);
        }
      }
      request.clear();
    }
  }
}
