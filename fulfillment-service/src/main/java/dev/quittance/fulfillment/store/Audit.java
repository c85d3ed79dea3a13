package dev.quittance.fulfillment.store;

import dev.quittance.contracts.CodePoints;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
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

  private static final int TEXT_LENGTH_MAX = 500;

  private static final String INSERT =
      """
      INSERT INTO console_audit (at, who, role, way, door, action, subject, detail, outcome)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      RETURNING id
      """;

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

  Audit(DataSource database, Clock clock) {
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
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
      statement.setString(2, cut(person.name()));
      statement.setString(3, cut(person.role()));
      statement.setString(4, cut(person.way()));
      statement.setString(5, cut(person.door()));
      statement.setString(6, cut(action));
      statement.setString(7, cut(subject));
      statement.setString(8, cut(detail));
      statement.setString(9, cut(outcome));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /// Writes down what came of it.
  public void end(long entry, String outcome) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("UPDATE console_audit SET outcome = ? WHERE id = ?")) {
      statement.setString(1, cut(outcome));
      statement.setLong(2, entry);
      statement.executeUpdate();
    }
  }

  /// What came of something, by what [#begin] gave.
  ///
  /// @param subject what it was done to: of anything else nothing is told
  public Optional<String> outcome(long entry, String subject) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT outcome FROM console_audit WHERE id = ? AND subject = ?")) {
      statement.setLong(1, entry);
      statement.setString(2, subject);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /// What was done to something, the latest first.
  public List<Entry> of(String subject, int limit) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(LATEST)) {
      statement.setString(1, cut(subject));
      statement.setInt(2, limit);
      var entries = new ArrayList<Entry>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          entries.add(
              new Entry(
                  rows.getObject(1, OffsetDateTime.class).toInstant(),
                  new Person(
                      rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5)),
                  rows.getString(6),
                  rows.getString(7),
                  rows.getString(8),
                  rows.getString(9)));
        }
      }
      return entries;
    }
  }

  /// PostgreSQL knows no NUL.
  private static String cut(String text) {
    String clean = text.replace("\u0000", "");
    return CodePoints.cut(clean, TEXT_LENGTH_MAX);
  }
}
