package dev.quittance.ingest.provider.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Guide;
import dev.quittance.ingest.provider.Translation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StandardWebhooksTranslatorTest {

  private static final Path GUIDE = Path.of("../docs/providers/standard-webhooks.md");

  private static final String GOOD =
      """
      {"type": "payment.succeeded", "timestamp": "2026-11-22T12:00:00Z", "data":
       {"payment": "order-1", "amount": {"minorUnits": 3000, "currency": "EUR"},
        "customer": {"email": "jenny@example.com"}, "metadata": {"a": "b"}, "livemode": true,
        "items": [{"id": "1", "description": "Mug", "quantity": 2,
          "amount": {"minorUnits": 3000, "currency": "EUR"}}]}}
      """;

  private final StandardWebhooksTranslator translator = new StandardWebhooksTranslator();

  @Test
  void everyEventTypeHasItsRowInTheGuide() {
    assertThat(Guide.eventTypes("standard-webhooks"))
        .containsExactlyInAnyOrderElementsOf(StandardWebhooksTranslator.KNOWN);
  }

  @Test
  void aPaymentWithItsItemsIsCompleteAtOnce() {
    PaymentPicture picture = fold("payment.pending", "payment.succeeded");

    assertThat(picture.complete()).isTrue();
    assertThat(picture.details().itemsState()).isEqualTo(ItemsState.KNOWN);
    assertThat(picture.amount()).isEqualTo(Money.ofMinor(6_240, "EUR"));
    assertThat(picture.details().checkoutSession()).isEqualTo("visit_8f2a");
    assertThat(picture.about().order().value()).isEqualTo("standard:order-1042");
  }

  @Test
  void whatWasReceivedIsPaidWhateverTheAmount() {
    String body =
        GOOD.replace(
            "\"livemode\": true", "\"received\": {\"minorUnits\": 3500, \"currency\": \"EUR\"}");
    var facts =
        (Translation.Facts)
            translator.translate(Bodies.webhook("standard", body), Bodies.endpoint("standard"));

    PaymentPicture picture =
        PaymentPicture.of(
            List.of(
                new PaymentFact(
                    EventId.canonical("standard", "1", 0), 1, facts.events().getFirst())));

    assertThat(picture.amount()).isEqualTo(Money.ofMinor(3_000, "EUR"));
    assertThat(picture.paid()).isEqualTo(Money.ofMinor(3_500, "EUR"));
  }

  @Test
  void withoutItemsTheyAreUnknownForGood() {
    PaymentPicture picture = fold("payment.succeeded.minimal");

    assertThat(picture.complete()).isTrue();
    assertThat(picture.details().itemsState()).isEqualTo(ItemsState.UNKNOWN);
  }

  @Test
  void aLostDisputeAndARefundBelongToTheirPayment() {
    PaymentPicture picture =
        fold("payment.succeeded", "refund.updated.succeeded", "dispute.updated");

    assertThat(picture.refunded()).isEqualTo(Money.ofMinor(950, "EUR"));
    assertThat(picture.disputes())
        .extractingByKey("d-1")
        .extracting(PaymentEvent.DisputeUpdated::status)
        .isEqualTo(PaymentEvent.DisputeStatus.LOST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "payment.succeeded"           | 7                    | type must be a text of 1 to 255 characters
          "type": "payment.succeeded",  | ``                   | type is missing
          "2026-11-22T12:00:00Z"        | "yesterday"          | timestamp must be an ISO 8601 time such as 2026-11-22T12:00:00Z
          "2026-11-22T12:00:00Z"        | 1795000000           | timestamp must be an ISO 8601 time such as 2026-11-22T12:00:00Z
          "2026-11-22T12:00:00Z"        | "1970-01-01T00:00:00Z" | timestamp must be an ISO 8601 time such as 2026-11-22T12:00:00Z
          "data"                        | "date"               | data is missing
          "payment": "order-1",         | ``                   | data.payment is missing
          "payment": "order-1",         | "payment": "order 1", | data.payment must consist of ASCII characters without spaces
          "payment": "order-1",         | "payment": null,     | data.payment is missing
          "livemode": true              | "livemode": "yes"    | data.livemode must be true or false
          "livemode": true              | "received": {"minorUnits": 1, "currency": "USD"} | data.received must be in the amount's currency
          {"email": "jenny@example.com"} | "jenny@example.com" | data.customer must be an object
          {"a": "b"}                    | {"a": 7}             | data.metadata.* must be a text of 1 to 1000 characters
          "id": "1",                    | ``                   | data.items[0].id is missing
          "quantity": 2                 | "quantity": 0        | data.items[0].quantity must be a whole number from 1 to 1000000000
          "quantity": 2                 | "quantity": 1.5      | data.items[0].quantity must be a whole number from 1 to 1000000000
          "description": "Mug"          | "description": ""    | data.items[0].description must be a text of 1 to 1000 characters
          "items": [                    | "items": [{"id": "1", "description": "Twin", "amount": {"minorUnits": 1, "currency": "EUR"}}, | data.items[1].id must be no other item's id
          """)
  void whatIsNotAsDocumentedIsDeadLetteredWithItsPlace(String good, String bad, String detail) {
    assertThat(changed(good, bad))
        .isEqualTo(new Translation.Untranslatable(DeadLetter.Why.UNREADABLE, detail));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "amount": {"minorUnits": 3000, "currency": "EUR"}, | `` | data.amount is missing
          3000, "currency": "EUR"},     | 30.00, "currency": "EUR"}, | data.amount.minorUnits must be a whole number from 0 to 1000000000000000
          3000, "currency": "EUR"},     | -1, "currency": "EUR"},    | data.amount.minorUnits must be a whole number from 0 to 1000000000000000
          3000, "currency": "EUR"},     | "3000", "currency": "EUR"}, | data.amount.minorUnits must be a whole number from 0 to 1000000000000000
          3000, "currency": "EUR"},     | 3000, "currency": "XAU"},  | data.amount.currency must be an ISO 4217 code with a minor unit
          3000, "currency": "EUR"},     | 3000},               | data.amount.currency is missing
          """)
  void anAmountThatIsNoneIsDeadLetteredAsThat(String good, String bad, String detail) {
    assertThat(changed(good, bad))
        .isEqualTo(new Translation.Untranslatable(DeadLetter.Why.UNREADABLE_MONEY, detail));
  }

  @Test
  void aNameOfAsManyCharactersAsAllowedIsWholeHoweverManyUnitsItTakes() {
    String name = "\uD842\uDFB7".repeat(204);

    assertThat(customer("\"name\": \"" + name + "\"").name()).isEqualTo(name);
  }

  @Test
  void textsForPeopleThatAreTooLongAreCutBetweenCharactersAndCostNothing() {
    String tooLong = "\uD83C\uDF81".repeat(300);
    var customer =
        customer(
            "\"name\": \"%1$s\", \"address\": {\"line1\": \"%1$s\"}, \"phone\": \"%1$s\""
                .formatted(tooLong));

    assertThat(customer.name()).isEqualTo("\uD83C\uDF81".repeat(255));
    assertThat(Objects.requireNonNull(customer.address()).line1()).isEqualTo(customer.name());
    // a part of a phone number is another phone number
    assertThat(customer.phone()).isNull();
  }

  @Test
  void halfACharacterInATextForPeopleCostsNothing() {
    assertThat(customer("\"name\": \"J\\ud83cenny\\u0000\"").name()).isEqualTo("J?enny");
  }

  @ParameterizedTest
  @ValueSource(strings = {"email", "taxId", "externalId"})
  void whatIsOfNoUseInPartIsNotCut(String field) {
    assertThat(
            changed(
                "{\"email\": \"jenny@example.com\"}",
                "{\"" + field + "\": \"" + "x".repeat(256) + "\"}"))
        .isInstanceOf(Translation.Untranslatable.class);
  }

  private Customer customer(String fields) {
    var facts =
        (Translation.Facts) changed("{\"email\": \"jenny@example.com\"}", "{" + fields + "}");
    return ((PaymentEvent.Report) facts.events().getFirst()).details().customer();
  }

  private Translation changed(String good, String bad) {
    assertThat(GOOD).contains(good);
    return translator.translate(
        Bodies.webhook(
            "standard", GOOD.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad))),
        Bodies.endpoint("standard"));
  }

  @ParameterizedTest
  @CsvSource({"refund.updated,refund", "dispute.updated,dispute"})
  void aStatusThatIsNotDocumentedIsNotGuessed(String type, String id) {
    String body =
        """
        {"type": "%s", "timestamp": "2026-11-22T12:00:00Z", "data": {"payment": "order-1",
         "%s": "x-1", "status": "maybe", "amount": {"minorUnits": 1, "currency": "EUR"}}}
        """
            .formatted(type, id);

    assertThat(translator.translate(Bodies.webhook("standard", body), Bodies.endpoint("standard")))
        .isInstanceOfSatisfying(
            Translation.Untranslatable.class,
            dead -> assertThat(dead.detail()).startsWith("data.status must be one of"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleOfTheGuideIsUnderstood(String example) {
    assertThat(
            translator.translate(Bodies.webhook("standard", example), Bodies.endpoint("standard")))
        .isInstanceOf(Translation.Facts.class);
  }

  static Stream<String> examples() throws IOException {
    return Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(GUIDE))
        .results()
        .map(found -> found.group(1));
  }

  private PaymentPicture fold(String... names) {
    return PaymentPicture.of(
        Stream.of(names)
            .map(name ->
                new PaymentFact(new EventId("standard:" + name + ":0"), 1, events(name).getFirst()))
            .toList());
  }

  private List<PaymentEvent> events(String name) {
    return ((Translation.Facts)
            translator.translate(
                Bodies.webhook("standard", Bodies.body("standard/" + name)),
                Bodies.endpoint("standard")))
        .events();
  }
}
