package dev.quittance.fulfillment.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Topic;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.persistence.DueStates;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.inbox.DeadLetters;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.Intake;
import dev.quittance.messaging.inbox.IntakeObserver;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.outbox.OutboxRelay;
import dev.quittance.messaging.outbox.RelayObserver;
import dev.quittance.messaging.outbox.StatesRelay;
import dev.quittance.testkit.CountedStatements;
import dev.quittance.testkit.LocalKafka;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a payment costs the database, from its event to its published state, and what it costs that
/// there is none: counted, since it doesn't depend on the machine.
@SuppressWarnings("NullAway.Init") // made before each test
class StatementsPerPaymentTest {

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int PAYMENTS = 10;
  private static final int LOOKS = 5;

  private static final Map<String, Object> KAFKA =
      Map.of("bootstrap.servers", LocalKafka.shared().bootstrapServers());

  /// Nobody looks for what isn't told of.
  private static final Duration NEVER = Duration.ofHours(1);

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final String service = "counted-" + UUID.randomUUID();
  private long offset;
  private CountedStatements counted;
  private DataSource database;
  private OutboxRelay events;
  private StatesRelay states;
  private DeadLetters deadLetters;
  private Intake<?> intake;

  /// A machine that is held up may have the states looked for before the events are out, which
  /// takes a look more: hence the best of several.
  @Test
  void aPaymentTakesSixRoundTrips() throws Exception {
    start(NEVER);
    take();
    awaitPublished();
    var costs = new ArrayList<Map<String, Cost>>();

    for (int i = 0; i < PAYMENTS; i++) {
      counted.forget();
      take();
      awaitPublished();
      costs.add(
          Map.of(
              "intake", cost(StatementsPerPaymentTest::ofIntake),
              "events", cost(StatementsPerPaymentTest::ofEvents),
              "states", cost(StatementsPerPaymentTest::ofStates)));
    }

    assertThat(costs)
        .contains(
            Map.of(
                "intake", new Cost(2, 14, 1),
                "events", new Cost(2, 2, 2),
                "states", new Cost(2, 2, 2)));
  }

  @Test
  void anIdleServiceLooksOnceASecond() throws Exception {
    start(SECOND);
    take();
    awaitPublished();
    counted.forget();
    long start = System.nanoTime();

    await().atMost(SOON).until(() -> counted.roundTrips(_ -> true) >= LOOKS);

    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(took).isGreaterThan(SECOND.multipliedBy(LOOKS - 2));
    assertThat(counted.commits(_ -> true)).isEqualTo(LOOKS);
    assertThat(counted.statements(_ -> true)).isEqualTo(2 * LOOKS);
  }

  private record Cost(int roundTrips, int statements, int commits) {}

  private Cost cost(Predicate<String> of) {
    return new Cost(counted.roundTrips(of), counted.statements(of), counted.commits(of));
  }

  private static boolean ofStates(String text) {
    return text.contains("FROM states_due");
  }

  private static boolean ofEvents(String text) {
    return text.contains("FROM outbox") && !ofStates(text);
  }

  private static boolean ofIntake(String text) {
    return !ofEvents(text) && !ofStates(text);
  }

  private void awaitPublished() {
    await()
        .atMost(SOON)
        .until(() ->
            TestDatabase.ask(
                    database,
                    "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM states_due)")
                .equals(List.of("0")));
  }

  @BeforeEach
  void create() {
    LocalKafka.shared().createTopics(Topic.all());
    database = TestDatabase.create();
    counted = new CountedStatements(database);
  }

  private void start(Duration look) {
    var backoff = Backoff.real();
    deadLetters = DeadLetters.over(KAFKA);
    DataSource watched = counted.source();
    states =
        new StatesRelay(service, new DueStates(), watched, KAFKA, look, backoff, RELAY_OBSERVER);
    events = new OutboxRelay(service, 1, watched, KAFKA, look, backoff, RELAY_OBSERVER, states);
    Clock clock = Clock.fixed(Facts.START.plusSeconds(3600), ZoneOffset.UTC);
    var handler =
        new HandlePaymentFacts(
            clock,
            orders -> {
              events.wake(orders);
              states.wake(orders);
            });
    intake =
        new Intake<>(
            counted.source(),
            handler,
            deadLetters,
            ConsumerGroup.FULFILLMENT,
            INTAKE_OBSERVER,
            backoff,
            clock);
    events.start();
    states.start();
  }

  private void take() {
    var order = OrderId.of("stripe", "pi_" + offset);
    intake.take(
        List.of(
            Records.record(Topic.PAYMENT_EVENTS, offset++, Records.event(Facts.of(order).paid()))));
  }

  @AfterEach
  void close() {
    events.close();
    states.close();
    deadLetters.close();
  }

  private static final RelayObserver RELAY_OBSERVER =
      new RelayObserver() {
        @Override
        public void relayed(String relay, int records) {}

        @Override
        public void notRelayed(String relay, Throwable cause) {}
      };

  private static final IntakeObserver INTAKE_OBSERVER =
      new IntakeObserver() {
        @Override
        public void handled(IncomingRecord record, RecordOutcome outcome) {}

        @Override
        public void retrying(int attempt, Exception cause) {}

        @Override
        public void leaving(IncomingRecord record, String type) {}
      };
}
