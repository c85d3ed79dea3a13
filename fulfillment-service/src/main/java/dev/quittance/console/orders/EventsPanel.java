package dev.quittance.console.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.quittance.console.Labels;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.broker.BrokersUnavailable;
import dev.quittance.fulfillment.broker.VerbatimLookup;
import dev.quittance.fulfillment.broker.VerbatimLookup.Found;
import dev.quittance.fulfillment.broker.VerbatimLookup.Wanted;
import dev.quittance.fulfillment.persistence.OrderQueries;
import dev.quittance.fulfillment.persistence.ReceivedFact;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the provider said beside what it means. The latter is in our database, the former is looked
/// up on the verbatim topic when somebody asks.
@ApplicationScoped
public class EventsPanel {

  /// Each is looked up by itself; an order has a handful.
  private static final int PROVIDER_EVENTS_MAX = 20;

  private static final int EVENTS_MAX = 100;

  /// The largest webhook; more would come from nowhere.
  private static final int SHOWN_BYTES_MAX = 262_144;

  private static final ObjectWriter INDENTED = WireFormat.mapper().writerWithDefaultPrettyPrinter();

  private final OrderQueries orders;
  private final VerbatimLookup verbatim;

  EventsPanel(OrderQueries orders, VerbatimLookup verbatim) {
    this.orders = orders;
    this.verbatim = verbatim;
  }

  /// @param trouble why the verbatim side is empty; empty when it isn't
  /// @param more whether there are more events than are shown
  public record Sides(List<Pair> pairs, String trouble, boolean more) {}

  /// One event of the provider, and the events that were made of it.
  ///
  /// @param where it stands on the topic; empty when it wasn't found
  public record Pair(String key, String where, String raw, List<Canonical> canonical) {}

  /// One event in our words.
  public record Canonical(String id, String type, String origin, int translation, String json) {}

  Sides of(OrderId order) {
    var bySource = new LinkedHashMap<String, List<ReceivedFact>>();
    for (ReceivedFact fact : orders.receivedFacts(order, EVENTS_MAX)) {
      bySource.computeIfAbsent(fact.sourceEvent(), _ -> new ArrayList<>()).add(fact);
    }
    var shown = bySource.entrySet().stream().limit(PROVIDER_EVENTS_MAX).toList();
    Map<String, Found> found = Map.of();
    String trouble = "";
    boolean erased = orders.isErased(order);
    if (erased) {
      trouble = "The customer was erased.";
    }
    try {
      found =
          erased
              ? Map.of()
              : verbatim.find(
                  shown.stream()
                      .map(entry -> wanted(entry.getKey(), entry.getValue().getFirst()))
                      .toList());
    } catch (BrokersUnavailable e) {
      trouble = String.valueOf(e.getMessage());
    }
    var pairs = new ArrayList<Pair>();
    for (var entry : shown) {
      pairs.add(pair(entry.getKey(), found.get(entry.getKey()), entry.getValue()));
    }
    return new Sides(pairs, trouble, bySource.size() > shown.size());
  }

  private static Wanted wanted(String key, ReceivedFact fact) {
    return new Wanted(key, Objects.requireNonNullElse(fact.receivedAt(), fact.recordedAt()));
  }

  private static Pair pair(String key, @Nullable Found found, List<ReceivedFact> facts) {
    return new Pair(
        key,
        found == null
            ? ""
            : "partition "
                + found.partition()
                + ", offset "
                + found.offset()
                + ", "
                + Labels.time(found.at())
                + " UTC, "
                + found.origin(),
        found == null ? "" : text(found.body()),
        facts.stream().map(EventsPanel::canonical).toList());
  }

  private static String text(byte[] body) {
    return body.length > SHOWN_BYTES_MAX
        ? new String(body, 0, SHOWN_BYTES_MAX, UTF_8) + "…"
        : new String(body, UTF_8);
  }

  private static Canonical canonical(ReceivedFact fact) {
    return new Canonical(
        fact.eventId(), fact.type(), fact.origin(), fact.translation(), indented(fact.data()));
  }

  private static String indented(byte[] json) {
    try {
      return INDENTED.writeValueAsString(WireFormat.mapper().readTree(json));
    } catch (JsonProcessingException e) {
      return new String(json, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
