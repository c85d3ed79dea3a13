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
  private static final String STRATEGY = ".commit-strategy";

  /// The default is a minute.
  private static final Duration WAITS_MIN = Duration.ofHours(1);

  /// This strategy asks the brokers where a partition stands when it gets it, and a question that
  /// is not answered in time ends the channel for good.
  @ParameterizedTest
  @ValueSource(strings = {"ingest-service", "fulfillment-service"})
  void throttledChannelsOutliveBrokersThatAreAwayForMoreThanAMinute(String module)
      throws IOException {
    Properties settings = settings(module);

    assertThat(throttled(settings))
        .isNotEmpty()
        .allSatisfy(channel ->
            assertThat(settings.getProperty(INCOMING + channel + ".default.api.timeout.ms"))
                .isEqualTo(Long.toString(WAITS_MIN.toMillis())));
  }

  /// Where the connector reads the headers of CloudEvents by itself, one that is malformed ends the
  /// channel before the service sees the record.
  @ParameterizedTest
  @ValueSource(strings = {"ingest-service", "fulfillment-service", "receipt-service"})
  void noHeaderEndsAChannel(String module) throws IOException {
    Properties settings = settings(module);

    assertThat(having(settings, STRATEGY))
        .isNotEmpty()
        .allSatisfy(channel ->
            assertThat(settings.getProperty(INCOMING + channel + ".cloud-events"))
                .isEqualTo("false"));
  }

  private static List<String> having(Properties settings, String setting) {
    return settings.stringPropertyNames().stream()
        .filter(name -> name.startsWith(INCOMING) && name.endsWith(setting))
        .map(name -> name.substring(INCOMING.length(), name.length() - setting.length()))
        .toList();
  }

  private static List<String> throttled(Properties settings) {
    return having(settings, STRATEGY).stream()
        .filter(channel -> settings.getProperty(INCOMING + channel + STRATEGY).equals("throttled"))
        .toList();
  }

  private static Properties settings(String module) throws IOException {
    Path file = Path.of("..", module, "src/main/resources/application.properties");
    var settings = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      settings.load(in);
    }
    return settings;
  }
}
