package dev.quittance.bench.yardstick;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Reference B: a loop that publishes the same records and does nothing else. What it reaches is
/// what broker and client can take.
public final class BareProducer implements AutoCloseable {

  private final Producer<byte[], byte[]> producer;

  public BareProducer(String bootstrap) {
    producer = VerbatimRecords.producer(bootstrap);
  }

  /// Records a second, acknowledged.
  ///
  /// @param inFlight unacknowledged at a time, as many as connections would bring
  public double perSecond(
      int inFlight, Duration time, LongFunction<ProducerRecord<byte[], byte[]>> records)
      throws InterruptedException {
    var free = new Semaphore(inFlight);
    var failed = new AtomicLong();
    long start = System.nanoTime();
    long end = start + time.toNanos();
    long sent = 0;
    while (System.nanoTime() < end) {
      free.acquire();
      var _ =
          producer.send(
              records.apply(sent++),
              (_, fault) -> {
                if (fault != null) {
                  failed.incrementAndGet();
                }
                free.release();
              });
    }
    free.acquire(inFlight);
    if (failed.get() > 0) {
      throw new IllegalStateException(failed + " records were not acknowledged");
    }
    return sent / ((System.nanoTime() - start) / 1e9);
  }

  @Override
  public void close() {
    producer.close();
  }
}
