package dev.quittance.ingest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoint.OrdersFrom;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.standard.StandardWebhooks;
import dev.quittance.ingest.provider.stripe.Stripe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every amount field of every event of every provider, spoilt in every way. Three things hold
/// whatever it is: nothing is paid whose amount isn't known, no money is negative, and an amount
/// that it can be without doesn't cost the event.
final class EveryAmountTest {

  private static final Providers PROVIDERS =
      new Providers(List.of(new Stripe(), new PaySuper(), new StandardWebhooks()));

  /// What an event can't do without, by provider, type and the field's place.
  private static final Pattern DECISIVE =
      Pattern.compile(
          String.join(
              "|",
              "stripe checkout\\.session\\.(completed|async_payment_succeeded)"
                  + " /data/object/amount_total",
              "stripe payment_intent\\.succeeded /data/object/amount(_received)?",
              "stripe charge\\.(succeeded|captured|updated)"
                  + " /data/object/amount(_captured|_refunded)?",
              "stripe charge\\.refunded /data/object/amount(_captured|_refunded)?",
              "stripe (refund\\.\\w+|charge\\.refund\\.updated) /data/object/amount",
              "paysuper payment\\.(success|refund) /object/amount",
              "standard payment\\.\\w+ /data/(received|(items/\\d+/)?amount)/minorUnits",
              "standard refund\\.updated /data/amount/minorUnits"));

  /// One of those that a charge lists beside their total, which tells of it all the same.
  private static final Pattern LISTED_REFUND =
      Pattern.compile("/data/object/refunds/data/(\\d+)/amount");

  private static final Pattern AMOUNT =
      Pattern.compile("amount|amount_\\w+|\\w+_amount|minorUnits");

  enum Spoilt {
    MISSING,
    NULL,
    TEXT,
    NEGATIVE,
    FRACTION,
    OVERFLOW,
    BOOLEAN
  }

  record Case(String body, OrdersFrom ordersFrom, String place, Spoilt spoilt) {

    String provider() {
      return Bodies.providerOf(body);
    }
  }

  static Stream<Case> cases() {
    return Bodies.names().stream()
        .flatMap(body ->
            Stream.of(OrdersFrom.values())
                .filter(from -> translate(body, from, tree(body)) instanceof Translation.Facts)
                .flatMap(from ->
                    amounts(tree(body), "").stream()
                        .flatMap(place ->
                            Stream.of(Spoilt.values())
                                .map(spoilt -> new Case(body, from, place, spoilt)))));
  }

  @Test
  void thereAreMany() {
    assertThat(cases().map(Case::place).distinct()).hasSizeGreaterThan(20);
    assertThat(cases().filter(EveryAmountTest::decisive).map(Case::body).distinct())
        .hasSizeGreaterThan(30);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void neitherShipsForNothingKnownNorForLessThanNothing(Case spoilt) {
    var before =
        (Translation.Facts) translate(spoilt.body(), spoilt.ordersFrom(), tree(spoilt.body()));

    Translation after = translate(spoilt.body(), spoilt.ordersFrom(), spoiltBody(spoilt));

    switch (after) {
      case Translation.Facts(var events) -> {
        if (LISTED_REFUND.matcher(spoilt.place()).matches()) {
          assertThat(events).isEqualTo(without(before.events(), spoilt));
          return;
        }
        List<String> types = events.stream().map(PaymentEvent::type).toList();
        List<String> all = before.events().stream().map(PaymentEvent::type).toList();
        // of a charge that doesn't say what was captured nobody knows what was let go
        assertThat(types).isEqualTo(unsaid(spoilt) ? all.subList(0, types.size()) : all);
        for (int n = 0; n < events.size(); n++) {
          assertNothingNegative(events.get(n));
          assertPaidForAKnownAmount(before.events().get(n), events.get(n), spoilt);
        }
      }
      case Translation.Untranslatable(var why, _) -> {
        assertThat(why).isEqualTo(DeadLetter.Why.UNREADABLE_MONEY);
        assertThat(decisive(spoilt)).isTrue();
      }
      case Translation.Open _, Translation.Ignored _ ->
          throw new AssertionError("a spoilt amount doesn't change whose business it is");
    }
  }

  /// The total comes first.
  private static List<PaymentEvent> without(List<PaymentEvent> events, Case spoilt) {
    var matcher = LISTED_REFUND.matcher(spoilt.place());
    assertThat(matcher.matches()).isTrue();
    var left = new ArrayList<>(events);
    left.remove(1 + Integer.parseInt(matcher.group(1)));
    return left;
  }

  private static boolean decisive(Case spoilt) {
    return DECISIVE
        .matcher(spoilt.provider() + " " + type(tree(spoilt.body())) + " " + spoilt.place())
        .matches();
  }

  private static void assertNothingNegative(PaymentEvent event) {
    assertThat(WireFormat.mapper().<JsonNode>valueToTree(event).findValues("minorUnits"))
        .allSatisfy(units -> assertThat(units.longValue()).isNotNegative());
  }

  /// Only where an old API version doesn't say what was taken does what was agreed stand for it.
  private static void assertPaidForAKnownAmount(
      PaymentEvent before, PaymentEvent after, Case spoilt) {
    if (!(before instanceof PaymentEvent.Succeeded was)
        || !(after instanceof PaymentEvent.Succeeded is)) {
      return;
    }
    if (is.details().carriesOrder()) {
      assertThat(is.details().amount()).isNotNull();
    }
    if (is.details().amount() != null && !unsaid(spoilt)) {
      assertThat(is.details().amount()).isEqualTo(was.details().amount());
      assertThat(is.details().received()).isEqualTo(was.details().received());
    }
  }

  private static boolean unsaid(Case spoilt) {
    return spoilt.spoilt() == Spoilt.MISSING || spoilt.spoilt() == Spoilt.NULL;
  }

  private static List<String> amounts(JsonNode node, String place) {
    var places = new ArrayList<String>();
    if (node.isObject()) {
      node.properties()
          .forEach(field -> {
            String here = place + "/" + field.getKey();
            if (field.getValue().isNumber() && AMOUNT.matcher(field.getKey()).matches()) {
              places.add(here);
            }
            places.addAll(amounts(field.getValue(), here));
          });
    } else if (node.isArray()) {
      for (int n = 0; n < node.size(); n++) {
        places.addAll(amounts(node.get(n), place + "/" + n));
      }
    }
    return places;
  }

  private static JsonNode spoiltBody(Case spoilt) {
    JsonNode body = tree(spoilt.body());
    var pointer = JsonPointer.compile(spoilt.place());
    var holder = (ObjectNode) body.at(pointer.head());
    String name = pointer.last().getMatchingProperty();
    switch (spoilt.spoilt()) {
      case MISSING -> holder.remove(name);
      case NULL -> holder.set(name, NullNode.getInstance());
      case TEXT -> holder.set(name, TextNode.valueOf("a lot"));
      case NEGATIVE -> holder.set(name, number("-500"));
      case FRACTION -> holder.set(name, number("12.345678"));
      case OVERFLOW -> holder.set(name, number("123456789012345678901234567890"));
      case BOOLEAN -> holder.set(name, BooleanNode.TRUE);
    }
    return body;
  }

  private static JsonNode number(String digits) {
    return DecimalNode.valueOf(new BigDecimal(digits));
  }

  private static String type(JsonNode body) {
    return body.path(body.has("event") ? "event" : "type").asText();
  }

  private static JsonNode tree(String body) {
    try {
      return WireFormat.mapper().readTree(Bodies.body(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Translation translate(String name, OrdersFrom ordersFrom, JsonNode body) {
    String provider = Bodies.providerOf(name);
    Endpoint endpoint = Bodies.endpoint(provider, Endpoint.Mode.ANY, ordersFrom);
    return PROVIDERS
        .named(provider)
        .orElseThrow()
        .translate(Bodies.webhook(provider, body.toString().getBytes(UTF_8)), endpoint);
  }
}
