package dev.quittance.ingest.provider.standard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Topic;
import dev.quittance.ingest.IngestProfile;
import dev.quittance.ingest.KafkaForTests;
import dev.quittance.ingest.translate.TopicReader;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the guide tells people to type works as it stands there.
@QuarkusTest
@TestProfile(IngestProfile.class)
final class StandardWebhooksGuideTest {

  private static final Path GUIDE = Path.of("../docs/providers/standard-webhooks.md");

  @TestHTTPResource("/")
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI service;

  @Test
  void theShellExampleSendsAPayment() throws Exception {
    var script =
        Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
    assertThat(script.find()).isTrue();

    try (var events =
        new TopicReader(KafkaForTests.bootstrapServers(), Topic.PAYMENT_EVENTS.topicName())) {
      assertThat(run(script.group(1))).isEqualTo("200\n");

      assertThat(events.next(1))
          .extracting(event -> TopicReader.header(event, "ce_type"))
          .containsExactly("dev.quittance.payment.succeeded.v1");
    }
  }

  private String run(String script) throws Exception {
    var builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script);
    builder.environment().put("QUITTANCE_URL", service.resolve("/webhooks/standard").toString());
    builder.environment().put("QUITTANCE_SECRET", IngestProfile.STANDARD_SECRET);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
