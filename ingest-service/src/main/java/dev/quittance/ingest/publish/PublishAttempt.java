package dev.quittance.ingest.publish;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A webhook on its way to the topic, and the outcome that somebody waits for.
record PublishAttempt(
    ProducerRecord<byte[], byte[]> outgoing, CompletableFuture<Publication> outcome) {

  /// Whether anybody still waits: whoever got a no in the meantime will send again.
  boolean isAwaited() {
    return !outcome.isDone();
  }

  int bytes() {
    return outgoing.value().length;
  }

  void end(Publication publication) {
    outcome.complete(publication);
  }
}
