package dev.quittance.sandbox.delivery;

import dev.quittance.sandbox.events.Provider;
import dev.quittance.sandbox.page.Pages;
import dev.quittance.sandbox.page.Shown;
import dev.quittance.sandbox.problem.Refusal;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// The deliveries and their attempts: as a page for browsers, as JSON for programs.
@Path("/deliveries")
@RunOnVirtualThread
public final class DeliveryPages {

  /// What fits a page that one scrolls.
  private static final int SHOWN_MAX = 200;

  private static final int LIMIT_MAX = 1_000;

  private final Deliveries deliveries;

  @Inject
  DeliveryPages(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  /// The newest deliveries.
  ///
  /// @param state `undelivered` leaves out what arrived
  /// @param order leaves out those about other orders
  @GET
  public Response list(
      @RestQuery @DefaultValue("") String state,
      @RestQuery @DefaultValue("") String order,
      @RestQuery @DefaultValue("" + SHOWN_MAX) int limit,
      @Context HttpHeaders headers) {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw Refusal.badRequest("The limit is from 1 to " + LIMIT_MAX + ".");
    }
    Predicate<QueuedEvent> wanted =
        queued ->
            (!state.equals("undelivered") || !queued.delivered())
                && (order.isBlank() || order.strip().equals(queued.order()));
    List<QueuedEvent> found = deliveries.newest(limit, wanted);
    return Pages.wanted(headers)
        ? Pages.page(
            Templates.deliveries(
                found.stream().map(ShownEvent::of).toList(),
                state,
                order.strip(),
                deliveries.habits()))
        : json(new Found(found));
  }

  /// One delivery with its attempts.
  @GET
  @Path("/{id}")
  public Response one(@RestPath String id, @Context HttpHeaders headers) {
    QueuedEvent queued =
        deliveries
            .find(id)
            .orElseThrow(() -> Refusal.notFound("The sandbox delivered no event " + id + "."));
    if (!Pages.wanted(headers)) {
      return json(queued);
    }
    List<ShownAttempt> attempts =
        queued.attempts().reversed().stream()
            .map(attempt -> ShownAttempt.of(attempt, deliveries.body(queued, attempt)))
            .toList();
    return Pages.page(Templates.delivery(ShownEvent.of(queued), attempts));
  }

  /// Delivers an event once more.
  @POST
  @Path("/{id}/resend")
  public Response resend(@RestPath String id, @Context HttpHeaders headers) {
    Delivery made = deliveries.resend(id);
    return Pages.wanted(headers) ? Pages.to("/deliveries/" + id) : json(made);
  }

  /// How badly it delivers.
  @GET
  @Path("/habits")
  public Response habits() {
    return json(deliveries.habits());
  }

  /// Delivers badly, or well again, from now on.
  @PUT
  @Path("/habits")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response change(@Nullable DeliveryFaults habits) {
    if (habits == null) {
      throw Refusal.badRequest("Say how, like {\"duplicatePercent\": 50}.");
    }
    deliveries.change(habits);
    return json(habits);
  }

  /// The same from the page.
  @POST
  @Path("/habits")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response change(
      @RestForm @DefaultValue("0") int duplicate,
      @RestForm @DefaultValue("0") int reorder,
      @RestForm @DefaultValue("0") int drop,
      @RestForm @DefaultValue("0") int delay) {
    deliveries.change(new DeliveryFaults(duplicate, reorder, drop, delay));
    return Pages.to("/deliveries");
  }

  private static Response json(Object entity) {
    return Response.ok(entity, MediaType.APPLICATION_JSON_TYPE).build();
  }

  /// What was found.
  public record Found(List<QueuedEvent> deliveries) {}

  /// @param tone the style's name for good, bad or undecided
  record ShownEvent(
      String id,
      String event,
      String provider,
      String endpoint,
      String order,
      String state,
      String tone,
      String first,
      String next,
      String last,
      int attempts) {

    static ShownEvent of(QueuedEvent queued) {
      boolean tried = !queued.attempts().isEmpty();
      return new ShownEvent(
          queued.eventId(),
          queued.event(),
          queued.provider() == Provider.STRIPE ? "Stripe" : "PaySuper",
          queued.endpoint(),
          queued.order() == null ? "" : queued.order(),
          Shown.words(queued.state().name()),
          switch (queued.state()) {
            case DELIVERED -> "good";
            case WAITING, RETRYING -> "wait";
            case GIVEN_UP, DROPPED -> "bad";
          },
          tried ? Shown.time(queued.attempts().getFirst().at()) : "",
          queued.nextAtMs() == null ? "" : Shown.time(Instant.ofEpochMilli(queued.nextAtMs())),
          tried ? result(queued.attempts().getLast()) : "not tried yet",
          queued.attempts().size());
    }
  }

  record ShownAttempt(
      int number,
      String at,
      String cause,
      String result,
      String tone,
      long durationMs,
      List<Header> headers,
      String body,
      String answer) {

    static ShownAttempt of(Attempt attempt, String body) {
      return new ShownAttempt(
          attempt.number() + 1,
          Shown.time(attempt.at()),
          switch (attempt.cause()) {
            case SCHEDULE -> attempt.number() == 0 ? "first attempt" : "retry " + attempt.number();
            case DUPLICATE -> "duplicate, on purpose";
            case BY_HAND -> "resent by hand";
          },
          DeliveryPages.result(attempt),
          attempt.status() != null && attempt.status() < 300 ? "good" : "bad",
          attempt.durationMs(),
          attempt.sortedHeaders().entrySet().stream()
              .map(header -> new Header(header.getKey(), header.getValue()))
              .toList(),
          body,
          attempt.answer());
    }
  }

  record Header(String name, String value) {}

  private static String result(Attempt attempt) {
    return attempt.status() == null
        ? String.valueOf(attempt.error())
        : "answered " + attempt.status();
  }

  @CheckedTemplate(basePath = "", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance deliveries(
        List<ShownEvent> deliveries, String state, String order, DeliveryFaults habits);

    static native TemplateInstance delivery(ShownEvent delivery, List<ShownAttempt> attempts);
  }
}
