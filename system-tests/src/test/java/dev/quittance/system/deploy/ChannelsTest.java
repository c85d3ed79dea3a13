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
  private static final String CONNECTOR = ".connector";

  /// Longer than any outage of the brokers that nobody repairs.
  private static final Duration WAITS = Duration.ofDays(1);

  @ParameterizedTest
  @ValueSource(strings = {"ingest-service", "fulfillment-service", "receipt-service"})
  void channelsOutliveBrokersThatAreAwayForMoreThanAMinute(String module) throws IOException {
    Properties settings = settings(module);

    assertThat(channels(settings))
        .isNotEmpty()
        .allSatisfy(channel ->
            assertThat(settings.getProperty(INCOMING + channel + ".default.api.timeout.ms"))
                .isEqualTo(Long.toString(WAITS.toMillis())));
  }

  private static List<String> channels(Properties settings) {
    return settings.stringPropertyNames().stream()
        .filter(name -> name.startsWith(INCOMING) && name.endsWith(CONNECTOR))
        .map(name -> name.substring(INCOMING.length(), name.length() - CONNECTOR.length()))
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
