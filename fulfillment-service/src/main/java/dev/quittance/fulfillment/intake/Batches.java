package dev.quittance.fulfillment.intake;

import dev.quittance.inboxoutbox.Incoming;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/// What a poll gave, as the intake takes it.
final class Batches {

  private Batches() {}

  static List<Incoming> of(ConsumerRecords<byte[], byte[]> records) {
    var batch = new ArrayList<Incoming>(records.count());
    records.forEach(record -> batch.add(incoming(record)));
    return batch;
  }

  /// Of a header that stands there several times, the last counts: a redriven record has its newest
  /// on top.
  private static Incoming incoming(ConsumerRecord<byte[], byte[]> record) {
    var headers = new HashMap<String, byte[]>();
    record.headers().forEach(header -> headers.put(header.key(), header.value()));
    return new Incoming(
        record.topic(), record.partition(), record.offset(), record.key(), headers, record.value());
  }
}
