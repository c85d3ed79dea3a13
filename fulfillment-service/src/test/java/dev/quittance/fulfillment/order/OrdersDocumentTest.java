package dev.quittance.fulfillment.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEventType;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Compares the tables of the document with the code.
class OrdersDocumentTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "orders.md");

  private static final Facts FACTS = Facts.here();

  private static final FulfillmentCommand COMPLETE =
      new FulfillmentCommand.Complete(List.of(), null, null);

  private static final Map<String, PaymentFact> FACT_STEPS =
      Map.ofEntries(
          Map.entry("checkout pending", FACTS.pending()),
          Map.entry("attempt declined", FACTS.attemptFailed()),
          Map.entry("checkout failed", FACTS.failed()),
          Map.entry("checkout expired", FACTS.expired()),
          Map.entry("payment without checkout", FACTS.uncarried()),
          Map.entry("paid", FACTS.paid()),
          Map.entry("paid, items asked for", FACTS.paidItemsPending()),
          Map.entry("items known", FACTS.itemsKnown()),
          Map.entry("items unknown", FACTS.itemsUnknown()),
          Map.entry("nothing to pay", FACTS.free()),
          Map.entry("refund of 10.00", FACTS.refund("re_1", RefundStatus.SUCCEEDED, 1000)),
          Map.entry("refund of 30.00", FACTS.refund("re_1", RefundStatus.SUCCEEDED, 3000)),
          Map.entry("refund failed", FACTS.refund("re_1", RefundStatus.FAILED, 3000)),
          Map.entry("10.00 captured", FACTS.captured(Origin.CHARGE, 1000)),
          Map.entry("35.00 captured", FACTS.captured(Origin.CHARGE, 3500)),
          Map.entry("release of 20.00", FACTS.refund("re_0", RefundStatus.SUCCEEDED, 2000)),
          Map.entry("refund of 7.00 EUR", FACTS.refundIn(Money.ofMinor(700, "EUR"), "re_2")),
          Map.entry("paid by a debit", FACTS.attempt("py_1", 1)),
          Map.entry("bounced", FACTS.bounced("py_1")),
          Map.entry("paid by another attempt", FACTS.attempt("py_2", 4)),
          Map.entry("inquiry", FACTS.dispute("dp_1", DisputeStatus.INQUIRY)),
          Map.entry("dispute opened", FACTS.dispute("dp_1", DisputeStatus.OPEN)),
          Map.entry("dispute won", FACTS.dispute("dp_1", DisputeStatus.WON)),
          Map.entry("dispute lost", FACTS.dispute("dp_1", DisputeStatus.LOST)));

  private static final Map<String, FulfillmentCommand> COMMAND_STEPS =
      Map.of(
          "complete",
          COMPLETE,
          "complete 1 shirt",
          new FulfillmentCommand.Complete(List.of(new FulfilledItem("shirt", 1)), null, null),
          "hold",
          new FulfillmentCommand.Hold(null),
          "release",
          new FulfillmentCommand.Release(null),
          "reverse",
          new FulfillmentCommand.Reverse(null));

  /// The cells of the rows of the table with such a heading.
  private static List<List<String>> table(String heading) throws IOException {
    List<String> lines = Files.readAllLines(DOCUMENT);
    int start = lines.indexOf(heading);
    assertThat(start).as(heading).isNotNegative();
    return lines.stream()
        .skip(start + 2L)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.substring(1).split("\\|", -1)).map(String::strip).toList())
        .toList();
  }

  private static List<List<String>> states() throws IOException {
    return table("| steps | payment | fulfillment | effect | told by the last step |");
  }

  /// Lives the steps; gives what the last one told.
  private static List<FulfillmentEventType> live(Story story, String steps) {
    List<FulfillmentEventType> told = List.of();
    for (String step : steps.split(" → ")) {
      int before = story.types().size();
      PaymentFact fact = FACT_STEPS.get(step);
      FulfillmentCommand command = COMMAND_STEPS.get(step);
      if (fact != null) {
        story.fact(fact);
      } else if (command != null) {
        if (story.state().decide(command) instanceof Decision.Refused) {
          told = List.of(FulfillmentEventType.REJECTED);
          continue;
        }
        story.command(command);
      } else if (step.equals("customer erased")) {
        story.erase();
      } else {
        throw new AssertionError("the document has an unknown step: " + step);
      }
      told = List.copyOf(story.types().subList(before, story.types().size()));
    }
    return told;
  }

  private static String shortName(FulfillmentEventType type) {
    return type.typeName().replace("dev.quittance.", "").replace(".v1", "");
  }

  private static String wireName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  @TestFactory
  Stream<DynamicTest> everyRowIsTrue() throws IOException {
    return states().stream()
        .map(row ->
            DynamicTest.dynamicTest(
                row.getFirst(),
                () -> {
                  var story = new Story();
                  List<FulfillmentEventType> told = live(story, row.getFirst());
                  assertThat(
                          List.of(
                              wireName(story.state().paymentStatus()),
                              wireName(story.state().fulfillmentStatus()),
                              wireName(story.state().effect()),
                              told.stream()
                                  .map(OrdersDocumentTest::shortName)
                                  .collect(Collectors.joining(", "))))
                      .isEqualTo(row.subList(1, 5));
                }));
  }

  @Test
  void everyStatusAndEveryEventIsInTheTable() throws IOException {
    List<List<String>> rows = states();

    assertThat(rows.stream().map(row -> row.get(1)).distinct())
        .containsExactlyInAnyOrderElementsOf(names(PaymentStatus.values()));
    assertThat(rows.stream().map(row -> row.get(2)).distinct())
        .containsExactlyInAnyOrderElementsOf(names(FulfillmentStatus.values()));
    assertThat(rows.stream().map(row -> row.get(3)).distinct())
        .containsExactlyInAnyOrderElementsOf(names(Effect.values()));
    assertThat(
            rows.stream()
                .flatMap(row -> Arrays.stream(row.get(4).split(", ")))
                .filter(told -> !told.isEmpty())
                .distinct())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(FulfillmentEventType.values())
                .map(OrdersDocumentTest::shortName)
                .toList());
  }

  private static List<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants).map(OrdersDocumentTest::wireName).toList();
  }

  @Test
  void everyCommandIsTakenOrRefusedAsTheTableSays() throws IOException {
    Map<FulfillmentStatus, String> waysThere =
        Map.of(
            FulfillmentStatus.NOT_DUE, "checkout pending",
            FulfillmentStatus.DUE, "paid",
            FulfillmentStatus.ON_HOLD, "paid → hold",
            FulfillmentStatus.PARTIALLY_FULFILLED, "paid → complete 1 shirt",
            FulfillmentStatus.FULFILLED, "paid → complete",
            FulfillmentStatus.CANCELED, "paid → refund of 30.00",
            FulfillmentStatus.REVERSAL_DUE, "paid → complete → refund of 30.00",
            FulfillmentStatus.REVERSED, "paid → complete → refund of 30.00 → reverse");
    var actual = new ArrayList<List<String>>();
    for (FulfillmentStatus status : FulfillmentStatus.values()) {
      var story = new Story();
      live(story, waysThere.getOrDefault(status, ""));
      assertThat(story.state().fulfillmentStatus()).isEqualTo(status);
      var row = new ArrayList<>(List.of(wireName(status)));
      for (FulfillmentCommand command :
          List.of(
              COMPLETE,
              new FulfillmentCommand.Hold(null),
              new FulfillmentCommand.Release(null),
              new FulfillmentCommand.Reverse(null))) {
        row.add(
            switch (story.state().decide(command)) {
              case Decision.Accepted() -> "yes";
              case Decision.Refused(var refusal) -> refusal.code();
            });
      }
      row.add("");
      actual.add(row);
    }

    assertThat(table("| fulfillment | complete | hold | release | reverse |")).isEqualTo(actual);
  }
}
