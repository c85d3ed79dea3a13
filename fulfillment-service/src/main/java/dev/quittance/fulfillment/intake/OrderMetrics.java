package dev.quittance.fulfillment.intake;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.OrderObserver;
import dev.quittance.messaging.quarkus.Relays;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what was committed, and wakes the relays for it.
@Startup
@Singleton
final class OrderMetrics implements OrderObserver {

  private static final Logger LOG = LoggerFactory.getLogger(OrderMetrics.class);

  private final Relays relays;
  private final MeterRegistry meters;
  private final Timer untilDue;
  private final Counter idsReused;
  private final Counter uncounted;
  private final Counter duplicates;

  OrderMetrics(Relays relays, MeterRegistry meters) {
    this.relays = relays;
    this.meters = meters;
    this.untilDue =
        Timer.builder("quittance.webhook.to.due")
            .description("From the webhook's receipt at the edge to the order's request")
            .publishPercentileHistogram()
            .register(meters);
    // there from the start: an alarm on an increase would miss the first otherwise
    this.uncounted =
        Counter.builder("quittance.refunds.uncounted")
            .description("Refunds in a foreign currency, which count in no sum")
            .register(meters);
    this.duplicates =
        Counter.builder("quittance.payments.duplicate")
            .description("Orders held because another one was paid before with their reference")
            .register(meters);
    this.idsReused = meters.counter("quittance.event.ids.reused");
  }

  @Override
  public void committed(Collection<OrderId> orders) {
    relays.wake(orders);
  }

  @Override
  public void due(Duration sinceReceived) {
    untilDue.record(sinceReceived.isNegative() ? Duration.ZERO : sinceReceived);
  }

  @Override
  public void uncounted(OrderId order) {
    uncounted.increment();
    LOG.warn("refund.uncounted order={}", order);
  }

  @Override
  public void duplicate(OrderId order, OrderId first) {
    duplicates.increment();
    LOG.warn("payment.duplicate order={} first={}", order, first);
  }

  @Override
  public void paid(Money received) {
    String currency = received.currency().getCurrencyCode();
    meters.counter("quittance.orders.paid", "currency", currency).increment();
    meters
        .counter("quittance.orders.paid.minor", "currency", currency)
        .increment((double) received.minorUnits()); // a figure for a dashboard and no account
  }

  @Override
  public void idsReused(int events) {
    idsReused.increment(events);
  }
}
