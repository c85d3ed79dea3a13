package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The guide for subscribers shows records as they are, and names all that there is.
class SubscribingGuideTest {

  private static final Path DOCS = Path.of("../docs");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)[^)]*\\)");

  private final String guide = CheckedIn.text(DOCS.resolve("subscribing.md"));

  @Test
  void theRecordsThatItShowsAreThoseOfTheExamples() {
    assertThat(blocks("json"))
        .containsExactly(
            value(FulfillmentEventType.REQUESTED.typeName()),
            value(FulfillmentCommandType.COMPLETE.typeName()));
  }

  @Test
  void theHeadersThatItShowsAreThoseOfTheExample() {
    CloudEvent event = Examples.of(FulfillmentEventType.REQUESTED.typeName()).event();

    String headers =
        event.headers().entrySet().stream()
            .map(header -> header.getKey() + ": " + header.getValue())
            .sorted()
            .collect(Collectors.joining("\n"));

    assertThat(guide).contains("key:   " + event.subject() + "\n\n" + headers + "\n");
  }

  @Test
  void itNamesEveryTypeAndTopicThatASubscriberMeets() {
    assertThat(guide)
        .contains(
            Arrays.stream(FulfillmentEventType.values())
                .map(type -> type.typeName().replace("dev.quittance.", ""))
                .toList())
        .contains(
            Arrays.stream(FulfillmentCommandType.values())
                .map(FulfillmentCommandType::typeName)
                .toList())
        .contains(
            Topic.FULFILLMENT_EVENTS.topicName(),
            Topic.FULFILLMENT_ORDERS.topicName(),
            Topic.FULFILLMENT_COMMANDS.topicName(),
            Topic.FULFILLMENT_COMMANDS.deadLetters(ConsumerGroup.FULFILLMENT),
            OrderView.TYPE);
    assertThat(guide)
        .contains("Each has " + Topic.PARTITIONS + " partitions")
        .contains("| " + Topic.RETENTION.toDays() + " days |")
        .contains("At most " + EventId.LENGTH_MAX + " characters");
  }

  @Test
  void whatItLinksToIsThere() {
    assertThat(LINK.matcher(guide).results().map(link -> DOCS.resolve(link.group(1))))
        .isNotEmpty()
        .allMatch(Files::exists);
  }

  private List<JsonNode> blocks(String language) {
    return BLOCK
        .matcher(guide)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> json(block.group(2)))
        .toList();
  }

  private static JsonNode value(String type) {
    return json(CheckedIn.pretty(Examples.of(type).data()));
  }

  private static JsonNode json(String text) {
    try {
      return WireFormat.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }
}
