package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.Seller;
import dev.quittance.receipts.render.Link;
import dev.quittance.receipts.render.Rendered;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.receipts.store.WorkTable;
import dev.quittance.tracing.Passage;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/// The receipts.
public final class ReceiptDesk implements Desk<Receipt.Sending, Receipt> {

  private final WorkTable table;
  private final Renderer renderer;
  private final Stationery stationery;
  private final Delivery delivery;
  private final RetrySchedule schedule;
  private final MailRoomObserver observer;
  private final Duration lease;
  private final Clock clock;
  private final String owner = UUID.randomUUID().toString();

  public ReceiptDesk(
      WorkTable table,
      Renderer renderer,
      Stationery stationery,
      PostOffice postOffice,
      RetrySchedule schedule,
      MailRoomObserver observer,
      Duration lease,
      Clock clock) {
    this.table = table;
    this.renderer = renderer;
    this.stationery = stationery;
    this.delivery = new Delivery(postOffice);
    this.schedule = schedule;
    this.observer = observer;
    this.lease = lease;
    this.clock = clock;
  }

  @Override
  public List<Receipt.Sending> claim(
      int limit, boolean orphans, Collection<Receipt.Sending> held, boolean trial)
      throws SQLException {
    return table.claim(limit, owner, lease, orphans, held, trial);
  }

  @Override
  public void renew(List<Receipt.Sending> held) throws SQLException {
    table.renew(held, owner, lease);
  }

  @Override
  public void giveBack(List<Receipt.Sending> untried) throws SQLException {
    table.giveBack(untried, owner);
  }

  @Override
  public CompletionStage<Attempt<Receipt.Sending, Receipt>> attempt(Receipt.Sending claimed) {
    Passage passage = Passage.asking("mail", claimed.origin().traceparent());
    if (passage.recorded()) {
      passage
          .with("quittance.order", claimed.key().order().value())
          .with("quittance.receipt", claimed.key().id().value());
    }
    Receipt.Sending sending = claimed.through(passage.traceparent());
    return delivery
        .attempt(sending.draft().to(), to -> letter(sending, to))
        .thenApply(tried -> {
          Receipt outcome = outcome(sending, tried.reply());
          passage.end(outcome.status().wireName());
          // the mail room knows it as it was claimed
          return new Attempt<>(claimed, outcome, tried.reply(), tried.defect());
        });
  }

  private Letter letter(Receipt.Sending sending, Mailbox to) {
    Seller seller = sending.draft().content().seller();
    Rendered rendered =
        renderer.render(
            sending.draft().content(),
            sending.number(),
            stationery.merchant(seller),
            stationery.page(sending.token()).map(Link.Online::new));
    return new Letter(
        messageId(sending),
        sending.since(),
        stationery.sender(seller),
        to,
        rendered.subject(),
        rendered.text(),
        rendered.html(),
        rendered.language(),
        enclosure(sending));
  }

  private Optional<Enclosure> enclosure(Receipt.Sending sending) {
    Seller seller = sending.draft().content().seller();
    if (!stationery.pdf(seller.endpoint())) {
      return Optional.empty();
    }
    return renderer
        .pdf(sending.draft().content(), sending.number(), stationery.merchant(seller))
        .map(pdf -> Enclosure.pdf(sending.number(), pdf));
  }

  private String messageId(Receipt.Sending sending) {
    Seller seller = sending.draft().content().seller();
    return sending.messageId(stationery.sender(seller).from().domain());
  }

  @Override
  public void settle(List<Receipt> results) throws SQLException {
    table.settle(results);
  }

  @Override
  public void settled(Receipt result, Reply reply) {
    observer.attempted(result, reply);
  }

  @Override
  public Attempt<Receipt.Sending, Receipt> failed(Receipt.Sending claimed, Throwable defect) {
    Delivery.Tried tried = Delivery.defect(defect);
    return new Attempt<>(claimed, outcome(claimed, tried.reply()), tried.reply(), tried.defect());
  }

  private Receipt outcome(Receipt.Sending sending, Reply reply) {
    Instant now = clock.instant();
    return switch (reply) {
      case Reply.Accepted() -> sending.accepted(messageId(sending), now);
      case Reply.Refused(var reason) -> sending.refused(reason);
      case Reply.Unaddressable(var reason) -> sending.refused(reason);
      case Reply.Deferred(var reason, var trouble) ->
          schedule.givesUp(trouble, sending.countedFrom(), now)
              ? sending.refused(new Reason("gave_up", reason.message()))
              : sending.deferred(reason, schedule.next(sending.attempt(), now));
    };
  }
}
