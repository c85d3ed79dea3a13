package dev.quittance.receipts.intake;

import dev.quittance.inboxoutbox.Intake;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// The consumer of the payment events. Returning acknowledges a batch; nothing else does.
@ApplicationScoped
public class PaymentEvents {

  private final Intake<Heard> intake;

  PaymentEvents(Intake<Heard> intake) {
    this.intake = intake;
  }

  @Incoming("payments")
  @Blocking
  @Acknowledgment(Acknowledgment.Strategy.POST_PROCESSING)
  void take(ConsumerRecords<byte[], byte[]> batch) {
    List<dev.quittance.inboxoutbox.Incoming> records = new ArrayList<>(batch.count());
    for (ConsumerRecord<byte[], byte[]> polled : batch) {
      records.add(incoming(polled));
    }
    intake.take(records);
  }

  private static dev.quittance.inboxoutbox.Incoming incoming(
      ConsumerRecord<byte[], byte[]> polled) {
    Map<String, byte[]> headers = new HashMap<>();
    for (Header header : polled.headers()) {
      if (header.value() != null) {
        headers.put(header.key(), header.value());
      }
    }
    return new dev.quittance.inboxoutbox.Incoming(
        polled.topic(), polled.partition(), polled.offset(), polled.key(), headers, polled.value());
  }
}
