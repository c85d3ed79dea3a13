package dev.quittance.fulfillment.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/// Three payments of one cart, whatever is said of each and whatever people do about them, in any
/// order: claims are rows of a table here as in the database, and the rest is the service's own.
class PaidTwiceLawsTest {

  private static final List<OrderId> CART =
      List.of(new OrderId("stripe:pi_1"), new OrderId("stripe:pi_2"), new OrderId("stripe:pi_3"));

  private static final Instant NOW = Facts.START;

  /// How an order stands that ships or shipped.
  private static final Set<Effect> OUT = EnumSet.of(Effect.ACTIVE, Effect.DONE, Effect.REVERSAL);

  /// One step of their lives.
  sealed interface Step {
    int order();

    record Fact(int order, PaymentFact fact) implements Step {}

    record Command(int order, FulfillmentCommand command) implements Step {}

    /// The look at those that wait.
    record Look(int order) implements Step {}
  }

  @Provide
  Arbitrary<List<Step>> lives() {
    Arbitrary<Integer> which = Arbitraries.integers().between(0, CART.size() - 1);
    Arbitrary<Step> facts =
        Combinators.combine(which, new OrderLawsTest().facts())
            .as((order, fact) -> new Step.Fact(order, of(order, fact)));
    Arbitrary<Step> payments = which.map(order -> new Step.Fact(order, of(order, PAID)));
    Arbitrary<Step> commands =
        Combinators.combine(which, new OrderLawsTest().commands()).as(Step.Command::new);
    Arbitrary<Step> looks = which.map(Step.Look::new);
    return Arbitraries.oneOf(payments, payments, facts, facts, commands, looks)
        .list()
        .ofMinSize(2)
        .ofMaxSize(24);
  }

  private static final PaymentFact PAID = Facts.here().paid();

  /// What is said of the first order, of another one.
  private static PaymentFact of(int order, PaymentFact fact) {
    ObjectNode data = WireFormat.mapper().valueToTree(fact.event());
    data.withObjectProperty("about")
        .put("order", CART.get(order).value())
        .put("references", "order");
    return new PaymentFact(
        new EventId(fact.id().value() + "-" + order),
        fact.translation(),
        WireFormat.read(WireFormat.write(data), fact.event().getClass()));
  }

  @Property(tries = 3000)
  void atMostOneOfACartIsOutUnlessAPersonLetAnotherGo(@ForAll("lives") List<Step> steps) {
    var shop = new Shop();
    for (Step step : steps) {
      shop.live(step);

      List<Row> out = shop.rows.values().stream().filter(Row::isOut).toList();
      long byHand = out.stream().filter(row -> shop.letGo.contains(row.id)).count();
      assertThat(out.size() - byHand).as("%s after %s", out, step).isLessThanOrEqualTo(1);
    }
  }

  @Property(tries = 3000)
  void whoeverWaitsWaitsForOneThatIsNotCanceled(@ForAll("lives") List<Step> steps) {
    var shop = new Shop();
    steps.forEach(shop::live);
    // each look may let one go
    CART.forEach(_ -> {
      for (int order = 0; order < CART.size(); order++) {
        shop.live(new Step.Look(order));
      }
    });

    for (Row row : shop.rows.values()) {
      OrderId first = row.waitsFor();
      if (first != null && row.wouldGoOut()) {
        assertThat(shop.rows).containsKey(first);
        assertThat(shop.rows.get(first))
            .extracting(other -> other.announced.effect())
            .isNotEqualTo(Effect.CANCELED);
      }
    }
  }

  @Property(tries = 2000)
  void whatIsStoredFoldsToTheSameHoweverFactsAreShuffled(
      @ForAll("lives") List<Step> steps, @ForAll Random random) {
    var shop = new Shop();
    steps.forEach(shop::live);

    for (Row row : shop.rows.values()) {
      var shuffled = new ArrayList<>(row.facts);
      Collections.shuffle(shuffled, random);
      OrderState again = OrderState.of(shuffled, row.commands);
      assertThat(again).isEqualTo(OrderState.of(row.facts, row.commands));
      assertThat(again.effect()).isEqualTo(row.announced.effect());
    }
  }

  /// An order as its row and its facts and commands hold it.
  private static final class Row {
    private final OrderId id;
    private final List<PaymentFact> facts = new ArrayList<>();
    private final List<AcceptedCommand> commands = new ArrayList<>();
    private AnnouncedState announced = AnnouncedState.NOTHING;
    private long version;
    private long sequence;
    private byte @Nullable [] json;
    private Instant updatedAt = Instant.EPOCH;

    Row(OrderId id) {
      this.id = id;
    }

    Order load() {
      var order = new Order(id, version, sequence, announced, json, updatedAt, null);
      facts.forEach(fact -> order.addFact(fact, WireFormat.write(fact.event())));
      commands.forEach(order::addCommand);
      return order;
    }

    void save(Order order) {
      version = order.version();
      sequence = order.sequence();
      announced = order.announced();
      json = order.json();
      updatedAt = order.updatedAt();
      for (Order.DecidedCommand decided : order.decided()) {
        if (decided.number() != null) {
          commands.add(
              new AcceptedCommand(
                  decided.number(),
                  decided.id(),
                  decided.source(),
                  decided.at(),
                  decided.command(),
                  decided.duplicateOf()));
        }
      }
    }

    boolean isOut() {
      return OUT.contains(announced.effect());
    }

    @Nullable OrderId waitsFor() {
      OrderState state = OrderState.of(facts, commands);
      return state.heldAsDuplicate() ? state.duplicateOf() : null;
    }

    /// Whether nothing else holds it.
    boolean wouldGoOut() {
      return load().toBeClaimed(false) != null;
    }

    @Override
    public String toString() {
      return id + " " + announced.effect();
    }
  }

  /// The transactions, one after the other, as use cases and the repository make them.
  private static final class Shop {
    private final Map<OrderId, Row> rows = new HashMap<>();
    private final Map<ReferenceKey, OrderId> claims = new HashMap<>();

    /// Whom a person let go though it was paid twice.
    private final Set<OrderId> letGo = new HashSet<>();

    private long given;

    void live(Step step) {
      OrderId id = CART.get(step.order());
      switch (step) {
        case Step.Fact(_, var fact) -> {
          Row row = rows.computeIfAbsent(id, Row::new);
          if (row.facts.stream().noneMatch(known -> known.id().equals(fact.id()))) {
            row.facts.add(fact);
            refold(row);
          }
        }
        case Step.Command(_, var command) -> {
          Row row = rows.get(id);
          if (row != null) {
            take(row, command);
          }
        }
        case Step.Look _ -> {
          Row row = rows.get(id);
          if (row != null && row.waitsFor() != null) {
            refold(row);
          }
        }
      }
    }

    private void refold(Row row) {
      Order order = row.load();
      settle(order, false);
      order.refold(NOW);
      row.save(order);
    }

    private void take(Row row, FulfillmentCommand command) {
      boolean releases = command instanceof FulfillmentCommand.Release;
      boolean waited = row.waitsFor() != null;
      Order order = row.load();
      settle(order, releases);
      Decision decision = order.take(new EventId("cmd-" + ++given), "/somebody", command, NOW);
      row.save(order);
      if (waited && releases && decision instanceof Decision.Accepted) {
        letGo.add(row.id);
      }
    }

    private void settle(Order order, boolean releasing) {
      ReferenceKey key = order.toBeClaimed(releasing);
      if (key == null) {
        return;
      }
      OrderId owner = claims.computeIfAbsent(key, _ -> order.id());
      Row first = rows.get(owner);
      boolean canceled =
          !owner.equals(order.id()) && first != null && first.announced.effect() == Effect.CANCELED;
      if (canceled) {
        claims.put(key, order.id());
      }
      order.claimed(canceled || owner.equals(order.id()) ? null : owner);
    }
  }
}
