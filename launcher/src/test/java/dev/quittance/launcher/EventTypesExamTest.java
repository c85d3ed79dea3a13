package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class EventTypesExamTest {

  private final FakeServices services = new FakeServices();

  EventTypesExamTest() throws IOException {}

  @AfterEach
  void close() {
    services.close();
  }

  @Test
  void saysWhatTheProviderHasToSendToEachEndpoint() {
    services.answer(
        "/endpoints",
        200,
        """
        {"endpoints": [
          {"name": "paysuper", "eventsToRegister": []},
          {"name": "stripe", "eventsToRegister": ["charge.captured", "refund.created"]}]}
        """);

    assertThat(findings())
        .containsExactly("OK stripe has to be registered for charge.captured, refund.created");
  }

  @Test
  void isSkippedWhereIngestServiceDoesNotTell() {
    services.answer("/endpoints", 403, "{}");

    assertThat(findings()).singleElement().asString().startsWith("SKIPPED");
  }

  private List<String> findings() {
    var addresses = new Addresses();
    CommandSpec asking =
        CommandSpec.create().addMixin("addresses", CommandSpec.forAnnotatedObject(addresses));
    new CommandLine(asking).parseArgs("--ingest-url", services.url());
    try (var client = new ServiceClient(addresses)) {
      return EventTypesExam.findings(client).stream()
          .map(found -> found.grade() + " " + found.what())
          .toList();
    }
  }
}
