package dev.quittance.console.transactions;

import dev.quittance.console.Labels;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.fulfillment.persistence.OrderFigures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// A filter that is chosen from a list.
///
/// @param name of the parameter
record Selection(String name, String label, List<Option> options) {

  /// One of the list.
  record Option(String value, String text, boolean chosen) {}

  static List<Selection> all(OrderFigures.Choices choices, RequestedFilters asked) {
    return List.of(
        of(
            "paymentStatus",
            "Payment",
            PaymentStatus.values(),
            status -> Labels.payment((PaymentStatus) status),
            asked),
        of(
            "fulfillmentStatus",
            "Fulfillment",
            FulfillmentStatus.values(),
            status -> Labels.fulfillment((FulfillmentStatus) status),
            asked),
        of("method", "Payment method", choices.methods(), asked),
        of("currency", "Currency", choices.currencies(), asked),
        of("account", "Account", choices.accounts(), asked),
        of("provider", "Provider", choices.providers(), asked),
        new Selection(
            "livemode",
            "Mode",
            List.of(
                new Option("true", "live", asked.value("livemode").equals("true")),
                new Option("false", "test", asked.value("livemode").equals("false")))));
  }

  /// What was asked for is in the list also when nothing has it.
  private static Selection of(
      String name, String label, List<String> values, RequestedFilters asked) {
    String chosen = asked.value(name);
    var all = new ArrayList<>(values);
    if (!chosen.isEmpty() && !all.contains(chosen)) {
      all.add(chosen);
    }
    return new Selection(
        name,
        label,
        all.stream()
            .map(value -> new Option(value, value.replace('_', ' '), value.equals(chosen)))
            .toList());
  }

  private static Selection of(
      String name,
      String label,
      Enum<?>[] values,
      Function<Enum<?>, String> words,
      RequestedFilters asked) {
    return new Selection(
        name,
        label,
        Arrays.stream(values)
            .map(status -> {
              String value = status.name().toLowerCase(Locale.ROOT);
              return new Option(value, words.apply(status), value.equals(asked.value(name)));
            })
            .toList());
  }
}
