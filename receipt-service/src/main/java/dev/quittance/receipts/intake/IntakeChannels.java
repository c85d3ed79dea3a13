package dev.quittance.receipts.intake;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.messaging.inbox.Intake;
import dev.quittance.messaging.quarkus.Intakes;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// The two channels from Kafka: payment events, and what fulfillment has for customers. A method
/// that returns has its batch committed in the database, or dead-lettered, record by record: only
/// then are the offsets acknowledged.
@ApplicationScoped
class IntakeChannels {

  private final Intake<?> payments;
  private final Intake<?> notices;

  IntakeChannels(PaymentIntake payments, CustomerNoticeIntake notices, Intakes intakes) {
    this.payments = intakes.of(payments);
    this.notices = intakes.of(notices);
  }

  @Produces
  @Singleton
  static ConsumerGroup group() {
    return ConsumerGroup.RECEIPTS;
  }

  @Incoming("payments")
  @Blocking
  void takePayments(ConsumerRecords<byte[], byte[]> records) {
    payments.take(records);
  }

  @Incoming("letters")
  @Blocking
  void takeNotices(ConsumerRecords<byte[], byte[]> records) {
    notices.take(records);
  }
}
