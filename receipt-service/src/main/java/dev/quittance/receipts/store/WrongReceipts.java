package dev.quittance.receipts.store;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import dev.quittance.inboxoutbox.Transactions;
import dev.quittance.receipts.receipt.Draft;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptContent;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.Status;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Corrects receipts that went out with an amount that the facts don't support. Only people ask for
/// it; the correction is a receipt of its own and goes the way of all.
public final class WrongReceipts {

  /// Their orders stay locked for some tens of milliseconds.
  private static final int BATCH = 200;

  private static final String CORRECTABLE =
      """
        FROM receipts AS wrong
        JOIN orders AS o ON o.id = wrong.order_id
       WHERE wrong.supported_minor IS NOT NULL AND wrong.first_sent_at IS NOT NULL AND o.erased_at IS NULL
         AND wrong.number IS NOT NULL AND wrong.recipient IS NOT NULL AND wrong.content IS NOT NULL
         AND NOT EXISTS (SELECT FROM receipts AS under_way
                          WHERE under_way.order_id = wrong.order_id AND under_way.kind = 'correction'
                            AND starts_with(under_way.subject, 'amount:' || wrong.id || ':')
                            AND under_way.first_sent_at IS NULL
                            AND under_way.status IN ('waiting', 'due', 'sending', 'retrying'))
      """;

  private static final String COUNT = "SELECT count(*)\n" + CORRECTABLE;

  private static final String COUNT_AT_MOST =
      "SELECT count(*) FROM (SELECT\n" + CORRECTABLE + " LIMIT ?) AS found";

  private static final String NEXT =
      "SELECT wrong.id, wrong.order_id\n"
          + CORRECTABLE
          + " AND wrong.id > ? ORDER BY wrong.id LIMIT ?";

  private static final String WHICH_OF =
      "SELECT wrong.id\n" + CORRECTABLE + " AND wrong.id = ANY (?)";

  private static final String ORDER = "SELECT order_id FROM receipts WHERE id = ?";

  private static final String OF_ORDERS =
      """
      SELECT order_id, kind, subject, status, amount_minor, currency, supported_minor, supported_currency,
             series, number, recipient, content, first_sent_at IS NOT NULL
        FROM receipts
       WHERE order_id IN (SELECT unnest(?::text[]))
       ORDER BY id
         FOR UPDATE
      """;

  private static final String CORRECTED =
      """
      UPDATE receipts AS wrong
         SET supported_minor = NULL, supported_currency = NULL
        FROM unnest(?::text[]) AS done (id)
       WHERE wrong.id = done.id
      """;

  private static final String ASKED_BY =
      "UPDATE receipts AS made SET asked_by = ? FROM unnest(?::text[]) AS new (id) WHERE made.id = new.id";

  private final DataSource database;
  private final Clock clock;

  public WrongReceipts(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// What came of asking for a correction.
  public sealed interface Answer {

    /// It is due, or was made by the same wish before.
    record Made(ReceiptId correction) implements Answer {}

    /// There is no such receipt.
    record Unknown() implements Answer {}

    /// The facts support what it says.
    record NotWrong() implements Answer {}

    /// An earlier correction of it has not arrived yet, and the facts say something else by now.
    record UnderWay() implements Answer {}

    /// Its customer was erased: there is nobody to be told.
    record Erased() implements Answer {}

    /// This version can't read what it said, so it can't say what was wrong about it.
    record Unreadable(ReceiptId wrong) implements Answer {}
  }

  /// What a correction would be.
  public sealed interface Proposal {

    /// It can be sent.
    ///
    /// @param content what it would say; it gets its number when it is sent
    record Ready(ReceiptContent content) implements Proposal {}

    /// It can't, for this reason; made before counts as nothing being wrong.
    record Refused(Answer answer) implements Proposal {}
  }

  /// How many were corrected, or could be.
  ///
  /// @param remaining how many are left of them, for which asking again is worth while
  /// @param unreadable those that this version can't read, and so didn't correct
  public record Count(long corrections, long remaining, List<ReceiptId> unreadable) {

    public Count {
      unreadable = List.copyOf(unreadable);
    }
  }

  /// Makes the correction of a receipt due. Asking again for the same is the same correction.
  ///
  /// @param by who wants it
  /// @throws DatabaseAway when the database doesn't answer
  public Answer correct(ReceiptId id, String by) {
    try {
      return Transactions.inExchange(
          database,
          exchange -> {
            Optional<OrderId> order = order(exchange.connection(), id);
            if (order.isEmpty()) {
              return new Answer.Unknown();
            }
            return correct(exchange, Map.of(id, order.get()), by).getFirst();
          });
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  /// What the correction of a receipt would say, without making it.
  ///
  /// @throws DatabaseAway when the database doesn't answer
  public Proposal propose(ReceiptId id) {
    try {
      return Transactions.inExchange(
          database,
          exchange -> {
            Optional<OrderId> order = order(exchange.connection(), id);
            if (order.isEmpty()) {
              return new Proposal.Refused(new Answer.Unknown());
            }
            Wish wish = wishes(exchange, Map.of(id, order.get())).getFirst();
            return switch (wish.answer) {
              case Answer.Made _ ->
                  wish.correction == null
                      ? new Proposal.Refused(new Answer.NotWrong())
                      : new Proposal.Ready(wish.correction.draft().content());
              case Answer.Unknown _,
                  Answer.NotWrong _,
                  Answer.UnderWay _,
                  Answer.Erased _,
                  Answer.Unreadable _ ->
                  new Proposal.Refused(wish.answer);
            };
          });
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  /// Which of some receipts could be corrected now.
  ///
  /// @throws DatabaseAway when the database doesn't answer
  public Set<String> correctable(Collection<String> ids) {
    try (Connection connection = database.getConnection()) {
      return Set.copyOf(
          new Exchange(connection)
              .ask(WHICH_OF, Parameters.texts(ids), row -> row.getString(1))
              .rows());
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  /// How many wait for somebody to correct them, for a gauge: those beyond the limit aren't looked
  /// for. An index holds the wrong ones alone.
  public long waiting(int most) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(COUNT_AT_MOST)) {
      statement.setInt(1, most);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /// How many could be corrected.
  ///
  /// @throws DatabaseAway when the database doesn't answer
  public Count count() {
    try (Connection connection = database.getConnection()) {
      return new Count(count(connection), 0, List.of());
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  /// Makes the corrections of all that are wrong due, up to [UndeliverableMails#RESENT_MAX] at a
  /// time.
  ///
  /// @param by who wants them
  /// @throws DatabaseAway when the database doesn't answer; what was done before stays done
  public Count correctAll(String by) {
    long made = 0;
    var unreadable = new ArrayList<ReceiptId>();
    String after = "";
    try {
      while (after != null && made < UndeliverableMails.RESENT_MAX) {
        String last = after;
        Step step = Transactions.inExchange(database, exchange -> step(exchange, last, by));
        made += step.made;
        unreadable.addAll(step.unreadable);
        after = step.next;
      }
      try (Connection connection = database.getConnection()) {
        // asking again finds the unreadable ones unreadable again
        long remaining = Math.max(0, count(connection) - unreadable.size());
        return new Count(made, remaining, unreadable);
      }
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  private record Step(long made, List<ReceiptId> unreadable, @Nullable String next) {}

  private Step step(Exchange exchange, String after, String by) throws SQLException {
    var wanted = new LinkedHashMap<ReceiptId, OrderId>();
    String last = null;
    for (Map.Entry<ReceiptId, OrderId> one :
        exchange
            .ask(
                NEXT,
                Parameters.none().text(after).number(BATCH),
                row -> Map.entry(new ReceiptId(row.getString(1)), new OrderId(row.getString(2))))
            .rows()) {
      last = one.getKey().value();
      wanted.put(one.getKey(), one.getValue());
    }
    if (wanted.isEmpty()) {
      return new Step(0, List.of(), null);
    }
    List<Answer> answers = correct(exchange, wanted, by);
    return new Step(
        answers.stream().filter(Answer.Made.class::isInstance).count(),
        answers.stream()
            .filter(Answer.Unreadable.class::isInstance)
            .map(answer -> ((Answer.Unreadable) answer).wrong())
            .toList(),
        wanted.size() < BATCH ? null : last);
  }

  private List<Answer> correct(Exchange exchange, Map<ReceiptId, OrderId> wanted, String by)
      throws SQLException {
    var corrected = new ArrayList<ReceiptId>();
    var made = new ArrayList<Receipt>();
    List<Wish> wishes = wishes(exchange, wanted);
    for (Wish wish : wishes) {
      if (wish.correction != null) {
        corrected.add(wish.wrong);
        made.add(wish.correction);
      }
    }
    Book.write(exchange, made, Map.of());
    exchange.write(
        ASKED_BY, Parameters.none().text(by).rows(made).text(receipt -> receipt.key().id()).end());
    exchange.write(CORRECTED, Parameters.texts(corrected));
    return wishes.stream().map(Wish::answer).toList();
  }

  /// What would come of correcting receipts, whose orders stay locked.
  private List<Wish> wishes(Exchange exchange, Map<ReceiptId, OrderId> wanted) throws SQLException {
    Set<OrderId> orders = new LinkedHashSet<>(wanted.values());
    Facts.lock(exchange, orders);
    Set<OrderId> erased = Erasure.erased(exchange, orders);
    List<Row> rows = exchange.ask(OF_ORDERS, Parameters.texts(orders), WrongReceipts::row).rows();
    Instant now = clock.instant();
    var wishes = new ArrayList<Wish>();
    for (Map.Entry<ReceiptId, OrderId> one : wanted.entrySet()) {
      Optional<Row> wrong =
          rows.stream().filter(row -> row.key.id().equals(one.getKey())).findFirst();
      if (wrong.isEmpty()) { // nobody had tried to send it, and it was withdrawn meanwhile
        wishes.add(new Wish(one.getKey(), new Answer.Unknown(), null));
      } else if (erased.contains(one.getValue())) {
        wishes.add(new Wish(one.getKey(), new Answer.Erased(), null));
      } else {
        wishes.add(wish(wrong.get(), corrections(rows, one.getKey()), now));
      }
    }
    return wishes;
  }

  private static Wish wish(Row wrong, List<Row> corrections, Instant now) {
    Money right = wrong.supported;
    if (right == null || !wrong.arrived) {
      return new Wish(
          wrong.key.id(),
          corrections.isEmpty()
              ? new Answer.NotWrong()
              : new Answer.Made(corrections.getLast().key.id()),
          null);
    }
    if (corrections.stream().anyMatch(Row::underWay)) {
      return new Wish(wrong.key.id(), new Answer.UnderWay(), null);
    }
    // what the customer read last: a correction that never arrived is none
    Row last = corrections.stream().filter(Row::arrived).reduce(wrong, (_, later) -> later);
    int nth = corrections.isEmpty() ? 1 : corrections.getLast().key.nth() + 1;
    ReceiptContent said = wrong.content();
    if (said == null) {
      return new Wish(wrong.key.id(), new Answer.Unreadable(wrong.key.id()), null);
    }
    ReceiptContent content = said.corrected(required(last.number), last.amount, right, now);
    var correction =
        new Receipt.Due(
            ReceiptKey.amountCorrection(wrong.key, right, nth),
            new Draft(content, required(wrong.recipient), required(wrong.series)),
            now);
    return new Wish(wrong.key.id(), new Answer.Made(correction.key().id()), correction);
  }

  private record Wish(ReceiptId wrong, Answer answer, Receipt.@Nullable Due correction) {}

  private static List<Row> corrections(List<Row> rows, ReceiptId wrong) {
    return rows.stream()
        .filter(row -> row.key.correctsAmountOf().filter(wrong::equals).isPresent())
        .sorted(Comparator.comparingInt(row -> row.key.nth()))
        .toList();
  }

  private static Optional<OrderId> order(Connection connection, ReceiptId id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ORDER)) {
      statement.setString(1, id.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(new OrderId(row.getString(1))) : Optional.empty();
      }
    }
  }

  private static long count(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COUNT);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    String currency = row.getString(8);
    return new Row(
        Book.key(row, 1),
        Status.named(row.getString(4)),
        Money.ofMinor(row.getLong(5), row.getString(6)),
        currency == null ? null : Money.ofMinor(row.getLong(7), currency),
        row.getString(9),
        row.getString(10),
        row.getString(11),
        row.getString(12),
        row.getBoolean(13));
  }

  /// @param supported absent where the facts support its amount
  /// @param json what it says
  /// @param arrived whether the mail server took it once
  private record Row(
      ReceiptKey key,
      Status status,
      Money amount,
      @Nullable Money supported,
      @Nullable String series,
      @Nullable String number,
      @Nullable String recipient,
      @Nullable String json,
      boolean arrived) {

    boolean underWay() {
      return !arrived && !status.settled();
    }

    /// Null where this version can't read it, as after a roll-back.
    @Nullable ReceiptContent content() {
      try {
        return WireFormat.read(
            required(json).getBytes(StandardCharsets.UTF_8), ReceiptContent.class);
      } catch (UnreadableEvent e) {
        return null;
      }
    }

    @Override
    public String toString() {
      return "Row[" + key.id().value() + "]";
    }
  }

  private static String required(@Nullable String column) {
    return Objects.requireNonNull(column, "what was sent has it, until its customer is erased");
  }
}
