package dev.quittance.fulfillment.store;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.inboxoutbox.Backoff;
import dev.quittance.inboxoutbox.OutboxRelay;
import dev.quittance.inboxoutbox.Pause;
import dev.quittance.inboxoutbox.RelayObserver;
import dev.quittance.inboxoutbox.StatesRelay;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs what publishes the outbox and the orders' states, for as long as the service runs.
@ApplicationScoped
class Publishing implements StoreObserver {

  private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

  /// Starts the relays' names and the transactional id of the states.
  static final String SERVICE = ConsumerGroup.FULFILLMENT.groupName();

  /// For what other instances wrote: whoever commits tells the relay of its own process.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final DataSource database;
  private final OutboxRelay relay;
  private final StatesRelay states;
  private final Timer untilDue;
  private final Counter idsReused;
  private final MeterRegistry meters;
  private final Counter uncounted;

  Publishing(
      DataSource database,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      @ConfigProperty(name = "quittance.outbox.relays", defaultValue = "1") int relays,
      MeterRegistry meters) {
    this.database = database;
    this.meters = meters;
    var backoff = new Backoff(Pause.REAL, RandomGenerator.getDefault());
    RelayObserver observer = observer(meters);
    this.relay =
        new OutboxRelay(SERVICE, relays, database, Map.copyOf(kafka), LOOK, backoff, observer);
    this.states =
        new StatesRelay(
            SERVICE, new DueStates(), database, Map.copyOf(kafka), LOOK, backoff, observer);
    this.untilDue =
        Timer.builder("quittance.webhook.to.due")
            .description("From the webhook's receipt at the edge to the order's request")
            .publishPercentileHistogram()
            .register(meters);
    // There from the start: an alert on the first one needs a zero before it.
    this.uncounted =
        Counter.builder("quittance.refunds.uncounted")
            .description("Refunds in a foreign currency, which count in no sum")
            .register(meters);
    // there from the start: an alarm on an increase would miss the first otherwise
    this.idsReused = meters.counter("quittance.event.ids.reused");
    Gauge.builder("quittance.outbox.oldest.age", this, Publishing::oldestAgeSeconds)
        .description("How long the oldest event or state that isn't published has been waiting")
        .baseUnit("seconds")
        .register(meters);
  }

  void start(@Observes StartupEvent started) {
    relay.start();
    states.start();
  }

  void stop(@Observes ShutdownEvent stopping) {
    relay.close();
    states.close();
  }

  /// Whether both are at work, or should not be.
  boolean alive() {
    return relay.alive() && states.alive();
  }

  @Override
  public void committed(Collection<OrderId> orders) {
    relay.wake(orders);
    states.wake(orders);
  }

  @Override
  public void due(Duration sinceReceived) {
    untilDue.record(sinceReceived.isNegative() ? Duration.ZERO : sinceReceived);
  }

  @Override
  public void uncounted(OrderId order) {
    uncounted.increment();
    LOG.warn("refund.uncounted order={}", order);
  }

  @Override
  public void paid(Money received) {
    String currency = received.currency().getCurrencyCode();
    meters.counter("quittance.orders.paid", "currency", currency).increment();
    meters
        .counter("quittance.orders.paid.minor", "currency", currency)
        .increment((double) received.minorUnits()); // a figure for a dashboard and no account
  }

  @Override
  public void idsReused(int events) {
    idsReused.increment(events);
  }

  /// Not a number while the database is away: unknown is not zero.
  private double oldestAgeSeconds() {
    try (Connection connection = database.getConnection()) {
      Duration oldestState = DueStates.oldestAge(connection);
      return Math.max(relay.oldestAge().toMillis(), oldestState.toMillis()) / 1_000.0;
    } catch (SQLException e) {
      return Double.NaN;
    }
  }

  private static RelayObserver observer(MeterRegistry meters) {
    Counter relayed = meters.counter("quittance.outbox.relayed");
    Counter failures = meters.counter("quittance.outbox.failures");
    return new RelayObserver() {
      @Override
      public void relayed(String relay, int records) {
        relayed.increment(records);
      }

      @Override
      public void notRelayed(String relay, Throwable cause) {
        failures.increment();
        LOG.warn("outbox.failing relay={} cause={}", relay, cause.getClass().getSimpleName());
      }
    };
  }
}
