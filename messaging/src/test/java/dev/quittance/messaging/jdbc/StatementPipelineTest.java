package dev.quittance.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.messaging.TestDatabase;
import dev.quittance.testkit.RoundTrips;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class StatementPipelineTest {

  private static final String INSERT = "INSERT INTO notes (id, word) VALUES (?, ?)";
  private static final String WORDS = "SELECT word FROM notes ORDER BY id";

  private static PGSimpleDataSource database;

  private RoundTrips trips;
  private Connection transaction;
  private StatementPipeline pipeline;

  @BeforeAll
  static void create() throws Exception {
    database = (PGSimpleDataSource) TestDatabase.create();
  }

  @BeforeEach
  void begin() throws SQLException {
    TestDatabase.run(
        database, "DROP TABLE IF EXISTS notes; CREATE TABLE notes (id int PRIMARY KEY, word text)");
    trips = new RoundTrips(database.getPortNumbers()[0]);
    var counted = new PGSimpleDataSource();
    counted.setPortNumbers(new int[] {trips.port()});
    counted.setServerNames(new String[] {"127.0.0.1"});
    counted.setDatabaseName(database.getDatabaseName());
    counted.setUser(database.getUser());
    counted.setPassword(database.getPassword());
    transaction = counted.getConnection();
    transaction.setAutoCommit(false);
    pipeline = new StatementPipeline(transaction);
  }

  @AfterEach
  void end() throws SQLException {
    transaction.close();
    trips.close();
  }

  private static Parameters note(int id, String word) {
    return Parameters.none().number(id).text(word);
  }

  private static String stored() throws SQLException {
    return TestDatabase.ask(database, "SELECT string_agg(word, ' ' ORDER BY id) FROM notes");
  }

  @Test
  void statementsAndTheCommitAreOneRoundTrip() throws SQLException {
    for (int time = 0; time < 20; time++) { // the driver prepares what it has seen often enough
      long before = trips.count();
      pipeline.write(INSERT, note(2 * time, "a"));
      pipeline.write(INSERT, note(2 * time + 1, "b"));
      pipeline.commit();

      assertThat(trips.count() - before).isEqualTo(1);
    }
    assertThat(TestDatabase.ask(database, "SELECT count(*) FROM notes")).isEqualTo("40");
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 500})
  void aPlanThatIsKeptFindsRowsByTheirKeysHoweverFewThereWere(int rows) throws SQLException {
    TestDatabase.run(
        database,
        "INSERT INTO notes SELECT n, 'a' FROM generate_series(1, %d) AS n; ANALYZE notes"
            .formatted(rows));
    TestDatabase.run(
        transaction,
        "PREPARE by_keys (int[]) AS SELECT word FROM notes WHERE id IN (SELECT unnest($1)) ORDER BY id FOR UPDATE");

    StatementPipeline.Answer<String> plan =
        pipeline.ask(
            "EXPLAIN EXECUTE by_keys ('{1,2}')", Parameters.none(), row -> row.getString(1));

    assertThat(plan.rows())
        .anyMatch(line -> line.contains("Index Cond"))
        .noneMatch(line -> line.contains("Seq Scan"));
  }

  private static final String PLANNER =
      "SELECT current_setting('enable_seqscan') || ' ' || current_setting('plan_cache_mode')";

  @Test
  void whatTheTransactionTellsThePlannerEndsWithIt() throws SQLException {
    StatementPipeline.Answer<String> within =
        pipeline.ask(PLANNER, Parameters.none(), row -> row.getString(1));
    pipeline.commit();

    assertThat(within.rows()).containsExactly("off force_generic_plan");
    try (var statement = transaction.createStatement();
        var row = statement.executeQuery(PLANNER)) {
      row.next();
      assertThat(row.getString(1)).isEqualTo("on auto");
    }
  }

  @Test
  void aSessionThatWantsItsStatementsPlannedAnewHasItsWay() throws SQLException {
    TestDatabase.run(transaction, "SET plan_cache_mode = force_custom_plan");
    StatementPipeline.Answer<String> within =
        pipeline.ask(PLANNER, Parameters.none(), row -> row.getString(1));

    assertThat(within.rows()).containsExactly("off force_custom_plan");
  }

  @Test
  void answersThatAreAskedForTogetherComeTogether() throws SQLException {
    for (int time = 0; time < 20; time++) {
      long before = trips.count();
      pipeline.write(INSERT, note(time, "word"));
      StatementPipeline.Answer<String> words =
          pipeline.ask(WORDS, Parameters.none(), r -> r.getString(1));
      StatementPipeline.Answer<Long> none =
          pipeline.ask(
              "SELECT 1 WHERE ? = ANY (?::text[])",
              Parameters.none().text("a").rows(List.of("b", "c")).text(word -> word).end(),
              r -> r.getLong(1));

      assertThat(words.rows()).hasSize(time + 1);
      assertThat(none.rows()).isEmpty();
      assertThat(trips.count() - before).isEqualTo(1);
    }
    pipeline.commit();
  }

  @Test
  void statementsWorkInTheirOrder() throws SQLException {
    pipeline.write(INSERT, note(1, "first"));
    StatementPipeline.Answer<String> between =
        pipeline.ask(WORDS, Parameters.none(), r -> r.getString(1));
    pipeline.write("UPDATE notes SET word = ?", Parameters.none().text("second"));
    StatementPipeline.Answer<String> after =
        pipeline.ask(WORDS, Parameters.none(), r -> r.getString(1));

    assertThat(after.rows()).containsExactly("second");
    assertThat(between.rows()).containsExactly("first");
  }

  @Test
  void nothingIsCommittedBehindAFailure() throws SQLException {
    pipeline.write(INSERT, note(1, "a"));
    pipeline.write(INSERT, note(1, "again"));

    assertThatThrownBy(pipeline::commit)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
    transaction.rollback();

    assertThat(stored()).isEqualTo("null");
  }

  @Test
  void whoInsertsTheSameAtTheSameTimeIsToRepeat() throws SQLException {
    TestDatabase.run(database, "INSERT INTO notes VALUES (1, 'theirs')");
    pipeline.insert(INSERT, note(1, "ours"), "notes_pkey");

    assertThatThrownBy(pipeline::commit)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40001"));
  }

  @Test
  void answerThatWasRolledBackIsNone() throws SQLException {
    pipeline.write(INSERT, note(1, "a"));
    pipeline.write(INSERT, note(1, "again"));
    StatementPipeline.Answer<String> answer =
        pipeline.ask(WORDS, Parameters.none(), r -> r.getString(1));

    assertThatThrownBy(answer::rows).isInstanceOf(SQLException.class);
    assertThatThrownBy(answer::rows).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void statementsThatGoByThemselvesFindWhatWasWritten() throws SQLException {
    pipeline.write(INSERT, note(1, "a"));
    try (var statement = pipeline.connection().createStatement();
        var row = statement.executeQuery(WORDS)) {
      assertThat(row.next()).isTrue();
    }
  }

  @Test
  void everyKindOfParameterArrives() throws SQLException {
    Instant at = Instant.parse("2026-11-30T12:00:00.123456Z");
    String row =
        pipeline
            .ask(
                """
                SELECT concat_ws('|', ?::text, ?::bigint, ?::boolean, extract(epoch FROM ?::timestamptz), encode(?::bytea, 'hex'),
                                 (SELECT string_agg(concat_ws(',', t, i, n, encode(b, 'hex'), extract(epoch FROM m)), ';')
                                    FROM unnest(?::text[], ?::int[], ?::bigint[], ?::bytea[], ?::timestamptz[]) AS row (t, i, n, b, m)))
                """,
                Parameters.none()
                    .text("a")
                    .number(1L << 40)
                    .flag(true)
                    .instant(at)
                    .bytes(new byte[] {1})
                    .rows(List.of("x\0y", "z"))
                    .words(word -> word.equals("z") ? null : word)
                    .ints(String::length)
                    .longsOrNone(word -> word.equals("z") ? null : 1L << 41)
                    .bytes(word -> word.equals("z") ? null : new byte[] {2})
                    .instants(word -> word.equals("z") ? null : at)
                    .end(),
                r -> r.getString(1))
            .rows()
            .getFirst();

    assertThat(row)
        .isEqualTo(
            "a|1099511627776|t|1796040000.123456|01|xy,3,2199023255552,02,1796040000.123456;1");
  }

  @Test
  void longRequestsBehindAnAnswerGoByThemselves() throws SQLException {
    // neither side may wait for the other to read: this would stand still
    pipeline.write(
        "INSERT INTO notes SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) AS n",
        Parameters.none());
    StatementPipeline.Answer<String> words =
        pipeline.ask(WORDS, Parameters.none(), r -> r.getString(1));
    List<String> many = IntStream.range(0, 200_000).mapToObj(n -> "word " + n).toList();
    pipeline.write(
        "UPDATE notes SET word = '' WHERE id IN (SELECT length(w) FROM unnest(?::text[]) AS w)",
        Parameters.texts(many));
    pipeline.commit();

    assertThat(words.rows()).hasSize(20_000);
  }
}
