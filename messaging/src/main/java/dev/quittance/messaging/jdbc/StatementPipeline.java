package dev.quittance.messaging.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Statements of one transaction that go to the database together and come back together: each
/// sending is one round trip, and the last one carries the commit. What is written waits for the
/// next answer that somebody wants, or for the commit; the order of statements stays.
///
/// The driver sends a text of several statements as one pipeline with one `Sync`, each with its own
/// prepared statement (PostgreSQL's extended protocol, "Pipelining"): after the first that fails
/// none is executed, the commit neither.
///
/// Not for several threads.
public final class StatementPipeline {

  /// Statements behind one whose answer may be long have to fit into the buffers between here and
  /// the database: it stops reading while nobody reads what it says. TCP's are 64 KiB or more.
  static final int BEHIND_AN_ANSWER_MAX = 48 * 1024;

  /// Goes before the first statement, for this transaction alone. Whatever is done here finds its
  /// rows by their keys, as many as a batch has. The planner doesn't know: it guesses that an array
  /// has ten elements, and takes a table that was small a minute ago for small; then it reads and
  /// hashes all of it. And it often plans anew, which costs as much as the statement (PostgreSQL,
  /// "Planner Method Configuration", `plan_cache_mode`); a session that wants it to, as a relay's,
  /// has its way. With these, a plan that is kept looks up keys if the table had ten rows when it
  /// was made, or was never analyzed. Its compiler is off since versions before 18 add ten billion
  /// to the cost of what is switched off, and compile what is that dear.
  private static final String BY_KEYS =
      """
      SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
             set_config('enable_mergejoin', 'off', true), set_config('enable_material', 'off', true),
             set_config('jit', 'off', true),
             set_config('plan_cache_mode',
                        CASE current_setting('plan_cache_mode') WHEN 'auto' THEN 'force_generic_plan'
                             ELSE current_setting('plan_cache_mode') END, true)
      """;

  private static final String UNIQUE_VIOLATION = "23505";

  /// Serialization failure: the transaction is to be repeated.
  private static final String REPEAT = "40001";

  private final Connection transaction;
  private final List<Statement> waiting = new ArrayList<>();
  private final List<String> raced = new ArrayList<>();
  private boolean begun;
  private boolean answers;
  private long behindAnswers;

  /// @param transaction doesn't commit by itself
  public StatementPipeline(Connection transaction) {
    this(transaction, false);
  }

  private StatementPipeline(Connection transaction, boolean begun) {
    this.transaction = transaction;
    this.begun = begun;
  }

  /// For a session that plans for keys by itself and commits what goes together: each sending is a
  /// transaction, without a statement that isn't asked for.
  public static StatementPipeline ofSession(Connection session) {
    return new StatementPipeline(session, true);
  }

  /// Reads a row.
  ///
  /// @param <T> what it holds
  @FunctionalInterface
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// What a statement answers, once somebody wants to know.
  ///
  /// @param <T> a row
  public final class Answer<T> {

    private @Nullable List<T> rows;

    private Answer() {}

    /// The rows, in the order in which they came. Sends all that waits, unless it is there already.
    public List<T> rows() throws SQLException {
      if (rows == null) {
        send();
      }
      if (rows == null) {
        throw new IllegalStateException("the statement was rolled back");
      }
      return rows;
    }
  }

  private record Statement(String sql, Parameters parameters, Reading reading) {}

  @FunctionalInterface
  private interface Reading {
    void read(ResultSet rows) throws SQLException;
  }

  /// Adds a statement whose answer is of no interest.
  public void write(String sql, Parameters parameters) throws SQLException {
    add(new Statement(sql, parameters, _ -> {}));
  }

  /// Adds a statement that inserts what another transaction may insert at the same time. If it did,
  /// this one has to be repeated, and then finds it.
  ///
  /// @param constraint the one that tells so
  public void insert(String sql, Parameters parameters, String constraint) throws SQLException {
    raced.add(constraint);
    write(sql, parameters);
  }

  /// Adds a statement that answers with rows.
  public <T> Answer<T> ask(String sql, Parameters parameters, Row<T> row) throws SQLException {
    var answer = new Answer<T>();
    add(
        new Statement(
            sql,
            parameters,
            rows -> {
              var read = new ArrayList<T>();
              while (rows.next()) {
                read.add(row.read(rows));
              }
              answer.rows = read;
            }));
    answers = true;
    return answer;
  }

  private void add(Statement statement) throws SQLException {
    if (!begun) {
      begun = true;
      waiting.add(new Statement(BY_KEYS, Parameters.none(), _ -> {}));
    }
    if (answers) {
      behindAnswers += statement.sql.length() + statement.parameters.size();
      if (behindAnswers > BEHIND_AN_ANSWER_MAX) {
        send();
      }
    }
    waiting.add(statement);
  }

  /// The transaction, for statements that go by themselves: all that waits has been sent.
  public Connection connection() throws SQLException {
    send();
    return transaction;
  }

  /// Sends what waits, and reads the answers.
  ///
  /// @throws SQLException when the database refuses one of the statements: the transaction is to be
  ///   rolled back
  public void send() throws SQLException {
    if (!waiting.isEmpty()) {
      List<Statement> together = List.copyOf(waiting);
      waiting.clear();
      answers = false;
      behindAnswers = 0;
      try {
        execute(together);
      } catch (SQLException e) {
        throw lostRace(e) ? new SQLException("another transaction was first", REPEAT, e) : e;
      }
    }
  }

  /// Sends what waits and commits.
  public void commit() throws SQLException {
    write("COMMIT", Parameters.none());
    begun = false;
    send();
  }

  private void execute(List<Statement> together) throws SQLException {
    var sql = new StringBuilder();
    for (Statement statement : together) {
      sql.append(sql.isEmpty() ? "" : ";\n").append(statement.sql.stripTrailing());
    }
    try (PreparedStatement prepared = transaction.prepareStatement(sql.toString())) {
      int index = 1;
      for (Statement statement : together) {
        index = statement.parameters.set(transaction, prepared, index);
      }
      boolean rows = prepared.execute();
      for (int i = 0; i < together.size(); i++) {
        if (i > 0) {
          rows = prepared.getMoreResults();
        }
        if (rows) {
          try (ResultSet answer = prepared.getResultSet()) {
            together.get(i).reading.read(answer);
          }
        } else if (prepared.getUpdateCount() < 0) {
          throw new IllegalStateException("fewer answers than statements");
        }
      }
    }
  }

  /// By the first line of what the server says: what follows names the values.
  private boolean lostRace(SQLException failure) {
    String message = failure.getMessage();
    return UNIQUE_VIOLATION.equals(failure.getSQLState())
        && message != null
        && message.lines().limit(1).anyMatch(line -> raced.stream().anyMatch(line::contains));
  }
}
