package dev.quittance.fulfillment.persistence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.ReceivedMessage;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
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
public final class ReusedIds {

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
  public static Set<ReceivedMessage> among(
      StatementPipeline transaction, List<ReceivedMessage> repeated) throws SQLException {
    List<ReceivedMessage> comparable =
        repeated.stream().filter(fact -> fact.bodyFormat() != null).toList();
    if (comparable.isEmpty()) {
      return Set.of();
    }
    Map<String, Kept> kept = kept(transaction, comparable);
    Set<ReceivedMessage> reused = Collections.newSetFromMap(new IdentityHashMap<>());
    for (ReceivedMessage fact : comparable) {
      if (differs(fact, kept.get(fact.fact().id().value()))) {
        reused.add(fact);
      }
    }
    return reused;
  }

  private static Map<String, Kept> kept(
      StatementPipeline transaction, List<ReceivedMessage> comparable) throws SQLException {
    Parameters ids = Parameters.texts(comparable.stream().map(fact -> fact.fact().id()).toList());
    var kept = new HashMap<String, Kept>();
    for (Map.Entry<String, Kept> row : transaction.ask(KEPT, ids, ReusedIds::kept).rows()) {
      kept.put(row.getKey(), row.getValue());
    }
    return kept;
  }

  private static Map.Entry<String, Kept> kept(ResultSet row) throws SQLException {
    return Map.entry(
        row.getString(1),
        new Kept(row.getInt(2), row.getString(3), row.getString(4), row.getBytes(5)));
  }

  private static boolean differs(ReceivedMessage repeated, @Nullable Kept kept) {
    if (kept == null
        || kept.translation() != repeated.fact().translation()
        || !kept.bodyFormat().equals(repeated.bodyFormat())) {
      return false;
    }
    return !kept.type().equals(repeated.fact().event().type())
        || (!Arrays.equals(kept.data(), repeated.event().data())
            && !said(kept.data()).equals(said(repeated.event().data())));
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
