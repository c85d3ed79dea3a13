package dev.quittance.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.deadletter.DeadLetterFormat;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeadLettersCommandTest {

  private final String key = "stripe:pi_" + UUID.randomUUID();

  @Test
  void aLetterIsListedShownSentBackAndDoneWith() throws Exception {
    bury(DeadLetter.Why.POISON, "{\"email\": \"ada@customer.example\", \"id\": \"x\"}");
    String letter = letterOf("poison");

    CommandResult shown = run("show", letter);
    assertThat(shown.out())
        .contains("reason: poison", "a…@customer.example")
        .doesNotContain("ada@customer");
    assertThat(run("show", letter, "--reveal").out()).contains("ada@customer.example");
    assertThat(run("redrive", letter).out()).contains("sent back, now fulfillment.commands.v1:");
    assertThat(run("redrive", letter).out()).contains("was redriven before");
    assertThat(letters("poison")).isEmpty();
  }

  @Test
  void allOfAReasonAreDiscarded() throws Exception {
    bury(DeadLetter.Why.UNPROCESSABLE, "1");
    bury(DeadLetter.Why.UNPROCESSABLE, "2");

    CommandResult result = run("discard", "--reason", "unprocessable");

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("2 discarded, 0 had been dealt with, 0 stay open");
    assertThat(letters("unprocessable")).isEmpty();
    assertThat(run("list", "--reason", "unprocessable", "--all").out()).contains("discarded by");
    assertThat(run("list", "--reason", "unprocessable").out()).contains("There are none.");
  }

  @Test
  void whatIsNoLetterIsRefused() {
    assertThat(run("show", "nonsense").code()).isEqualTo(2);
    assertThat(run("redrive").err()).contains("Which?");
    assertThat(run("redrive", "a.dlq:1:2", "--all").code()).isEqualTo(2);
    assertThat(run("list", "--limit", "0").code()).isEqualTo(2);
    assertThat(run("list", "--from", "whenever").err()).contains("--from is a time like 90m");
    String unknown = Topic.FULFILLMENT_COMMANDS.deadLetters(ConsumerGroup.FULFILLMENT) + ":0:9999";
    assertThat(run("redrive", unknown).code()).isEqualTo(1);
    assertThat(run("show", unknown).err()).contains("There is no such dead letter.");
  }

  private String letterOf(String reason) throws Exception {
    return letters(reason).getFirst();
  }

  /// The open ones of this test's key.
  private List<String> letters(String reason) throws Exception {
    JsonNode page = run("list", "--reason", reason, "--json").json();
    var letters = new ArrayList<String>();
    for (JsonNode letter : page.path("letters")) {
      if (letter.path("key").asText().equals(key)) {
        letters.add(letter.path("letter").asText());
      }
    }
    return letters;
  }

  private void bury(DeadLetter.Why why, String value) throws Exception {
    CommandBroker.publish(
        List.of(
            DeadLetterFormat.whole(
                new DeadLetter(
                    why,
                    "planted",
                    Topic.FULFILLMENT_COMMANDS.topicName(),
                    1,
                    0,
                    ConsumerGroup.FULFILLMENT,
                    Clock.systemUTC().instant()),
                key.getBytes(UTF_8),
                List.of(),
                value.getBytes(UTF_8))));
  }

  private static CommandResult run(String... arguments) {
    var all = new ArrayList<>(List.of("dead-letters"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--bootstrap", CommandBroker.servers()));
    return CommandResult.by(all.toArray(String[]::new));
  }
}
