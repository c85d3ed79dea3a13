package dev.quittance.sandbox.trigger;

import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.standard.OwnSystem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes events happen at the pretended system of the shop's own.
@Singleton
final class StandardScenario implements Scenario {

  private final OwnSystem system;
  private final Purchases purchases;

  @Inject
  StandardScenario(OwnSystem system, Ids ids) {
    this.system = system;
    this.purchases = new Purchases(ids);
  }

  @Override
  public List<ProviderEvent> run(KnownEvent wanted, Overrides overrides, GivenIds given) {
    var events = new ArrayList<ProviderEvent>();
    // a part of it where it is about a refund, else what is paid
    Optional<Long> amount = overrides.takeAmount("amount.minorUnits", "amount");
    boolean isRefund = wanted.steps().contains(Step.REFUND);
    Optional<String> status = overrides.takeText("status");
    Optional<String> known = given.known(system::knows);
    String payment =
        known.orElseGet(() ->
            system.open(
                purchases.make(overrides, "usd", isRefund ? null : amount.orElse(null)),
                given.all().stream().findFirst().orElse(null)));
    for (Step step : wanted.steps()) {
      switch (step) {
        case OPEN_SESSION -> {
          // it is open by now
        }
        case PAY -> {
          if (known.isEmpty() || wanted.steps().getLast() == Step.PAY) {
            events.add(system.payment(payment, "payment.succeeded", null));
          }
        }
        case PAY_DELAYED -> events.add(system.payment(payment, "payment.pending", null));
        case DECLINE -> events.add(system.payment(payment, "payment.failed", "insufficient_funds"));
        case RETURN_DEBIT -> events.add(system.reversal(payment, "insufficient_funds"));
        case CANCEL -> events.add(system.payment(payment, "payment.canceled", "expired"));
        case REFUND -> events.add(system.refund(payment, amount, status.orElse("succeeded")));
        case DISPUTE -> events.add(system.dispute(payment, status.orElse("open")));
        case OPEN_INTENT,
            AUTHORIZE,
            CAPTURE,
            CAPTURE_FIRST,
            CAPTURE_LAST,
            SETTLE,
            BOUNCE,
            FAIL_REFUND,
            ANSWER_DISPUTE,
            CLOSE_DISPUTE,
            WIN_DISPUTE,
            VALIDATE_USER,
            PRESS_TEST ->
            throw new IllegalStateException("our own documents know no " + step);
      }
    }
    return events;
  }
}
