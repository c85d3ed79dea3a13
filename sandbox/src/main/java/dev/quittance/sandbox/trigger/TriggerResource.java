package dev.quittance.sandbox.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.sandbox.delivery.Deliveries;
import dev.quittance.sandbox.delivery.Delivery;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.problem.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// `GET /trigger` lists what can happen, `POST /trigger` makes it happen.
@Path("/trigger")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public final class TriggerResource {

  /// As many as are delivered within a minute by far; more are asked for in several requests.
  private static final int COUNT_MAX = 1_000;

  /// Enough to keep an endpoint busy, few enough not to look like an attack.
  private static final int AT_ONCE_MAX = 16;

  private static final String ALL_TYPES = "*";

  private final StripeScenario stripe;
  private final PaySuperScenario paySuper;
  private final StandardScenario standard;
  private final Deliveries deliveries;

  @Inject
  TriggerResource(
      StripeScenario stripe,
      PaySuperScenario paySuper,
      StandardScenario standard,
      Deliveries deliveries) {
    this.stripe = stripe;
    this.paySuper = paySuper;
    this.standard = standard;
    this.deliveries = deliveries;
  }

  /// The events that can be triggered.
  @GET
  public Known list() {
    return new Known(KnownEvent.ALL);
  }

  /// Makes an event happen, with what naturally comes before it, and delivers all of it.
  @POST
  public Triggered trigger(@Nullable Wanted wanted) throws InterruptedException {
    if (wanted == null || wanted.event() == null) {
      throw unknown("Name an event, like {\"event\": \"checkout.session.completed\"}.");
    }
    KnownEvent event =
        KnownEvent.named(wanted.event())
            .orElseThrow(() -> unknown("The sandbox knows no such event."));
    int count = Objects.requireNonNullElse(wanted.count(), 1);
    if (count < 1 || count > COUNT_MAX) {
      throw Refusal.badRequest("The count is from 1 to " + COUNT_MAX + ".");
    }
    GivenIds given = GivenIds.of(wanted.session());
    if (count > 1 && !given.all().isEmpty()) {
      throw Refusal.badRequest("With ids given it can happen only once.");
    }
    var made = new ArrayList<Delivery>();
    var orders = new LinkedHashSet<String>();
    var emails = new LinkedHashSet<String>();
    var runs = new ArrayList<Future<Run>>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(count, AT_ONCE_MAX), Thread.ofVirtual().factory())) {
      for (int i = 0; i < count; i++) {
        runs.add(threads.submit(() -> run(event, wanted, given)));
      }
      for (Future<Run> run : runs) {
        Run done = done(run);
        made.addAll(done.deliveries());
        done.events().stream()
            .map(ProviderEvent::order)
            .filter(Objects::nonNull)
            .forEach(orders::add);
        done.events().stream()
            .map(ProviderEvent::email)
            .filter(Objects::nonNull)
            .forEach(emails::add);
      }
    }
    return new Triggered(made, List.copyOf(orders), List.copyOf(emails));
  }

  private Run run(KnownEvent known, Wanted wanted, GivenIds given) {
    var overrides =
        new Overrides(Objects.requireNonNullElse(wanted.overrides(), new LinkedHashMap<>()));
    List<ProviderEvent> told =
        switch (known.provider()) {
          case STRIPE -> stripe.run(known, overrides, given);
          case PAYSUPER -> paySuper.run(known, overrides, given);
          case STANDARD -> standard.run(known, overrides, given);
        };
    var made = new ArrayList<Delivery>();
    for (ProviderEvent event : told) {
      boolean last = event.equals(told.getLast());
      if (last || (!wanted.onlyIt() && enabled(event, wanted))) {
        overrides.writeInto(event, last);
        made.add(deliveries.deliver(event));
      }
    }
    return new Run(told, made);
  }

  private boolean enabled(ProviderEvent event, Wanted wanted) {
    return wanted.enabled() == null
        ? deliveries.enabled(event)
        : wanted.enabled().contains(ALL_TYPES) || wanted.enabled().contains(event.type());
  }

  private static Run done(Future<Run> run) throws InterruptedException {
    try {
      return run.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Refusal refusal) {
        throw refusal;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Refusal unknown(String detail) {
    return new Refusal(
        400,
        "Unknown event",
        detail,
        Map.of("events", KnownEvent.ALL.stream().map(KnownEvent::event).toList()));
  }

  /// What is asked for.
  ///
  /// @param event the provider's name of the event
  /// @param overrides what the event says instead of the ordinary, by path
  /// @param count how often it happens, each time to another payment; 1 unless given
  /// @param session an earlier payment by any of its ids, or an object of ids for a new one
  /// @param only whether what came before is kept from the endpoint
  /// @param enabled the event types that the endpoint gets; unless given, those it is set up for
  public record Wanted(
      @Nullable String event,
      @Nullable Map<String, JsonNode> overrides,
      @Nullable Integer count,
      @Nullable JsonNode session,
      @Nullable Boolean only,
      @Nullable Set<String> enabled) {

    boolean onlyIt() {
      return Boolean.TRUE.equals(only);
    }
  }

  /// What came of it.
  public record Triggered(List<Delivery> deliveries, List<String> orders, List<String> emails) {}

  /// What can be triggered.
  public record Known(List<KnownEvent> events) {}

  private record Run(List<ProviderEvent> events, List<Delivery> deliveries) {}
}
