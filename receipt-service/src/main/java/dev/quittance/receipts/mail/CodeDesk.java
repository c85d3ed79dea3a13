package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;
import dev.quittance.receipts.receipt.CodeOutcome;
import dev.quittance.receipts.receipt.CodeSending;
import dev.quittance.receipts.receipt.Seller;
import dev.quittance.receipts.render.Rendered;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.receipts.store.CodeTable;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/// The letters with codes. There are few of them, and a customer sits and waits for each: they go
/// before receipts.
public final class CodeDesk implements Desk<CodeSending, CodeOutcome> {

  private final CodeTable table;
  private final Renderer renderer;
  private final Stationery stationery;
  private final Delivery delivery;
  private final RetrySchedule schedule;
  private final MailRoomObserver observer;
  private final Duration lease;
  private final Clock clock;
  private final String owner = UUID.randomUUID().toString();

  public CodeDesk(
      CodeTable table,
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
  public List<CodeSending> claim(
      int limit, boolean orphans, Collection<CodeSending> held, boolean trial) throws SQLException {
    return table.claim(limit, owner, lease, orphans, held, trial);
  }

  @Override
  public void renew(List<CodeSending> held) throws SQLException {
    table.renew(held, owner, lease);
  }

  @Override
  public void giveBack(List<CodeSending> untried) throws SQLException {
    table.giveBack(untried, owner);
  }

  @Override
  public CompletionStage<Attempt<CodeSending, CodeOutcome>> attempt(CodeSending sending) {
    return delivery
        .attempt(sending.to(), to -> letter(sending, to))
        .thenApply(tried ->
            new Attempt<>(sending, outcome(sending, tried.reply()), tried.reply(), tried.defect()));
  }

  private Letter letter(CodeSending sending, Mailbox to) {
    Seller seller = sending.content().seller();
    Rendered rendered =
        renderer.code(sending.content(), sending.code(), stationery.merchant(seller));
    return new Letter(
        messageId(sending),
        sending.since(),
        stationery.sender(seller),
        to,
        rendered.subject(),
        rendered.text(),
        rendered.html(),
        rendered.language(),
        Optional.empty());
  }

  private String messageId(CodeSending sending) {
    return sending.messageId(stationery.sender(sending.content().seller()).from().domain());
  }

  @Override
  public Attempt<CodeSending, CodeOutcome> failed(CodeSending claimed, Throwable defect) {
    Delivery.Tried tried = Delivery.defect(defect);
    return new Attempt<>(claimed, outcome(claimed, tried.reply()), tried.reply(), tried.defect());
  }

  private CodeOutcome outcome(CodeSending sending, Reply reply) {
    Instant now = clock.instant();
    return switch (reply) {
      case Reply.Accepted() -> new CodeOutcome.Sent(sending, messageId(sending), now);
      case Reply.Refused(var reason) -> new CodeOutcome.Undeliverable(sending, quoting(reason));
      case Reply.Unaddressable(var reason) ->
          new CodeOutcome.Undeliverable(sending, quoting(reason));
      case Reply.Deferred(var reason, var trouble) ->
          schedule.givesUp(trouble, sending.countedFrom(), now)
              ? new CodeOutcome.Undeliverable(sending, new Reason("gave_up", null))
              : new CodeOutcome.Retrying(
                  sending, quoting(reason), schedule.next(sending.attempt(), now));
    };
  }

  /// Only the reply's code: a server that refuses a letter for what it says may quote it.
  private static Reason quoting(Reason reason) {
    return new Reason(reason.code(), null);
  }

  @Override
  public void settle(List<CodeOutcome> results) throws SQLException {
    table.settle(results);
  }

  @Override
  public void settled(CodeOutcome result, Reply reply) {
    observer.attempted(result);
  }
}
