package dev.quittance.messaging.quarkus;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.inbox.BatchHandler;
import dev.quittance.messaging.inbox.DeadLetters;
import dev.quittance.messaging.inbox.Intake;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/// Makes the intakes of a service, one for each channel. They share the group, the database and the
/// producer of dead letters.
@Singleton
public final class Intakes {

  private final DataSource database;
  private final DeadLetters deadLetters;
  private final ConsumerGroup group;
  private final IntakeMeters meters;
  private final Clock clock;
  private final List<Intake<?>> intakes = new CopyOnWriteArrayList<>();

  Intakes(
      DataSource database,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      ConsumerGroup group,
      IntakeMeters meters,
      Clock clock) {
    this.database = database;
    this.deadLetters = DeadLetters.over(Map.copyOf(kafka));
    this.group = group;
    this.meters = meters;
    this.clock = clock;
  }

  /// An intake whose records this handler applies.
  public Intake<?> of(BatchHandler<?> handler) {
    return made(handler);
  }

  private <E> Intake<E> made(BatchHandler<E> handler) {
    var intake = new Intake<>(database, handler, deadLetters, group, meters, Backoff.real(), clock);
    intakes.add(intake);
    return intake;
  }

  /// The types of events that only a newer version knows, where an intake waits for one.
  Optional<String> newer() {
    return intakes.stream()
        .flatMap(intake -> intake.newer().stream())
        .distinct()
        .reduce((one, other) -> one + ", " + other);
  }

  @PreDestroy
  void close() {
    deadLetters.close();
  }
}
