package dev.quittance.sandbox.trigger;

import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.problem.Refusal;
import dev.quittance.sandbox.stripe.Decline;
import dev.quittance.sandbox.stripe.PaymentMethod;
import dev.quittance.sandbox.stripe.StripeAccount;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes events happen at the pretended Stripe.
@Singleton
final class StripeScenario implements Scenario {

  private static final List<String> REFUND_STATUSES =
      List.of("pending", "requires_action", "succeeded", "failed", "canceled");

  /// What is captured of an authorization unless somebody says otherwise, in minor units.
  private static final long PART = 1_000;

  private final StripeAccount account;
  private final Purchases purchases;

  @Inject
  StripeScenario(StripeAccount account, Ids ids) {
    this.account = account;
    this.purchases = new Purchases(ids);
  }

  @Override
  public List<ProviderEvent> run(KnownEvent wanted, Overrides overrides, GivenIds given) {
    var events = new ArrayList<ProviderEvent>();
    boolean refunds = wanted.event().contains("refund");
    boolean disputes = wanted.event().contains("dispute");
    Optional<Long> part =
        refunds
            ? overrides.takeAmount(
                wanted.event().equals("charge.refunded") ? "amount_refunded" : "amount")
            : disputes ? overrides.takeAmount("amount") : Optional.empty();
    Optional<Long> captured =
        wanted.steps().contains(Step.AUTHORIZE)
            ? overrides.takeAmount("amount_captured")
            : Optional.empty();
    String reason = refunds ? overrides.takeText("reason").orElse("requested_by_customer") : "";
    String status = refunds || disputes ? overrides.takeText("status").orElse("") : "";

    String reference = given.known(account::knows).orElse("");
    for (Step step : wanted.steps()) {
      switch (step) {
        case OPEN_SESSION -> {
          if (reference.isEmpty()) {
            reference =
                account.openSession(
                    purchase(wanted, overrides),
                    given.startingWith("cs_"),
                    given.startingWith("pi_"));
          }
        }
        case OPEN_INTENT -> {
          if (reference.isEmpty()) {
            List<ProviderEvent> opened =
                account.openIntent(purchase(wanted, overrides), given.startingWith("pi_"));
            events.addAll(opened);
            reference = opened.getFirst().object().orElseThrow().get("id").asText();
          }
        }
        case PAY, PAY_DELAYED -> {
          if (!account.paidOrPending(reference)) {
            events.addAll(
                account.pay(
                    reference, step == Step.PAY ? PaymentMethod.VISA : PaymentMethod.SEPA_DEBIT));
          } else if (step == Step.PAY && needsFunds(wanted) && account.pending(reference)) {
            events.addAll(account.settle(reference));
          }
        }
        case AUTHORIZE -> {
          if (!account.paidOrPending(reference)) {
            events.addAll(account.authorize(reference, PaymentMethod.VISA));
          }
        }
        case CAPTURE -> {
          if (account.authorized(reference)) {
            events.addAll(account.capture(reference, captured.orElse(PART), true));
          }
        }
        case CAPTURE_FIRST -> {
          if (account.authorized(reference)) {
            events.addAll(account.capture(reference, PART, false));
          }
        }
        case CAPTURE_LAST -> {
          if (account.authorized(reference)) {
            events.addAll(
                account.capture(reference, captured.map(all -> all - PART).orElse(PART / 2), true));
          }
        }
        case SETTLE -> {
          if (account.pending(reference)) {
            events.addAll(account.settle(reference));
          }
        }
        case BOUNCE -> {
          if (account.pending(reference)) {
            events.addAll(account.bounce(reference));
          }
        }
        case RETURN_DEBIT -> events.addAll(account.returnDebit(reference));
        case DECLINE ->
            events.addAll(account.decline(reference, PaymentMethod.VISA, Decline.GENERIC));
        case CANCEL -> {
          if (!account.canceled(reference)) {
            events.addAll(account.cancel(reference));
          }
        }
        case REFUND -> {
          if (wanted.event().endsWith("updated") && status.equals("succeeded")) {
            events.addAll(settleOrRefund(reference, part, reason));
          } else if (account.newest("re_", reference).isEmpty()
              || wanted.event().equals("refund.created")
              || wanted.event().equals("charge.refunded")) {
            String first = status.isEmpty() ? "succeeded" : status;
            if (!REFUND_STATUSES.contains(first)) {
              throw Refusal.badRequest("A refund's status is one of " + REFUND_STATUSES + ".");
            }
            events.addAll(account.refund(reference, part.orElse(null), first, reason));
          }
        }
        case FAIL_REFUND -> events.addAll(account.failRefund(newest("re_", reference, "refund")));
        case DISPUTE -> {
          if (account.newest("du_", reference).isEmpty()
              || wanted.event().equals("charge.dispute.created")) {
            events.addAll(
                account.dispute(reference, part.orElse(null), status.startsWith("warning_")));
          }
        }
        case ANSWER_DISPUTE ->
            events.addAll(account.answerDispute(newest("du_", reference, "dispute")));
        case CLOSE_DISPUTE ->
            events.addAll(
                account.closeDispute(newest("du_", reference, "dispute"), status.equals("won")));
        case WIN_DISPUTE ->
            events.addAll(account.closeDispute(newest("du_", reference, "dispute"), true));
        case VALIDATE_USER, PRESS_TEST ->
            throw new IllegalStateException("Stripe knows no " + step);
      }
    }
    return upTo(wanted, reference, events);
  }

  private List<ProviderEvent> settleOrRefund(String reference, Optional<Long> part, String reason) {
    return account
        .newest("re_", reference)
        .filter(refund -> refund.get("status").asText().equals("pending"))
        .map(refund -> account.settleRefund(refund.get("id").asText()))
        .orElseGet(() -> account.refund(reference, part.orElse(null), "succeeded", reason));
  }

  private static boolean needsFunds(KnownEvent wanted) {
    return wanted.steps().contains(Step.REFUND) || wanted.steps().contains(Step.DISPUTE);
  }

  private Purchase purchase(KnownEvent wanted, Overrides overrides) {
    boolean debit = wanted.steps().contains(Step.PAY_DELAYED);
    Long total = overrides.takeAmount("amount_total", "amount", "amount_received").orElse(null);
    return purchases
        .make(overrides, debit ? "eur" : "usd", total)
        .soldFor(overrides.takeText("event.account").orElse(null));
  }

  private String newest(String prefix, String reference, String what) {
    return account
        .newest(prefix, reference)
        .map(found -> found.get("id").asText())
        .orElseThrow(() -> Refusal.conflict("There is no " + what + " of this payment."));
  }

  /// What came after the wanted event isn't events; if nothing new happened, it is events again.
  private List<ProviderEvent> upTo(
      KnownEvent wanted, String reference, List<ProviderEvent> events) {
    for (int i = events.size() - 1; i >= 0; i--) {
      if (events.get(i).type().equals(wanted.type())) {
        return List.copyOf(events.subList(0, i + 1));
      }
    }
    events.add(
        account
            .again(wanted.type(), reference)
            .orElseThrow(
                () -> Refusal.conflict("This payment can't come to " + wanted.event() + ".")));
    return List.copyOf(events);
  }
}
