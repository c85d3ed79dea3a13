package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Map;
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

  /// Where to go on.
  ///
  /// @param account whose events; empty for our own, which come first
  /// @param group which group of types
  /// @param after which event of it; empty for the first
  private record Cursor(String account, int group, String after) {

    static Cursor read(@Nullable String text) {
      if (text == null) {
        return new Cursor("", 0, "");
      }
      String[] parts = text.split(":", 3);
      return new Cursor(parts[0], Integer.parseInt(parts[1]), parts[2]);
    }

    @Override
    public String toString() {
      return account + ":" + group + ":" + after;
    }
  }

  @Override
  public Page page(Instant since, @Nullable String cursor, Instant now) throws Unavailable {
    Cursor from = Cursor.read(cursor);
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("delivery_success", "false");
    parameters.put("created[gte]", Long.toString(since.getEpochSecond()));
    List<String> types =
        StripeEventType.names().stream()
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
    try {
      StripeApi asked = from.account().isEmpty() ? api : api.in(from.account());
      return page(asked.get("/v1/events", parameters), from, now);
    } catch (Refused | StripeApi.Unavailable e) {
      throw new Unavailable(String.valueOf(e.getMessage()));
    }
  }

  private Page page(Fields answer, Cursor from, Instant now) throws Refused, StripeApi.Unavailable {
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
                body(event, from.account()),
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

  /// An event as its webhook says it: who asks for a connected account's events by its id isn't
  /// informed whose they are.
  private static byte[] body(Fields event, String account) {
    JsonNode node = event.node();
    if (!account.isEmpty() && !event.has("account") && node instanceof ObjectNode open) {
      node = open.deepCopy().put("account", account);
    }
    return node.toString().getBytes(UTF_8);
  }

  private @Nullable String next(Cursor from, @Nullable String last)
      throws Refused, StripeApi.Unavailable {
    if (last != null) {
      return new Cursor(from.account(), from.group(), last).toString();
    }
    if ((from.group() + 1) * TYPES_MAX < StripeEventType.names().size()) {
      return new Cursor(from.account(), from.group() + 1, "").toString();
    }
    String account = accountAfter(from.account());
    return account == null ? null : new Cursor(account, 0, "").toString();
  }

  /// The next connected account, where their events are taken: Stripe lists a platform's own events
  /// only, and those of each account when asked in its name.
  private @Nullable String accountAfter(String account) throws Refused, StripeApi.Unavailable {
    if (ConnectedAccounts.of(endpoint) == ConnectedAccounts.IGNORE) {
      return null;
    }
    Map<String, String> one =
        account.isEmpty() ? Map.of("limit", "1") : Map.of("limit", "1", "starting_after", account);
    for (Fields next : api.get("/v1/accounts", one).children("data")) {
      String id = next.text("id");
      if (id != null && ConnectedAccounts.isAccount(id)) {
        return id;
      }
    }
    return null;
  }
}
