package dev.quittance.receipts;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.CustomerNotice;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.receipts.mail.MailAddress;
import dev.quittance.receipts.mail.MailBranding;
import dev.quittance.receipts.mail.OutgoingMail;
import dev.quittance.receipts.receipt.ReceiptPolicy;
import dev.quittance.receipts.receipt.Seller;
import dev.quittance.receipts.render.Merchant;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// A shop with receipts on, and the wire form of its facts.
public final class TestShop implements ReceiptPolicy, MailBranding {

  private final boolean pdf;

  /// Without PDFs.
  public TestShop() {
    this(false);
  }

  public TestShop(boolean pdf) {
    this.pdf = pdf;
  }

  public static final Merchant MERCHANT =
      new Merchant(
          "Acme Books",
          List.of("1 Paper Lane", "Oxford OX1 1AA"),
          "GB123456789",
          "help@acme.example",
          null,
          null,
          "#2f5fd0",
          Locale.ENGLISH,
          ZoneOffset.UTC);

  @Override
  public boolean sends(String endpoint) {
    return true;
  }

  @Override
  public boolean sendsCodes(String endpoint) {
    return true;
  }

  @Override
  public boolean pdf(String endpoint) {
    return pdf;
  }

  @Override
  public Optional<String> page(UUID token) {
    return Optional.empty();
  }

  @Override
  public String series(Seller seller, String account) {
    return "ACME";
  }

  @Override
  public Duration totalsSettle() {
    return Duration.ofSeconds(10);
  }

  @Override
  public Merchant merchant(Seller seller) {
    return MERCHANT;
  }

  @Override
  public OutgoingMail.Sender sender(Seller seller) {
    return new OutgoingMail.Sender(
        MERCHANT.name(),
        MailAddress.parse("receipts@acme.example").orElseThrow(),
        Optional.empty(),
        Optional.empty());
  }

  /// A fact as a record of the payment events' topic.
  public static IncomingRecord incoming(long offset, PaymentFact fact) {
    CloudEvent event = event(fact);
    var headers = new HashMap<String, byte[]>();
    event
        .headers()
        .forEach((name, value) -> headers.put(name, value.getBytes(StandardCharsets.UTF_8)));
    return new IncomingRecord(
        Topic.PAYMENT_EVENTS.topicName(),
        0,
        offset,
        event.subject().value().getBytes(StandardCharsets.UTF_8),
        headers,
        event.data());
  }

  /// What fulfillment says as a record of its letters' topic.
  public static IncomingRecord incoming(CustomerNotice letter) {
    return incoming(event(letter));
  }

  public static IncomingRecord incoming(CloudEvent event) {
    var headers = new HashMap<String, byte[]>();
    event
        .headers()
        .forEach((name, value) -> headers.put(name, value.getBytes(StandardCharsets.UTF_8)));
    return new IncomingRecord(
        Topic.FULFILLMENT_LETTERS.topicName(),
        0,
        0,
        event.subject().value().getBytes(StandardCharsets.UTF_8),
        headers,
        event.data());
  }

  public static CloudEvent event(CustomerNotice letter) {
    return new CloudEvent(
        new EventId(letter.order() + "!" + letter.hashCode()),
        "/quittance/fulfillment",
        letter.type(),
        letter.order(),
        Shop.NOON,
        CloudEvent.Origin.WEBHOOK,
        0,
        1L,
        null,
        WireFormat.write(letter));
  }

  public static CloudEvent event(PaymentFact fact) {
    return new CloudEvent(
        fact.id(),
        "/quittance/ingest",
        fact.event().type(),
        fact.event().about().order(),
        fact.event().about().occurredAt(),
        CloudEvent.Origin.WEBHOOK,
        fact.translation(),
        fact.lookUp(),
        null,
        null,
        WireFormat.write(fact.event()));
  }
}
