package dev.quittance.fulfillment.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells repetitions from what came under the id of another event: a sender that gives one id to
/// several events would lose all but the first. Compared is what bodies alone say ([BodyFormat]),
/// in the words of the same translation. A customer who was erased since is no difference: what was
/// stored anew without them is not compared.
final class ReusedIds {

  private static final String KEPT =
      """
      SELECT event_id, translation, body_format, type, data
        FROM payment_facts WHERE event_id IN (SELECT unnest(?::text[])) AND body_format IS NOT NULL
      """;

  /// What of [dev.quittance.contracts.About] the provider says; the rest is how and when it came.
  private static final List<String> SAID_OF_ITSELF =
      List.of("livemode", "sourceType", "connectedAccount");

  /// What of the details follows from the endpoint's settings.
  private static final List<String> SETTLED_BY_US = List.of("carriesOrder", "itemsState");

  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Kept(int translation, String bodyFormat, String type, byte[] data) {}

  private ReusedIds() {}

  /// Those that say something else than what is kept under their ids.
  ///
  /// @param repeated facts whose ids are taken
  static Set<IncomingFact.Told> among(Exchange exchange, List<IncomingFact.Told> repeated)
      throws SQLException {
    List<IncomingFact.Told> comparable =
        repeated.stream().filter(told -> told.bodyFormat() != null).toList();
    if (comparable.isEmpty()) {
      return Set.of();
    }
    Map<String, Kept> kept = kept(exchange, comparable);
    Set<IncomingFact.Told> reused = Collections.newSetFromMap(new IdentityHashMap<>());
    for (IncomingFact.Told told : comparable) {
      if (differs(told, kept.get(told.fact().id().value()))) {
        reused.add(told);
      }
    }
    return reused;
  }

  private static Map<String, Kept> kept(Exchange exchange, List<IncomingFact.Told> comparable)
      throws SQLException {
    Parameters ids = Parameters.texts(comparable.stream().map(told -> told.fact().id()).toList());
    var kept = new HashMap<String, Kept>();
    for (Map.Entry<String, Kept> row : exchange.ask(KEPT, ids, ReusedIds::kept).rows()) {
      kept.put(row.getKey(), row.getValue());
    }
    return kept;
  }

  private static Map.Entry<String, Kept> kept(ResultSet row) throws SQLException {
    return Map.entry(
        row.getString(1),
        new Kept(row.getInt(2), row.getString(3), row.getString(4), row.getBytes(5)));
  }

  private static boolean differs(IncomingFact.Told told, @Nullable Kept kept) {
    if (kept == null
        || kept.translation() != told.fact().translation()
        || !kept.bodyFormat().equals(told.bodyFormat())) {
      return false;
    }
    return !kept.type().equals(told.fact().event().type())
        || (!Arrays.equals(kept.data(), told.data())
            && !said(kept.data()).equals(said(told.data())));
  }

  /// What the provider says in an event.
  private static JsonNode said(byte[] data) {
    JsonNode event = WireFormat.read(data, JsonNode.class);
    if (event.path("about") instanceof ObjectNode about) {
      String payment = new OrderId(about.path("order").asText()).paymentReference();
      about.retain(SAID_OF_ITSELF);
      about.put("payment", payment);
    }
    if (event.path("details") instanceof ObjectNode details) {
      details.remove(SETTLED_BY_US);
    }
    return event;
  }
}
