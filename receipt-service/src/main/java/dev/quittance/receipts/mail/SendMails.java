package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;
import dev.quittance.messaging.tracing.EventSpan;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.MailKind;
import dev.quittance.receipts.receipt.MailOutcome;
import dev.quittance.receipts.receipt.Seller;
import dev.quittance.receipts.render.Merchant;
import dev.quittance.receipts.render.ReceiptLink;
import dev.quittance.receipts.render.Rendered;
import dev.quittance.receipts.render.Renderer;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Sends a claimed mail: writes it, hands it to the mail server, and says what it came to.
public final class SendMails implements MailSender {

  private final Renderer renderer;
  private final MailBranding branding;
  private final MailTransport transport;
  private final RetrySchedule schedule;
  private final Clock clock;

  public SendMails(
      Renderer renderer,
      MailBranding branding,
      MailTransport transport,
      RetrySchedule schedule,
      Clock clock) {
    this.renderer = renderer;
    this.branding = branding;
    this.transport = transport;
    this.schedule = schedule;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Attempt> attempt(ClaimedMail claimed) {
    // a code's mail belongs to no webhook's trace, and begins none
    EventSpan span =
        claimed.kind() == MailKind.CODE
            ? EventSpan.unrecorded(claimed.origin().traceparent())
            : EventSpan.client("mail", claimed.origin().traceparent());
    if (span.recorded()) {
      span.with("quittance.order", claimed.order().value()).with("quittance.receipt", claimed.id());
    }
    ClaimedMail mail = claimed.tracedAs(span.traceparent());
    return tried(mail)
        .thenApply(tried -> {
          MailOutcome outcome = outcome(mail, tried.reply);
          span.end(outcome.status().wireName());
          // whoever claimed it knows it as it was claimed
          return new Attempt(claimed, outcome, tried.reply, tried.defect);
        });
  }

  private record Tried(SmtpReply reply, Optional<Throwable> defect) {

    static Tried of(SmtpReply reply) {
      return new Tried(reply, Optional.empty());
    }

    /// A mail that can't be written now may be after the next release: it is not given up at once.
    static Tried failed(Throwable defect) {
      var reason = new Reason("defect", defect.getClass().getSimpleName());
      return new Tried(new SmtpReply.Deferred(reason, SmtpReply.Trouble.OURS), Optional.of(defect));
    }
  }

  private CompletionStage<Tried> tried(ClaimedMail mail) {
    Optional<MailAddress> to = MailAddress.parse(mail.to());
    if (to.isEmpty()) {
      var reason = new Reason("address_invalid", "No mail can be sent to this address.");
      return CompletableFuture.completedStage(Tried.of(new SmtpReply.Unaddressable(reason)));
    }
    try {
      return transport
          .send(written(mail, to.get()))
          .handle((reply, failure) -> failure == null ? Tried.of(reply) : Tried.failed(failure));
    } catch (RuntimeException | Error e) {
      return CompletableFuture.completedStage(Tried.failed(e));
    }
  }

  private OutgoingMail written(ClaimedMail mail, MailAddress to) {
    Seller seller = mail.content().seller();
    Merchant merchant = branding.merchant(seller);
    return switch (mail.body()) {
      case ClaimedMail.Body.Code(var code) ->
          outgoing(mail, to, renderer.code(mail.content(), code, merchant), Optional.empty());
      case ClaimedMail.Body.Receipt(_, var number, var token) -> {
        Optional<ReceiptLink> page = branding.page(token).map(ReceiptLink.Online::new);
        Optional<PdfAttachment> pdf =
            branding.pdf(seller.endpoint())
                ? renderer
                    .pdf(mail.content(), number, merchant)
                    .map(bytes -> PdfAttachment.pdf(number, bytes))
                : Optional.empty();
        yield outgoing(mail, to, renderer.render(mail.content(), number, merchant, page), pdf);
      }
    };
  }

  private OutgoingMail outgoing(
      ClaimedMail mail, MailAddress to, Rendered rendered, Optional<PdfAttachment> attachment) {
    return new OutgoingMail(
        messageId(mail),
        mail.since(),
        branding.sender(mail.content().seller()),
        to,
        rendered.subject(),
        rendered.text(),
        rendered.html(),
        rendered.language(),
        attachment);
  }

  private String messageId(ClaimedMail mail) {
    return mail.messageId(branding.sender(mail.content().seller()).from().domain());
  }

  @Override
  public Attempt failed(ClaimedMail mail, Throwable defect) {
    var tried = Tried.failed(defect);
    return new Attempt(mail, outcome(mail, tried.reply), tried.reply, tried.defect);
  }

  private MailOutcome outcome(ClaimedMail mail, SmtpReply reply) {
    Instant now = clock.instant();
    return switch (reply) {
      case SmtpReply.Accepted() -> new MailOutcome.Sent(mail, messageId(mail), now);
      case SmtpReply.Refused(var reason) -> undeliverable(mail, reason);
      case SmtpReply.Unaddressable(var reason) -> undeliverable(mail, reason);
      case SmtpReply.Deferred(var reason, var trouble) ->
          schedule.givesUp(trouble, mail.countedFrom(), now)
              ? undeliverable(mail, new Reason("gave_up", reason.message()))
              : new MailOutcome.Retrying(
                  mail, mail.kind().kept(reason), schedule.next(mail.attempt(), now));
    };
  }

  private static MailOutcome undeliverable(ClaimedMail mail, Reason reason) {
    return new MailOutcome.Undeliverable(mail, mail.kind().kept(reason));
  }
}
