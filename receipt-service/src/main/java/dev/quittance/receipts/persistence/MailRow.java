package dev.quittance.receipts.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// A mail as it is read for people, without the code that it may hold. Written by
/// [ReceiptRepository], [CodeRepository], [MailQueue] and [MailActions] only.
@Entity
@Immutable
@Table(name = "mails")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
public class MailRow {

  @Id public String id;

  @Column(name = "order_id")
  public String orderId;

  public String kind;
  public String subject;
  public String status;
  public @Nullable String recipient;
  public int edition;
  public int attempts;

  @Column(name = "next_attempt_at")
  public Instant nextAttemptAt;

  @Column(name = "reason_code")
  public @Nullable String reasonCode;

  @Column(name = "reason_message")
  public @Nullable String reasonMessage;

  @Column(name = "message_id")
  public @Nullable String messageId;

  @Column(name = "sent_at")
  public @Nullable Instant sentAt;

  @Column(name = "first_sent_at")
  public @Nullable Instant firstSentAt;

  @Column(name = "undeliverable_at")
  public @Nullable Instant undeliverableAt;

  @Column(name = "created_at")
  public Instant createdAt;

  /// Of a receipt.
  @Column(name = "amount_minor")
  public @Nullable Long amountMinor;

  public @Nullable String currency;
  public @Nullable String number;

  /// What the facts say now, where that is something else than what was sent.
  @Column(name = "supported_minor")
  public @Nullable Long supportedMinor;

  @Column(name = "supported_currency")
  public @Nullable String supportedCurrency;

  /// Whether a code is still here.
  @Formula("(code IS NOT NULL)")
  public boolean codeKept;
}
