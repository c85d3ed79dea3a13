package dev.quittance.receipts.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// A receipt as it is read for people. Written by [Book] and [WorkTable] only.
@Entity
@Immutable
@Table(name = "receipts")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
public class ReceiptRow {

  @Id public String id;

  @Column(name = "order_id")
  public String orderId;

  public String kind;
  public String subject;
  public String status;

  @Column(name = "amount_minor")
  public long amountMinor;

  public String currency;

  /// What the facts say now, where that is something else than what was sent.
  @Column(name = "supported_minor")
  public @Nullable Long supportedMinor;

  public @Nullable String number;
  public @Nullable String recipient;
  public int attempts;

  @Column(name = "next_attempt_at")
  public Instant nextAttemptAt;

  @Column(name = "reason_code")
  public @Nullable String reasonCode;

  @Column(name = "reason_message")
  public @Nullable String reasonMessage;

  @Column(name = "message_id")
  public @Nullable String messageId;

  @Column(name = "first_sent_at")
  public @Nullable Instant firstSentAt;

  @Column(name = "undeliverable_at")
  public @Nullable Instant undeliverableAt;

  public int edition;

  @Column(name = "created_at")
  public Instant createdAt;
}
