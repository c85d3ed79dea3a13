package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.MissedEvents;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.stripe.StripeApi.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stripe's list of events that it couldn't deliver, of the types that concern a payment.
final class StripeMissedEvents implements MissedEvents {

  /// Stripe lists the events of the last 30 days.
  private static final Duration REACH = Duration.ofDays(30);

  /// Stripe takes at most 20 types in one question.
  private static final int TYPES_MAX = 20;

  private final StripeApi api;
  private final Endpoint endpoint;

  StripeMissedEvents(StripeApi api, Endpoint endpoint) {
    this.api = api;
    this.endpoint = endpoint;
  }

  @Override
  public Duration reach() {
    return REACH;
  }

  /// Which group of types, and after which event of it.
  private record Cursor(int group, String after) {

    static Cursor read(@Nullable String text) {
      if (text == null) {
        return new Cursor(0, "");
      }
      int colon = text.indexOf(':');
      return new Cursor(Integer.parseInt(text.substring(0, colon)), text.substring(colon + 1));
    }

    @Override
    public String toString() {
      return group + ":" + after;
    }
  }

  @Override
  public Page page(Instant since, @Nullable String cursor, Instant now) throws Unavailable {
    Cursor from = Cursor.read(cursor);
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("delivery_success", "false");
    parameters.put("created[gte]", Long.toString(since.getEpochSecond()));
    List<String> types =
        StripeTranslator.KNOWN.stream()
            .skip((long) from.group() * TYPES_MAX)
            .limit(TYPES_MAX)
            .toList();
    for (int n = 0; n < types.size(); n++) {
      parameters.put("types[" + n + "]", types.get(n));
    }
    parameters.put("limit", Integer.toString(StripeApi.PAGE));
    if (!from.after().isEmpty()) {
      parameters.put("starting_after", from.after());
    }
    Fields answer;
    try {
      answer = api.get("/v1/events", parameters);
    } catch (Refused | StripeApi.Unavailable e) {
      throw new Unavailable(String.valueOf(e.getMessage()));
    }
    return page(answer, from, now);
  }

  private Page page(Fields answer, Cursor from, Instant now) {
    var webhooks = new ArrayList<Webhook>();
    Instant oldest = null;
    String last = null;
    for (Fields event : answer.children("data")) {
      String id = event.text("id");
      if (id != null) {
        last = id;
        var webhook =
            new Webhook(
                endpoint.name(),
                id,
                event.node().toString().getBytes(UTF_8),
                now,
                CloudEvent.Origin.RECOVERED,
                null);
        webhooks.add(webhook);
        Instant occurredAt =
            StripeEvent.read(webhook, endpoint).map(StripeEvent::occurredAt).orElse(now);
        oldest = oldest == null || occurredAt.isBefore(oldest) ? occurredAt : oldest;
      }
    }
    return new Page(webhooks, oldest, next(from, answer.is("has_more") ? last : null));
  }

  private static @Nullable String next(Cursor from, @Nullable String last) {
    if (last != null) {
      return new Cursor(from.group(), last).toString();
    }
    boolean more = (from.group() + 1) * TYPES_MAX < StripeTranslator.KNOWN.size();
    return more ? new Cursor(from.group() + 1, "").toString() : null;
  }
}
