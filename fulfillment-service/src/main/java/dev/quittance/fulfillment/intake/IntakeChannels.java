package dev.quittance.fulfillment.intake;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.fulfillment.usecase.HandleIncomingCommands;
import dev.quittance.fulfillment.usecase.HandlePaymentFacts;
import dev.quittance.messaging.inbox.Intake;
import dev.quittance.messaging.quarkus.Intakes;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// The two channels from Kafka. A method that returns has its batch committed in the database, or
/// dead-lettered, record by record: only then are the offsets acknowledged. While the database or
/// the brokers are away it waits, and the consumer stays in its group.
@ApplicationScoped
class IntakeChannels {

  private final Intake<?> payments;
  private final Intake<?> commands;

  IntakeChannels(HandlePaymentFacts facts, HandleIncomingCommands commands, Intakes intakes) {
    this.payments = intakes.of(facts);
    this.commands = intakes.of(commands);
  }

  @Produces
  @Singleton
  static ConsumerGroup group() {
    return ConsumerGroup.FULFILLMENT;
  }

  @Incoming("payments")
  @Blocking
  void takePayments(ConsumerRecords<byte[], byte[]> records) {
    payments.take(records);
  }

  @Incoming("commands")
  @Blocking
  void takeCommands(ConsumerRecords<byte[], byte[]> records) {
    commands.take(records);
  }
}
