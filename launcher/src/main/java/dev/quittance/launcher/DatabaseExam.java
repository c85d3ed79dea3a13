package dev.quittance.launcher;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Examines one service's database.
final class DatabaseExam {

  private static final String ANSWER_S_MAX = "5";

  private final String part;
  private final String name;
  private final String url;
  private final Properties credentials = new Properties();
  private @Nullable Instant itsTime;

  /// @param name which one
  /// @param url JDBC's address
  DatabaseExam(String name, String url, String user, String password) {
    this.part = "database";
    this.name = name;
    this.url = url;
    credentials.setProperty("user", user);
    credentials.setProperty("password", password);
    credentials.setProperty("connectTimeout", ANSWER_S_MAX);
    credentials.setProperty("socketTimeout", ANSWER_S_MAX);
    credentials.setProperty("loginTimeout", ANSWER_S_MAX);
  }

  List<Finding> findings() {
    try (Connection connection = DriverManager.getConnection(url, credentials);
        Statement statement = connection.createStatement();
        ResultSet answer =
            statement.executeQuery(
                "SELECT to_regclass('intake_ledger') IS NOT NULL, clock_timestamp()")) {
      answer.next();
      itsTime = answer.getTimestamp(2).toInstant();
      return List.of(
          answer.getBoolean(1)
              ? Finding.ok(part, name + " answers")
              : Finding.fault(
                  part,
                  name + " has no tables",
                  "Start its service once, which makes them, or run the migration job; if other"
                      + " tables are there, it is the wrong database."));
    } catch (SQLException e) {
      String state = e.getSQLState() == null ? "" : e.getSQLState();
      return List.of(
          Finding.fault(
              part, name + " " + trouble(state) + " (SQLSTATE " + state + ")", todo(state)));
    }
  }

  private static String trouble(String state) {
    return switch (state) {
      case "28P01", "28000" -> "doesn't let us in";
      case "3D000" -> "is not there";
      default -> "doesn't answer";
    };
  }

  private static String todo(String state) {
    return switch (state) {
      case "28P01", "28000" ->
          "Set QUITTANCE_DATABASE_USER and QUITTANCE_DATABASE_PASSWORD to what the service has.";
      case "3D000" -> "./quittance up makes it; elsewhere: CREATE DATABASE.";
      default ->
          "On a laptop: ./quittance up. Elsewhere: check --database-url, the server, the network."
              + " Nothing is lost meanwhile: webhooks are accepted, and what follows waits.";
    };
  }

  /// What the server's clock said when it answered.
  Optional<Instant> itsTime() {
    return Optional.ofNullable(itsTime);
  }
}
