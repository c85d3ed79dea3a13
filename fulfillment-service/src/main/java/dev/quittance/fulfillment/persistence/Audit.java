package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.CodePoints;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/// Who did or looked at what, and when, by pages and by REST. Written before it is done, so that
/// nothing is done or shown that isn't written down; completed when it is known what came of it.
@ApplicationScoped
public class Audit {

  /// The outcome until one is known. What a crash leaves so may have happened or not.
  public static final String BEGUN = "begun";

  /// The outcome of what went well.
  public static final String DONE = "done";

  /// The outcome of what was not to be.
  public static final String REFUSED = "refused";

  private static final int TEXT_LENGTH_MAX = 500;

  private static final String INSERT =
      """
      INSERT INTO console_audit (at, who, role, way, door, action, subject, detail, outcome)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      RETURNING id
      """;

  private static final String END = "UPDATE console_audit SET outcome = ? WHERE id = ?";

  private static final String OUTCOME =
      "SELECT outcome FROM console_audit WHERE id = ? AND subject = ?";

  private static final String LATEST =
      """
      SELECT at, who, role, way, door, action, subject, detail, outcome
        FROM console_audit
       WHERE subject = ?
       ORDER BY id DESC
       LIMIT ?
      """;

  private final DataSource database;
  private final Clock clock;

  public Audit(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Who asks.
  ///
  /// @param name of a person or program, or of a token that several may hold
  /// @param way how we know them: `token`, `bearer`, `password`, `provider`, `loopback`
  /// @param door by what they ask: [#CONSOLE] or [#API]
  public record Person(String name, String role, String way, String door) {

    /// By a page.
    public static final String CONSOLE = "console";

    /// By REST.
    public static final String API = "api";
  }

  /// One thing that somebody did.
  public record Entry(
      Instant at, Person who, String action, String subject, String detail, String outcome) {}

  /// Writes down what is about to be done.
  ///
  /// @param detail without personal data
  /// @return what [#end] takes
  /// @throws SQLException when it can't be written: then it mustn't be done
  public long begin(Person person, String action, String subject, String detail)
      throws SQLException {
    return insert(person, action, subject, detail, BEGUN);
  }

  /// Writes down what is done in the same moment, such as showing something.
  ///
  /// @throws SQLException when it can't be written: then it mustn't be done
  public void note(Person person, String action, String subject, String detail)
      throws SQLException {
    insert(person, action, subject, detail, DONE);
  }

  private long insert(Person person, String action, String subject, String detail, String outcome)
      throws SQLException {
    return Sql.first(
            database,
            INSERT,
            Parameters.none()
                .instant(clock.instant())
                .text(cut(person.name()))
                .text(cut(person.role()))
                .text(cut(person.way()))
                .text(cut(person.door()))
                .text(cut(action))
                .text(cut(subject))
                .text(cut(detail))
                .text(cut(outcome)),
            row -> row.getLong(1))
        .orElseThrow();
  }

  /// Writes down what came of it.
  public void end(long entry, String outcome) throws SQLException {
    Sql.update(database, END, Parameters.none().text(cut(outcome)).number(entry));
  }

  /// What came of something, by what [#begin] gave.
  ///
  /// @param subject what it was done to: of anything else nothing is said
  public Optional<String> outcome(long entry, String subject) throws SQLException {
    return Sql.first(
        database, OUTCOME, Parameters.none().number(entry).text(subject), row -> row.getString(1));
  }

  /// What was done to something, the latest first.
  public List<Entry> of(String subject, int limit) throws SQLException {
    return Sql.query(
        database,
        LATEST,
        Parameters.none().text(cut(subject)).number(limit),
        row ->
            new Entry(
                row.getTimestamp(1).toInstant(),
                new Person(row.getString(2), row.getString(3), row.getString(4), row.getString(5)),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9)));
  }

  /// PostgreSQL knows no NUL.
  private static String cut(String text) {
    return CodePoints.cut(text.replace("\u0000", ""), TEXT_LENGTH_MAX);
  }
}
