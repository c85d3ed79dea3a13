package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What each channel from Kafka has to be set to, so that nothing ends it but the end of its
/// process.
class ChannelsTest {

  private static final String INCOMING = "mp.messaging.incoming.";
  private static final String OF_ALL = "mp.messaging.connector.smallrye-kafka.";
  private static final String CONNECTOR = ".connector";

  /// The default is a minute.
  private static final Duration WAITS_MIN = Duration.ofHours(1);

  /// This strategy asks the brokers where a partition stands when it gets it, and a question that
  /// is not answered in time ends the channel for good.
  @ParameterizedTest
  @ValueSource(strings = {"ingest-service", "fulfillment-service", "receipt-service"})
  void throttledChannelsOutliveBrokersThatAreAwayForMoreThanAMinute(String module)
      throws IOException {
    Properties settings = settings(module);

    assertThat(channels(settings))
        .filteredOn(channel -> setting(settings, channel, "commit-strategy").equals("throttled"))
        .isNotEmpty()
        .allSatisfy(channel ->
            assertThat(setting(settings, channel, "default.api.timeout.ms"))
                .isEqualTo(Long.toString(WAITS_MIN.toMillis())));
  }

  /// Where the connector reads the headers of CloudEvents by itself, one that is malformed ends the
  /// channel before the service sees the record.
  @ParameterizedTest
  @ValueSource(strings = {"ingest-service", "fulfillment-service", "receipt-service"})
  void noHeaderEndsAChannel(String module) throws IOException {
    Properties settings = settings(module);

    assertThat(channels(settings))
        .isNotEmpty()
        .allSatisfy(
            channel -> assertThat(setting(settings, channel, "cloud-events")).isEqualTo("false"));
  }

  private static List<String> channels(Properties settings) {
    return settings.stringPropertyNames().stream()
        .filter(name -> name.startsWith(INCOMING) && name.endsWith(CONNECTOR))
        .map(name -> name.substring(INCOMING.length(), name.length() - CONNECTOR.length()))
        .toList();
  }

  /// A channel's own, or what all channels have.
  private static String setting(Properties settings, String channel, String name) {
    return settings.getProperty(
        INCOMING + channel + "." + name, settings.getProperty(OF_ALL + name));
  }

  private static Properties settings(String module) throws IOException {
    var settings = new Properties();
    for (Path file :
        List.of(
            Path.of("web-access", "src/main/resources/META-INF/microprofile-config.properties"),
            Path.of(module, "src/main/resources/application.properties"))) {
      try (var in = Files.newBufferedReader(Path.of("..").resolve(file))) {
        settings.load(in);
      }
    }
    return settings;
  }
}
