package dev.quittance.messaging.quarkus;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.OrderId;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.outbox.Backlog;
import dev.quittance.messaging.outbox.CurrentStates;
import dev.quittance.messaging.outbox.OutboxRelay;
import dev.quittance.messaging.outbox.RelayObserver;
import dev.quittance.messaging.outbox.StatesRelay;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes the outbox, and the states of orders where the service has [CurrentStates], for as
/// long as the service runs.
@Singleton
public final class Relays {

  private static final Logger LOG = LoggerFactory.getLogger(Relays.class);

  /// For what other instances wrote, and what nobody is in a hurry with: whoever can't wait wakes
  /// the relay of its own process.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final DataSource database;
  private final List<String> tables;
  private final OutboxRelay outbox;
  private final Optional<StatesRelay> states;

  Relays(
      ConsumerGroup group,
      DataSource database,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      @ConfigProperty(name = "quittance.outbox.relays", defaultValue = "1") int relays,
      Instance<CurrentStates> current,
      MeterRegistry meters,
      Gauges gauges) {
    this.database = database;
    String service = group.groupName();
    RelayObserver observer = observer(meters);
    Optional<CurrentStates> due = current.stream().findFirst();
    this.states =
        due.map(of ->
            new StatesRelay(
                service, of, database, Map.copyOf(kafka), LOOK, Backoff.real(), observer));
    this.outbox =
        new OutboxRelay(
            service,
            relays,
            database,
            Map.copyOf(kafka),
            LOOK,
            Backoff.real(),
            observer,
            states.orElse(null));
    this.tables =
        Stream.concat(Stream.of(Backlog.OUTBOX), due.stream().map(CurrentStates::table)).toList();
    gauges.register(
        Gauge.builder("quittance.outbox.oldest.age", this, Relays::oldestAgeSeconds)
            .description("How long the oldest event or state that isn't published has been waiting")
            .baseUnit("seconds"));
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

  void start(@Observes StartupEvent started) {
    outbox.start();
    states.ifPresent(StatesRelay::start);
  }

  /// After the service's own, whose last events so go out at once.
  void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent stopping) {
    outbox.close();
    states.ifPresent(StatesRelay::close);
  }

  /// Whether all are at work, or should not be.
  public boolean alive() {
    return outbox.alive() && states.map(StatesRelay::alive).orElse(true);
  }

  /// Says that something about these orders was committed, so that nobody waits for the next look.
  public void wake(Collection<OrderId> orders) {
    outbox.wake(orders);
    states.ifPresent(relay -> relay.wake(orders));
  }

  /// Not a number while the database is away: unknown is not zero.
  private double oldestAgeSeconds() {
    try (Connection connection = database.getConnection()) {
      double oldest = 0;
      for (String table : tables) {
        oldest = Math.max(oldest, Backlog.oldestAge(connection, table).toMillis() / 1000.0);
      }
      return oldest;
    } catch (SQLException e) {
      return Double.NaN;
    }
  }
}
