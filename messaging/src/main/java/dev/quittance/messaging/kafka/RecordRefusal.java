package dev.quittance.messaging.kafka;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/// Tells whether brokers refuse a record for what it is, so that sending it again can't help. The
/// one place that knows Kafka's errors for that.
public final class RecordRefusal {

  private RecordRefusal() {}

  /// Whether the brokers would refuse this very record however often it is sent: it is larger than
  /// the topic's `max.message.bytes` or the segment, or no record that the topic takes (one without
  /// a key where the topic is compacted, for example).
  ///
  /// Not among them, though no client repeats them by itself: what would be refused of every
  /// record, because of who we are (authorization), what our clock says (`InvalidTimestamp`) or how
  /// old the brokers' format is. Taking those for the records' own fault would make dead letters of
  /// all payments, which the brokers would refuse just the same.
  ///
  /// @param cause what the brokers said, unwrapped
  public static boolean isForever(Throwable cause) {
    return cause instanceof RecordTooLargeException
        || cause instanceof RecordBatchTooLargeException
        || cause instanceof InvalidRecordException;
  }

  /// Whether it may be the record: what is left when it is no matter of the brokers' health or of
  /// who we are. For whoever can set one aside and try it again later; never a reason to give it
  /// up.
  ///
  /// @param cause what the brokers said, unwrapped
  public static boolean maybe(Throwable cause) {
    return isForever(cause)
        || (cause instanceof ApiException
            && !(cause instanceof RetriableException
                || cause instanceof TimeoutException
                || cause instanceof ProducerFencedException
                || cause instanceof OutOfOrderSequenceException
                || cause instanceof InvalidPidMappingException
                || cause instanceof InvalidProducerEpochException
                || cause instanceof AuthorizationException));
  }
}
