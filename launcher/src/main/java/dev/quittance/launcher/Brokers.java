package dev.quittance.launcher;

import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the brokers are: where `./quittance up` started one, unless said otherwise.
final class Brokers {

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:QUITTANCE_BOOTSTRAP}",
      description = "The brokers; QUITTANCE_BOOTSTRAP; otherwise that of ./quittance up.")
  private @Nullable String servers;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      defaultValue = "${env:QUITTANCE_KAFKA_CONFIG}",
      description = "More settings of a Kafka client (TLS, SASL); QUITTANCE_KAFKA_CONFIG.")
  private @Nullable Path config;

  String servers() {
    return Objects.requireNonNullElseGet(
        servers, () -> "127.0.0.1:" + PortOffset.ports(Repository.home()).kafka());
  }

  /// What every Kafka client needs here.
  Map<String, Object> client() {
    var client = new HashMap<String, Object>();
    Path file = config;
    if (file != null) {
      var more = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        more.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new StackFault("The settings in " + file + " can't be read", e);
      }
      more.stringPropertyNames().forEach(name -> client.put(name, more.getProperty(name)));
    }
    client.put("bootstrap.servers", servers());
    return client;
  }
}
