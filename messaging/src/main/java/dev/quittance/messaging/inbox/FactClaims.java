package dev.quittance.messaging.inbox;

import static java.util.Comparator.comparing;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.SourceEventState;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which facts and withdrawals of a batch are news, and which stored facts they replace: the one
/// rule for both services, whose `payment_facts` have the columns `event_id`, `source_event`,
/// `order_id`, `translation` and `lookup`.
///
/// The rows of the provider events are locked, in the order of their ids, before anything is read:
/// two translations of one event, taken in by two instances at the same time, come one after the
/// other, and the second sees what the first has stored, under whichever order.
///
/// @param fresh the facts to be stored, by their ids
/// @param replaced what is stored and doesn't count any more
/// @param news the facts that would have been stored if each had come alone: the fresh ones, and
///   those that a later one of the same batch took the place of. How a topic is cut into batches is
///   chance, and may not show in what is counted
/// @param withdrawn the withdrawals that said something new
public record FactClaims(
    Map<EventId, PaymentFact> fresh,
    List<Stored> replaced,
    Set<PaymentFact> news,
    Set<PaymentMessage.Withdrawal> withdrawn) {

  /// A new row holds the state already; one that is known is only locked, as every row is that a
  /// conflict is found on.
  private static final String LOCK =
      """
      INSERT INTO source_events (source_event, told, closed, known, unknown, cleared)
      SELECT source_event, told, closed, known, unknown, cleared
        FROM unnest(?::text[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[])
          AS said (source_event, told, closed, known, unknown, cleared)
       ORDER BY source_event
      ON CONFLICT (source_event) DO UPDATE SET told = excluded.told WHERE false
      RETURNING source_event
      """;

  private static final String KNOWN =
      """
      SELECT said.source_event, said.told, said.closed, said.known, said.unknown, said.cleared,
             fact.event_id, fact.order_id, fact.translation, fact.lookup
        FROM source_events AS said
        LEFT JOIN payment_facts AS fact ON fact.source_event = said.source_event
       WHERE said.source_event IN (SELECT unnest(?::text[]))
      """;

  private static final String CHANGE =
      """
      UPDATE source_events
         SET told = said.told, closed = said.closed, known = said.known, unknown = said.unknown, cleared = said.cleared
        FROM unnest(?::text[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[])
          AS said (source_event, told, closed, known, unknown, cleared)
       WHERE source_events.source_event = said.source_event
      """;

  private static final String DELETE =
      "DELETE FROM payment_facts WHERE event_id IN (SELECT unnest(?::text[]))";

  /// A fact as it is stored.
  public record Stored(EventId id, OrderId order, int translation, LookUpState lookUp) {

    /// The provider event that it was made of.
    public String sourceEvent() {
      return id.sourceEvent();
    }
  }

  public FactClaims {
    fresh = Map.copyOf(fresh);
    replaced = List.copyOf(replaced);
    news = identities(news);
    withdrawn = identities(withdrawn);
  }

  /// Locks the provider events and decides. Nothing but their state is written yet: see
  /// [#deleteReplaced].
  ///
  /// @param messages in the order in which they came
  public static FactClaims of(StatementPipeline pipeline, List<PaymentMessage> messages)
      throws SQLException {
    return ask(pipeline, messages).decide();
  }

  /// Asks for the locks and for what is known of the provider events: what is asked behind it comes
  /// with the same answer.
  ///
  /// @param messages in the order in which they came
  public static Asked ask(StatementPipeline pipeline, List<PaymentMessage> messages)
      throws SQLException {
    Map<String, SourceEventState> said = said(messages);
    if (said.isEmpty()) {
      return new Asked(pipeline, messages, said, null, null);
    }
    return new Asked(
        pipeline,
        List.copyOf(messages),
        said,
        pipeline.ask(LOCK, parameters(said), row -> row.getString(1)),
        pipeline.ask(KNOWN, Parameters.texts(said.keySet()), FactClaims::known));
  }

  /// What was asked, and not read yet.
  public static final class Asked {

    private final StatementPipeline pipeline;
    private final List<PaymentMessage> messages;
    private final Map<String, SourceEventState> said;
    private final StatementPipeline.@Nullable Answer<String> locked;
    private final StatementPipeline.@Nullable Answer<Known> known;

    private Asked(
        StatementPipeline pipeline,
        List<PaymentMessage> messages,
        Map<String, SourceEventState> said,
        StatementPipeline.@Nullable Answer<String> locked,
        StatementPipeline.@Nullable Answer<Known> known) {
      this.pipeline = pipeline;
      this.messages = messages;
      this.said = said;
      this.locked = locked;
      this.known = known;
    }

    /// Reads the answers and decides: see [FactClaims#of].
    public FactClaims decide() throws SQLException {
      return locked == null || known == null
          ? new FactClaims(Map.of(), List.of(), Set.of(), Set.of())
          : decided(pipeline, messages, said, locked, known);
    }
  }

  private static FactClaims decided(
      StatementPipeline pipeline,
      List<PaymentMessage> messages,
      Map<String, SourceEventState> said,
      StatementPipeline.Answer<String> locked,
      StatementPipeline.Answer<Known> known)
      throws SQLException {
    var unseen = new HashSet<>(locked.rows());
    var before = new HashMap<String, SourceEventState>();
    var stored = new ArrayList<Stored>();
    for (Known row : known.rows()) {
      if (!unseen.contains(row.sourceEvent)) { // then it is what was just said
        before.put(row.sourceEvent, row.state);
        if (row.fact != null) {
          stored.add(row.fact);
        }
      }
    }
    stored.sort(comparing(Stored::id));
    var after = new TreeMap<String, SourceEventState>();
    said.forEach((source, news) ->
        after.put(source, before.getOrDefault(source, SourceEventState.NOTHING).merge(news)));
    var changed = new TreeMap<String, SourceEventState>();
    before.forEach((source, state) -> {
      SourceEventState now = after.getOrDefault(source, state);
      if (!now.equals(state)) {
        changed.put(source, now);
      }
    });
    if (!changed.isEmpty()) {
      pipeline.write(CHANGE, parameters(changed));
    }
    Map<EventId, PaymentFact> fresh = fresh(messages, after, stored);
    List<Stored> replaced =
        stored.stream()
            .filter(fact ->
                fresh.containsKey(fact.id())
                    || !state(after, fact.sourceEvent()).counts(fact.translation(), fact.lookUp()))
            .toList();
    var oneByOne = new OneByOne(before, stored);
    messages.forEach(oneByOne::take);
    oneByOne.news.addAll(fresh.values());
    return new FactClaims(fresh, replaced, oneByOne.news, oneByOne.withdrawn);
  }

  /// Whether a fact of the batch said something new: the very one, not its repetition.
  public boolean isNews(PaymentFact fact) {
    return news.contains(fact);
  }

  /// Whether a withdrawal of the batch said something new: the very one, not its repetition.
  public boolean isNews(PaymentMessage.Withdrawal withdrawal) {
    return withdrawn.contains(withdrawal);
  }

  /// Whether a fact of the batch is to be stored: the very one, not its repetition.
  @SuppressWarnings("ReferenceEquality")
  public boolean takes(PaymentFact fact) {
    return fresh.get(fact.id()) == fact;
  }

  /// Deletes what doesn't count any more. To be called before the fresh facts are stored.
  public void deleteReplaced(StatementPipeline pipeline) throws SQLException {
    if (!replaced.isEmpty()) {
      pipeline.write(
          DELETE, Parameters.texts(replaced.stream().map(fact -> fact.id().value()).toList()));
    }
  }

  private static SourceEventState state(Map<String, SourceEventState> states, String source) {
    return states.getOrDefault(source, SourceEventState.NOTHING);
  }

  /// What the batch says of each provider event, in the order in which they are locked.
  private static Map<String, SourceEventState> said(List<PaymentMessage> messages) {
    var said = new TreeMap<String, SourceEventState>();
    for (PaymentMessage message : messages) {
      switch (message) {
        case PaymentMessage.Fact(var fact) ->
            said.merge(fact.id().sourceEvent(), said(fact), SourceEventState::merge);
        case PaymentMessage.Withdrawal withdrawal ->
            said.merge(withdrawal.sourceEvent(), withdrawal.state(), SourceEventState::merge);
        case PaymentMessage.Foreign() -> {}
      }
    }
    return said;
  }

  private static SourceEventState said(PaymentFact fact) {
    return SourceEventState.ofFact(fact.translation(), fact.lookUp());
  }

  /// The best of each id that counts and isn't stored as well already.
  private static Map<EventId, PaymentFact> fresh(
      List<PaymentMessage> messages, Map<String, SourceEventState> states, List<Stored> stored) {
    var kept = new HashMap<EventId, Stored>();
    stored.forEach(fact -> kept.put(fact.id(), fact));
    var best = new HashMap<EventId, PaymentFact>();
    for (PaymentMessage message : messages) {
      if (!(message instanceof PaymentMessage.Fact(var fact))
          || !state(states, fact.id().sourceEvent()).counts(fact.translation(), fact.lookUp())) {
        continue;
      }
      Stored known = kept.get(fact.id());
      if (known == null
          || !state(states, known.sourceEvent()).counts(known.translation(), known.lookUp())
          || PaymentFact.outranks(
              fact.translation(), fact.lookUp(), known.translation(), known.lookUp())) {
        best.merge(fact.id(), fact, (one, other) -> other.outranks(one) ? other : one);
      }
    }
    return best;
  }

  /// A provider event with one of the facts that are stored of it.
  private record Known(String sourceEvent, SourceEventState state, @Nullable Stored fact) {}

  private static Known known(ResultSet row) throws SQLException {
    @Nullable String id = row.getString(7);
    return new Known(
        row.getString(1),
        new SourceEventState(
            row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5), row.getInt(6)),
        id == null
            ? null
            : new Stored(
                new EventId(id),
                new OrderId(row.getString(8)),
                row.getInt(9),
                LookUpState.named(row.getString(10))));
  }

  private static Parameters parameters(Map<String, SourceEventState> states) {
    return Parameters.none()
        .rows(states.entrySet())
        .text(Map.Entry::getKey)
        .ints(entry -> entry.getValue().told())
        .ints(entry -> entry.getValue().closed())
        .ints(entry -> entry.getValue().known())
        .ints(entry -> entry.getValue().unknown())
        .ints(entry -> entry.getValue().cleared())
        .end();
  }

  private static <T> Set<T> identities(Set<T> of) {
    Set<T> copy = Collections.newSetFromMap(new IdentityHashMap<>());
    copy.addAll(of);
    return Collections.unmodifiableSet(copy);
  }

  /// What each message says that those before it didn't.
  private static final class OneByOne {

    private final Map<String, SourceEventState> states;
    private final Map<EventId, Stored> kept = new HashMap<>();
    private final Set<PaymentFact> news = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<PaymentMessage.Withdrawal> withdrawn =
        Collections.newSetFromMap(new IdentityHashMap<>());

    OneByOne(Map<String, SourceEventState> before, List<Stored> stored) {
      this.states = new HashMap<>(before);
      stored.forEach(fact -> kept.put(fact.id(), fact));
    }

    void take(PaymentMessage message) {
      switch (message) {
        case PaymentMessage.Fact(var fact) -> {
          SourceEventState now = merge(fact.id().sourceEvent(), said(fact));
          Stored before = kept.get(fact.id());
          if (now.counts(fact.translation(), fact.lookUp())
              && (before == null
                  || !now.counts(before.translation(), before.lookUp())
                  || PaymentFact.outranks(
                      fact.translation(), fact.lookUp(), before.translation(), before.lookUp()))) {
            news.add(fact);
            kept.put(
                fact.id(),
                new Stored(
                    fact.id(), fact.event().about().order(), fact.translation(), fact.lookUp()));
          }
        }
        case PaymentMessage.Withdrawal withdrawal -> {
          SourceEventState before = state(states, withdrawal.sourceEvent());
          if (!merge(withdrawal.sourceEvent(), withdrawal.state()).equals(before)) {
            withdrawn.add(withdrawal);
          }
        }
        case PaymentMessage.Foreign() -> {}
      }
    }

    private SourceEventState merge(String source, SourceEventState said) {
      SourceEventState merged = state(states, source).merge(said);
      states.put(source, merged);
      return merged;
    }
  }
}
