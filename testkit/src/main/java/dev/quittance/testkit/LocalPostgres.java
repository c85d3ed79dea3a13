package dev.quittance.testkit;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Pattern;

/// A real PostgreSQL to work with, every commit flushed to the disk: a server as a child of this
/// JVM, in a container, or one that is running already.
///
/// - `-Dquittance.postgres.url=jdbc:postgresql://…` names a running one, by the address of a
///   database and a user that may create others;
/// - `-Dquittance.containers=docker` asks for a container, where an engine answers;
/// - otherwise a server is started from binaries on this JVM's class path.
public sealed interface LocalPostgres extends LocalServer
    permits PostgresProcess, GivenPostgres, PostgresContainers {

  /// The system property that names a running server.
  String URL = "quittance.postgres.url";

  /// The role that owns every database that is created here, and its password.
  String ROLE = "quittance";

  /// Where the server's own database is, with a user that may create others.
  String adminUrl();

  /// Where another of its databases is, with the same user.
  default String adminUrl(String database) {
    return adminUrl().replaceFirst("/[^/?]*($|\\?)", "/" + database + "$1");
  }

  /// Names a database may have: they go into statements as they are.
  Pattern DATABASE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  /// Creates the database if it isn't there.
  default DatabaseAddress createDatabase(String name) {
    if (!DATABASE_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("Not a name for a database: " + name);
    }
    try (Connection connection = DriverManager.getConnection(adminUrl());
        Statement statement = connection.createStatement()) {
      createMissing(
          statement,
          "SELECT FROM pg_roles WHERE rolname = '" + ROLE + "'",
          "CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + ROLE + "'");
      createMissing(
          statement,
          "SELECT FROM pg_database WHERE datname = '" + name + "'",
          "CREATE DATABASE " + name + " OWNER " + ROLE);
    } catch (SQLException e) {
      throw new StackFault("PostgreSQL could not create the database " + name, e);
    }
    String url = adminUrl(name);
    int query = url.indexOf('?');
    return new DatabaseAddress(query < 0 ? url : url.substring(0, query), ROLE, ROLE);
  }

  private static void createMissing(Statement statement, String question, String creation)
      throws SQLException {
    boolean there;
    try (var answer = statement.executeQuery(question)) {
      there = answer.next();
    }
    if (!there) {
      statement.execute(creation);
    }
  }

  /// The server that all tests of this JVM share. It is started at the first call and stopped when
  /// the JVM ends, its data with it.
  static LocalPostgres shared() {
    return SharedServers.POSTGRES.get();
  }

  /// A server of one's own. Data that an earlier one left in the directory is kept.
  ///
  /// @param port the port on 127.0.0.1, or 0 for any that is free
  /// @throws StackFault when it doesn't start; the message says why
  static LocalPostgres start(Path directory, int port) {
    return PostgresProcess.start(directory, port);
  }

  /// The same with settings of the server's own beside ours, for example TLS.
  static LocalPostgres start(Path directory, int port, Map<String, String> settings) {
    return PostgresProcess.start(directory, directory.resolve("postgres.log"), port, settings);
  }
}
