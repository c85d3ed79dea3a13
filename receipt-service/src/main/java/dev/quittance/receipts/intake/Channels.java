package dev.quittance.receipts.intake;

import dev.quittance.contracts.LetterEvent;
import dev.quittance.inboxoutbox.Intake;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// The two doors from Kafka: payment events, and what fulfillment tells the letter writer.
/// Returning acknowledges a batch; nothing else does.
@ApplicationScoped
public class Channels {

  private final Intake<Heard> intake;
  private final Intake<Optional<LetterEvent>> letters;

  Channels(Intake<Heard> intake, Intake<Optional<LetterEvent>> letters) {
    this.intake = intake;
    this.letters = letters;
  }

  @Incoming("payments")
  @Blocking
  @Acknowledgment(Acknowledgment.Strategy.POST_PROCESSING)
  void take(ConsumerRecords<byte[], byte[]> batch) {
    intake.take(incoming(batch));
  }

  @Incoming("letters")
  @Blocking
  @Acknowledgment(Acknowledgment.Strategy.POST_PROCESSING)
  void takeLetters(ConsumerRecords<byte[], byte[]> batch) {
    letters.take(incoming(batch));
  }

  private static List<dev.quittance.inboxoutbox.Incoming> incoming(
      ConsumerRecords<byte[], byte[]> batch) {
    List<dev.quittance.inboxoutbox.Incoming> records = new ArrayList<>(batch.count());
    for (ConsumerRecord<byte[], byte[]> polled : batch) {
      records.add(incoming(polled));
    }
    return records;
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
