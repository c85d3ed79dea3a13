package dev.quittance.chaos.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.LookUpState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line of a history. Times are milliseconds since 1970, money is in minor units.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "what")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Entry.Sent.class, name = "sent"),
  @JsonSubTypes.Type(value = Entry.Accepted.class, name = "accepted"),
  @JsonSubTypes.Type(value = Entry.Answered.class, name = "answered"),
  @JsonSubTypes.Type(value = Entry.Erased.class, name = "erased"),
  @JsonSubTypes.Type(value = Entry.Commanded.class, name = "commanded"),
  @JsonSubTypes.Type(value = Entry.Faulted.class, name = "faulted"),
  @JsonSubTypes.Type(value = Entry.Restarted.class, name = "restarted"),
  @JsonSubTypes.Type(value = Entry.Verbatim.class, name = "verbatim"),
  @JsonSubTypes.Type(value = Entry.Fact.class, name = "fact"),
  @JsonSubTypes.Type(value = Entry.Told.class, name = "told"),
  @JsonSubTypes.Type(value = Entry.State.class, name = "state"),
  @JsonSubTypes.Type(value = Entry.Mailed.class, name = "mailed"),
  @JsonSubTypes.Type(value = Entry.Bounced.class, name = "bounced"),
  @JsonSubTypes.Type(value = Entry.Receipt.class, name = "receipt"),
  @JsonSubTypes.Type(value = Entry.ReceiptTold.class, name = "receiptTold"),
  @JsonSubTypes.Type(value = Entry.Unsupported.class, name = "unsupported"),
  @JsonSubTypes.Type(value = Entry.Dead.class, name = "dead"),
  @JsonSubTypes.Type(value = Entry.Ledger.class, name = "ledger"),
  @JsonSubTypes.Type(value = Entry.Lag.class, name = "lag"),
  @JsonSubTypes.Type(value = Entry.Unsettled.class, name = "unsettled")
})
public sealed interface Entry {

  /// An event that a provider has to tell until it is accepted.
  ///
  /// @param endpoint also the provider
  /// @param created when it happened, in the provider's clock's seconds
  /// @param object what it is about, of which only the fields are kept that a reader may need
  record Sent(String endpoint, String event, String type, long created, JsonNode object)
      implements Entry {}

  /// The system said 2xx: from here on the event is its responsibility.
  ///
  /// @param sha256 of the body, in hexadecimal digits
  record Accepted(long at, String endpoint, String event, String sha256) implements Entry {}

  /// The system said something that it may not say to a well-signed event, or to a command that it
  /// had taken before.
  record Answered(long at, String endpoint, String event, int status) implements Entry {}

  /// The system said that it has forgotten an order's customer.
  record Erased(long at, String order) implements Entry {}

  /// The system took a command about an order, or refused it because of how the order stood.
  ///
  /// @param command `fulfillments` (all of it was shipped), `hold` or `release`
  record Commanded(long at, String order, String command, boolean taken) implements Entry {}

  /// Something was broken, from then to then.
  ///
  /// @param parts those that it broke
  record Faulted(long from, long to, String kind, List<String> parts) implements Entry {}

  /// A process ended or stopped living without our doing, and was started again.
  record Restarted(long at, String part, String how) implements Entry {}

  /// A record of the verbatim topic.
  record Verbatim(String key, String sha256) implements Entry {}

  /// A record of the payment events' topic, in the order of its partition.
  ///
  /// @param at when it was published
  /// @param translation the translator's revision, and with what was asked its rank: an answer of
  ///   the provider has the id of what was said before it
  record Fact(
      long at,
      String id,
      String order,
      String type,
      int partition,
      int translation,
      LookUpState lookUp)
      implements Entry {}

  /// A record of the fulfillment events' topic, in the topic's order.
  record Told(String order, long sequence, String id, String type) implements Entry {}

  /// An order as it is said to be.
  ///
  /// @param source `topic` or `api`
  /// @param customer whether it says anything of the customer
  record State(
      String source,
      String order,
      long version,
      String payment,
      String fulfillment,
      @Nullable Long amount,
      @Nullable Long refunded,
      String items,
      boolean customer)
      implements Entry {}

  /// The mail server took a letter.
  record Mailed(long at, String messageId, String to) implements Entry {}

  /// The mail server refused a letter for good.
  record Bounced(long at, String to) implements Entry {}

  /// A receipt as the service lists it.
  ///
  /// @param addressed whether it says to whom it goes or went; false also in histories from before
  ///   that was written down, so that nothing is held against those
  record Receipt(
      String id,
      String order,
      String kind,
      String subject,
      String status,
      long amount,
      @Nullable String messageId,
      @Nullable String number,
      boolean addressed)
      implements Entry {}

  /// A record of the receipt events' topic.
  record ReceiptTold(String id, String order, String type, String receipt) implements Entry {}

  /// A receipt that went out and is listed as wrong.
  ///
  /// @param supported what the facts say instead
  record Unsupported(String receipt, long supported) implements Entry {}

  /// A record of a dead-letter topic.
  record Dead(String topic, String key, String reason) implements Entry {}

  /// What a consumer says it did with a partition, and where the partition ends.
  record Ledger(
      String group,
      String topic,
      int partition,
      long first,
      long next,
      long applied,
      long ignored,
      long duplicate,
      long dead,
      long gaps,
      long end)
      implements Entry {}

  /// How far a consumer group is in a partition, and where the partition ends.
  record Lag(String group, String topic, int partition, long committed, long end)
      implements Entry {}

  /// Work that was not done when the time to drain was over.
  record Unsettled(String work, long count) implements Entry {}
}
