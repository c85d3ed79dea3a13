package dev.quittance.fulfillment.crash;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.OrderObserver;
import dev.quittance.fulfillment.persistence.DueStates;
import dev.quittance.fulfillment.usecase.HandleIncomingCommands;
import dev.quittance.fulfillment.usecase.HandlePaymentFacts;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.Pause;
import dev.quittance.messaging.inbox.BatchHandler;
import dev.quittance.messaging.inbox.DeadLetters;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.Intake;
import dev.quittance.messaging.inbox.IntakeObserver;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.outbox.OutboxRelay;
import dev.quittance.messaging.outbox.RelayObserver;
import dev.quittance.messaging.outbox.StatesRelay;
import dev.quittance.testkit.Deadline;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.postgresql.ds.PGSimpleDataSource;

/// What fulfillment-service does with its topics, by its own classes, without the frame that
/// Quarkus puts around them. Its clock stands, and batches are cut at fixed offsets, so that two
/// lives that see the same records publish the same.
final class Life {

  /// Some records are in the batch of the one that dies, others before and after.
  private static final int BATCH = 8;

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Errand errand;
  private final DataSource database;
  private final Death death;

  /// Goes with the last statements of a transaction.
  private static final String COMMIT = ";\nCOMMIT";

  private final Clock clock = Clock.fixed(Facts.START.plusSeconds(3_600), ZoneOffset.UTC);

  /// Where the records are, and where all else goes.
  ///
  /// @param name of whoever publishes; starts the transactional id of the states
  record Errand(
      String name,
      String kafka,
      String jdbcUrl,
      String user,
      String password,
      String payments,
      String commands) {

    List<String> arguments() {
      return List.of(name, kafka, jdbcUrl, user, password, payments, commands);
    }

    static Errand of(String... arguments) {
      return new Errand(
          arguments[0],
          arguments[1],
          arguments[2],
          arguments[3],
          arguments[4],
          arguments[5],
          arguments[6]);
    }
  }

  Life(Errand errand, Death death) {
    this.errand = errand;
    this.death = death;
    var plain = new PGSimpleDataSource();
    plain.setUrl(errand.jdbcUrl());
    plain.setUser(errand.user());
    plain.setPassword(errand.password());
    this.database = watched(DataSource.class, plain);
  }

  /// Lives until everything is done, or dies at the point that follows the errand's arguments,
  /// after passing it as often as the last one says.
  public static void main(String... arguments) throws SQLException {
    int errand = arguments.length - 2;
    var death =
        Death.at(CrashPoint.valueOf(arguments[errand]), Integer.parseInt(arguments[errand + 1]));
    new Life(Errand.of(arguments), death).live();
  }

  /// Takes all payments, then all commands, and returns when everything is published.
  void live() throws SQLException {
    var settings = new HashMap<String, Object>();
    settings.put("bootstrap.servers", errand.kafka());
    settings.put("interceptor.classes", List.of(Witness.class.getName()));
    settings.put(Witness.DEATH, death);
    var backoff = new Backoff(Pause.REAL, new Random(1));
    try (var states =
            new StatesRelay(
                errand.name(),
                new DueStates(),
                database,
                settings,
                LOOK,
                backoff,
                relayObserver());
        var relay =
            new OutboxRelay(
                errand.name(), 1, database, settings, LOOK, backoff, relayObserver(), states);
        var deadLetters = DeadLetters.over(settings)) {
      relay.start();
      states.start();
      OrderObserver observer = orderObserver(relay, states);
      take(errand.payments(), new HandlePaymentFacts(clock, observer), deadLetters, backoff);
      take(errand.commands(), new HandleIncomingCommands(clock, observer), deadLetters, backoff);
      Deadline.in(PATIENCE)
          .await(
              this::allIsPublished,
              () -> {
                throw new IllegalStateException("something is still to be published");
              });
    }
  }

  private boolean allIsPublished() {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT NOT EXISTS (SELECT FROM outbox) AND NOT EXISTS (SELECT FROM states_due)");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private <E> void take(
      String topic, BatchHandler<E> work, DeadLetters deadLetters, Backoff backoff) {
    var intake =
        new Intake<>(
            database,
            work,
            deadLetters,
            ConsumerGroup.FULFILLMENT,
            intakeObserver(),
            backoff,
            clock);
    var partition = new TopicPartition(topic, 0);
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                errand.kafka(),
                "group.id",
                errand.name(),
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      var batch = new ArrayList<IncomingRecord>();
      long next = consumer.position(partition);
      while (next < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          batch.add(IncomingRecord.of(record));
          next = record.offset() + 1;
          if (next % BATCH == 0 || next == end) {
            intake.take(batch);
            batch.clear();
            death.passing(CrashPoint.BEFORE_OFFSET_COMMIT);
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(next)));
            death.passing(CrashPoint.AFTER_OFFSET_COMMIT);
          }
        }
      }
    }
  }

  private OrderObserver orderObserver(OutboxRelay relay, StatesRelay states) {
    return new OrderObserver() {
      @Override
      public void committed(Collection<OrderId> orders) {
        death.passing(CrashPoint.AFTER_COMMIT);
        relay.wake(orders);
        states.wake(orders);
      }
    };
  }

  private RelayObserver relayObserver() {
    return new RelayObserver() {
      @Override
      public void relayed(String name, int records) {
        death.passing(CrashPoint.AFTER_DELETE);
      }

      @Override
      public void notRelayed(String name, Throwable cause) {}
    };
  }

  private static IntakeObserver intakeObserver() {
    return new IntakeObserver() {
      @Override
      public void handled(IncomingRecord record, RecordOutcome outcome) {}

      @Override
      public void retrying(int attempt, Exception cause) {}

      @Override
      public void leaving(IncomingRecord record, String type) {}
    };
  }

  /// Sees the statements and commits of whatever works with the database.
  private <T> T watched(Class<T> shape, T real) {
    return shape.cast(
        Proxy.newProxyInstance(
            shape.getClassLoader(),
            new Class<?>[] {shape},
            (_, method, arguments) -> {
              if (method.getName().equals("prepareStatement")) {
                String sql = ((String) arguments[0]).strip();
                preparing(sql);
                if (sql.contains("INSERT INTO source_events")
                    && death.comesAt(CrashPoint.AFTER_CLAIM)) {
                  return lastOne(((Connection) real).prepareStatement(sql));
                }
                if (sql.endsWith(COMMIT) && death.comesAt(CrashPoint.BEFORE_COMMIT)) {
                  String cutOff = sql.substring(0, sql.length() - COMMIT.length());
                  return lastOne(((Connection) real).prepareStatement(cutOff));
                }
              }
              Object result = invoke(real, method, arguments);
              return result instanceof Connection connection
                  ? watched(Connection.class, connection)
                  : result;
            }));
  }

  /// Once it is executed, it is over.
  private static PreparedStatement lastOne(PreparedStatement real) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            PreparedStatement.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (_, method, arguments) -> {
              Object result = invoke(real, method, arguments);
              if (method.getName().equals("execute")) {
                Death.now();
              }
              return result;
            });
  }

  private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /// Statements that are about to be made tell what lies behind.
  private void preparing(String sql) {
    if (sql.contains("INSERT INTO orders") || sql.contains("UPDATE orders")) {
      death.passing(CrashPoint.AFTER_FOLD_BEFORE_WRITE);
    }
    if (sql.contains("INSERT INTO commands")) {
      death.passing(CrashPoint.DURING_COMMAND);
    }
    if (sql.contains("DELETE FROM outbox")) {
      death.passing(CrashPoint.AFTER_PUBLISH_BEFORE_DELETE);
    }
    if (sql.contains("DELETE FROM states_due")) {
      death.passing(CrashPoint.AFTER_STATES_BEFORE_DELETE);
    }
  }
}
