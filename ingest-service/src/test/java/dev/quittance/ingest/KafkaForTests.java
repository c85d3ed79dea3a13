package dev.quittance.ingest;

import dev.quittance.contracts.Topic;
import dev.quittance.testkit.LocalKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A broker of this service's own, which tests may kill and bring back.
public final class KafkaForTests implements QuarkusTestResourceLifecycleManager {

  private static @Nullable LocalKafka kafka;
  private static @Nullable Path directory;
  private static int port;

  @Override
  public Map<String, String> start() {
    // each of its requests has a client of its own, whose connection would stay open: services keep
    // 500
    RestAssured.replaceFiltersWith((request, response, next) -> {
      request.header("Connection", "close");
      return next.next(request, response);
    });
    try {
      directory = Files.createTempDirectory("quittance-ingest-kafka");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bringBack();
    return Map.of("kafka.bootstrap.servers", bootstrapServers());
  }

  @Override
  public void stop() {
    if (kafka != null) {
      kafka.close();
    }
  }

  /// The broker's address; the same however often it was killed.
  public static String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /// As if its power had failed.
  public static void kill() {
    if (kafka != null) {
      kafka.kill();
      kafka = null;
    }
  }

  /// Starts the broker, with the data that an earlier one left.
  public static void bringBack() {
    if (kafka == null && directory != null) {
      // at first any port that is free, and from then on the same
      kafka = LocalKafka.start(directory, port);
      String address = kafka.bootstrapServers();
      port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
      kafka.createTopics(Topic.all());
    }
  }
}
