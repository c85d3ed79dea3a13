package dev.quittance.contracts;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Why a record could not be processed and where it came from. On a dead-letter topic the record
/// keeps its key, value and headers; these headers are added, so that it can be sent back as it
/// was.
///
/// @param why the machine-readable reason
/// @param detail a sentence for people, without content of the record
public record DeadLetter(
    Why why,
    String detail,
    String topic,
    int partition,
    long offset,
    ConsumerGroup group,
    Instant at) {

  /// What all headers of a dead letter start with.
  public static final String HEADER_PREFIX = "dlq_";

  /// The machine-readable reasons.
  public enum Why {
    /// No JSON, missing attributes, or not of the shape that its type has.
    UNREADABLE,
    /// The endpoint that it came in by is not configured any more.
    UNKNOWN_ENDPOINT,
    /// It concerns a payment that can't be found out.
    PAYMENT_UNKNOWN,
    /// An amount or currency that is missing where a payment can't be without, is negative, or
    /// can't be held exactly.
    UNREADABLE_MONEY,
    /// It came under the id of an event that said something else: one of the two is lost to whoever
    /// tells repetitions by their ids.
    ID_REUSED,
    /// A command that an order can't take, in a form that can't be answered.
    UNPROCESSABLE,
    /// Processing it fails again and again: a defect of ours.
    POISON;

    /// As it stands in `dlq_reason`.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The headers to add.
  public Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    headers.put("dlq_reason", why.wireName());
    headers.put("dlq_detail", detail);
    headers.put("dlq_topic", topic);
    headers.put("dlq_partition", Integer.toString(partition));
    headers.put("dlq_offset", Long.toString(offset));
    headers.put("dlq_group", group.groupName());
    headers.put("dlq_at", at.toString());
    return headers;
  }

  /// The topic to put it on.
  public String deadLetterTopic() {
    return topic + "." + group.groupName() + ".dlq";
  }
}
