package dev.quittance.sandbox.trigger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.paysuper.PaySuperProject;
import dev.quittance.sandbox.problem.Refusal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes events happen at the pretended PaySuper.
@Singleton
final class PaySuperScenario implements Scenario {

  private final PaySuperProject project;
  private final Purchases purchases;

  @Inject
  PaySuperScenario(PaySuperProject project, Ids ids) {
    this.project = project;
    this.purchases = new Purchases(ids);
  }

  @Override
  public List<ProviderEvent> run(KnownEvent wanted, Overrides overrides, GivenIds given) {
    var events = new ArrayList<ProviderEvent>();
    String reason = overrides.takeText("refund.reason").orElse("Requested by customer");
    String code = overrides.takeText("cancellation.code").orElse("05");
    String why = overrides.takeText("cancellation.reason").orElse("Do not honour");
    String order = given.known(project::knows).orElse("");
    for (Step step : wanted.steps()) {
      switch (step) {
        case OPEN_SESSION -> {
          if (order.isEmpty()) {
            order = open(overrides, given);
          }
        }
        case PAY -> {
          if (status(order).equals("created")) {
            events.add(project.pay(order));
          }
        }
        case CANCEL -> {
          if (status(order).equals("created")) {
            events.add(project.cancel(order, code, why));
          }
        }
        case REFUND -> {
          if (!status(order).equals("refunded")) {
            events.add(project.refund(order, reason));
          }
        }
        case DISPUTE -> {
          if (!status(order).equals("chargeback")) {
            events.add(project.chargeBack(order));
          }
        }
        case PRESS_TEST -> {
          // the project is live unless said otherwise: that is what makes it dangerous
          boolean livemode =
              overrides.takeText("livemode", "is_production").map(Boolean::valueOf).orElse(true);
          events.add(project.test(purchases.make(overrides, "usd", null), livemode));
        }
        case VALIDATE_USER -> events.add(project.validate(purchases.make(overrides, "usd", null)));
        case OPEN_INTENT,
            PAY_DELAYED,
            AUTHORIZE,
            CAPTURE,
            CAPTURE_FIRST,
            CAPTURE_LAST,
            SETTLE,
            BOUNCE,
            RETURN_DEBIT,
            DECLINE,
            FAIL_REFUND,
            ANSWER_DISPUTE,
            CLOSE_DISPUTE,
            WIN_DISPUTE ->
            throw new IllegalStateException("PaySuper knows no " + step);
      }
    }
    if (events.isEmpty()) {
      events.add(project.again(wanted.event(), order));
    }
    return events;
  }

  private String open(Overrides overrides, GivenIds given) {
    Optional<BigDecimal> major = overrides.takeText("amount").map(PaySuperScenario::decimal);
    String currency = overrides.takeText("currency").orElse("usd");
    String charged = overrides.takeText("charge_currency").orElse("EUR");
    try {
      Long total = major.map(amount -> Money.ofMajor(amount, currency).minorUnits()).orElse(null);
      Purchase purchase = purchases.make(overrides, currency, total);
      return project.open(purchase, given.all().stream().findFirst().orElse(null), charged);
    } catch (UnreadableMoney e) {
      throw Refusal.badRequest(
          "The amount or the currency makes no sense: " + e.getMessage() + ".");
    }
  }

  private String status(String order) {
    ObjectNode found = project.order(order);
    return found.get("status").asText();
  }

  private static BigDecimal decimal(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw Refusal.badRequest("PaySuper's amounts are decimals like 59.99.");
    }
  }
}
