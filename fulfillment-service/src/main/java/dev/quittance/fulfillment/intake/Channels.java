package dev.quittance.fulfillment.intake;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.fulfillment.store.FulfillmentCommands;
import dev.quittance.fulfillment.store.PaymentFacts;
import dev.quittance.inboxoutbox.Backoff;
import dev.quittance.inboxoutbox.BatchWork;
import dev.quittance.inboxoutbox.DeadLetters;
import dev.quittance.inboxoutbox.Intake;
import dev.quittance.inboxoutbox.IntakeObserver;
import dev.quittance.inboxoutbox.Pause;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// The two doors from Kafka. A method that returns has its batch committed in the database, or
/// dead-lettered, record by record: only then are the offsets acknowledged. While the database or
/// the brokers are away it waits, and the consumer stays in its group.
@ApplicationScoped
class Channels {

  private final DeadLetters deadLetters;
  private final Intake<?> payments;
  private final Intake<?> commands;

  Channels(
      DataSource database,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      PaymentFacts facts,
      FulfillmentCommands commands,
      IntakeObserver observer,
      Clock clock) {
    this.deadLetters = DeadLetters.over(Map.copyOf(kafka));
    this.payments = intake(database, facts, observer, clock);
    this.commands = intake(database, commands, observer, clock);
  }

  private <E> Intake<E> intake(
      DataSource database, BatchWork<E> work, IntakeObserver observer, Clock clock) {
    return new Intake<>(
        database,
        work,
        deadLetters,
        ConsumerGroup.FULFILLMENT,
        observer,
        new Backoff(Pause.REAL, RandomGenerator.getDefault()),
        clock);
  }

  @Incoming("payments")
  @Blocking
  void takePayments(ConsumerRecords<byte[], byte[]> records) {
    payments.take(Batches.of(records));
  }

  @Incoming("commands")
  @Blocking
  void takeCommands(ConsumerRecords<byte[], byte[]> records) {
    commands.take(Batches.of(records));
  }

  /// The types of payment events that only a newer version knows, where the intake waits for one.
  Optional<String> newer() {
    return payments.newer();
  }

  @PreDestroy
  void close() {
    deadLetters.close();
  }
}
