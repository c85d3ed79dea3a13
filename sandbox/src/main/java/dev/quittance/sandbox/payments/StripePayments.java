package dev.quittance.sandbox.payments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.page.Shown;
import dev.quittance.sandbox.payments.PaymentDetail.Action;
import dev.quittance.sandbox.payments.PaymentDetail.Step;
import dev.quittance.sandbox.problem.Refusal;
import dev.quittance.sandbox.stripe.StripeAccount;
import dev.quittance.sandbox.stripe.StripeRecords;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The pretended Stripe's payments, each by its session or, without one, its PaymentIntent.
@Singleton
final class StripePayments {

  private static final Set<String> REFUND_STATUSES = Set.of("succeeded", "pending");

  private final StripeAccount account;
  private final StripeRecords records;

  @Inject
  StripePayments(StripeAccount account, StripeRecords records) {
    this.account = account;
    this.records = records;
  }

  boolean knows(String id) {
    return id.startsWith("cs_") || id.startsWith("pi_");
  }

  /// The payment of an id; empty when it is listed under another.
  Optional<PaymentRow> row(String id) {
    if (id.startsWith("pi_") && account.sessionOf(id).isPresent()) {
      return Optional.empty();
    }
    return records.any(id).map(this::row);
  }

  PaymentDetail detail(String id) {
    ObjectNode payment =
        records
            .any(id)
            .orElseThrow(() -> Refusal.notFound("The sandbox knows no payment " + id + "."));
    boolean session = id.startsWith("cs_");
    boolean open = session && is(payment, "status", "open");
    Optional<ObjectNode> charge = charge(payment).filter(found -> is(found, "status", "succeeded"));
    long left = account.refundable(id);
    return new PaymentDetail(
        row(payment),
        Objects.requireNonNullElse(account.orderOf(id), ""),
        account.purchaseOf(id).email(),
        open ? "/checkout/stripe/" + id : "",
        open,
        account.pending(id),
        account.returnable(id),
        left > 0 ? Shown.money(left, charge.orElseThrow().path("currency").asText()) : "",
        false,
        charge.isPresent(),
        account.all("re_", id).stream().map(StripePayments::refund).toList(),
        account.all("du_", id).stream().map(StripePayments::dispute).toList());
  }

  List<ProviderEvent> act(String id, String action, RequestedOutcome requested) {
    return switch (action) {
      case "expire" -> account.cancel(id);
      case "settle" -> account.settle(id);
      case "bounce" -> account.bounce(id);
      case "return" -> account.returnDebit(id);
      case "refund" -> {
        if (!REFUND_STATUSES.contains(requested.status())) {
          throw Refusal.badRequest("A refund begins as one of " + REFUND_STATUSES + ".");
        }
        String currency = account.purchaseOf(id).currency();
        yield account.refund(
            id, requested.minorUnits(currency), requested.status(), requested.reason());
      }
      case "settle-refund" -> account.settleRefund(requested.target());
      case "fail-refund" -> account.failRefund(requested.target());
      case "dispute" -> account.dispute(id, null, false);
      case "inquire" -> account.dispute(id, null, true);
      case "answer" -> account.answerDispute(requested.target());
      case "win" -> account.closeDispute(requested.target(), true);
      case "lose" -> account.closeDispute(requested.target(), false);
      default -> throw Refusal.notFound("Nothing like that can happen to a payment.");
    };
  }

  private PaymentRow row(ObjectNode payment) {
    String id = payment.path("id").asText();
    boolean session = id.startsWith("cs_");
    Status status = status(payment);
    long amount = payment.path(session ? "amount_total" : "amount").asLong();
    var purchase = account.purchaseOf(id);
    return new PaymentRow(
        id,
        "Stripe",
        String.join(
            ", ",
            purchase.items().stream()
                .limit(3)
                .map(item -> item.quantity() + " × " + item.name())
                .toList()),
        Shown.money(amount, purchase.currency()),
        status.name(),
        status.tone(),
        at(payment));
  }

  private Status status(ObjectNode payment) {
    String id = payment.path("id").asText();
    if (is(payment, "status", "open")) {
      return new Status("open", "wait");
    }
    if (is(payment, "status", "expired") || is(payment, "status", "canceled")) {
      return new Status(payment.path("status").asText(), "bad");
    }
    if (account.pending(id)) {
      return new Status("on its way", "wait");
    }
    Optional<ObjectNode> charge = charge(payment);
    if (charge.isEmpty()) {
      boolean free = is(payment, "payment_status", "no_payment_required");
      return free ? new Status("nothing to pay", "good") : new Status("open", "wait");
    }
    Optional<ObjectNode> dispute = account.all("du_", id).stream().findFirst();
    if (dispute.isPresent()) {
      return disputed(dispute.get());
    }
    if (is(charge.get(), "status", "failed")) {
      return new Status("failed", "bad");
    }
    if (charge.get().path("refunded").asBoolean()) {
      return new Status("refunded", "wait");
    }
    return charge.get().path("amount_refunded").asLong() > 0
        ? new Status("partly refunded", "wait")
        : new Status("paid", "good");
  }

  private static Status disputed(ObjectNode dispute) {
    String status = dispute.path("status").asText();
    return switch (status) {
      case "won", "warning_closed" -> new Status("dispute " + Shown.words(status), "good");
      case "lost" -> new Status("dispute lost", "bad");
      default -> new Status("disputed", "wait");
    };
  }

  private Optional<ObjectNode> charge(ObjectNode payment) {
    String intent =
        is(payment, "object", "payment_intent")
            ? payment.path("id").asText()
            : payment.path("payment_intent").asText();
    return records
        .find("payment_intent", intent)
        .flatMap(found -> records.find("charge", found.path("latest_charge").asText()));
  }

  private static Step refund(ObjectNode refund) {
    String status = refund.path("status").asText();
    List<Action> actions =
        switch (status) {
          case "pending", "requires_action" ->
              List.of(
                  new Action("settle-refund", "It arrives"),
                  new Action("fail-refund", "It comes back"));
          case "succeeded" -> List.of(new Action("fail-refund", "It comes back"));
          default -> List.of();
        };
    return step(refund, status.equals("succeeded") ? "good" : "wait", actions);
  }

  private static Step dispute(ObjectNode dispute) {
    String status = dispute.path("status").asText();
    boolean answered = status.contains("under_review");
    boolean closed =
        status.equals("won") || status.equals("lost") || status.equals("warning_closed");
    List<Action> ends =
        status.startsWith("warning_")
            ? List.of(new Action("win", "It ends"))
            : List.of(new Action("win", "The shop wins"), new Action("lose", "The shop loses"));
    List<Action> actions =
        closed
            ? List.of()
            : answered
                ? ends
                : Stream.concat(Stream.of(new Action("answer", "The shop answers")), ends.stream())
                    .toList();
    return step(dispute, status.equals("lost") ? "bad" : closed ? "good" : "wait", actions);
  }

  private static Step step(ObjectNode object, String tone, List<Action> actions) {
    return new Step(
        object.path("id").asText(),
        Shown.money(object.path("amount").asLong(), object.path("currency").asText()),
        Shown.words(object.path("status").asText()),
        tone,
        at(object),
        actions);
  }

  private static String at(ObjectNode object) {
    return Shown.time(Instant.ofEpochSecond(object.path("created").asLong()));
  }

  private static boolean is(ObjectNode object, String field, @Nullable String value) {
    return Objects.equals(JsonText.text(object, field), value);
  }

  private record Status(String name, String tone) {}
}
