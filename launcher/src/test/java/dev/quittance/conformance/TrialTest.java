package dev.quittance.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrialTest {

  private static final FulfillmentCommand ALL = complete();

  @Test
  void completingOnceIsRightAndSoIsSayingItAgainUnderTheSameId() {
    Trial trial = first(Case.PLAIN);

    trial.take(command(trial, "a", ALL));
    trial.take(command(trial, "a", ALL));
    trial.second();
    trial.third();

    assertThat(trial.verdict()).isEmpty();
  }

  @Test
  void completingInPartsIsRight() {
    Trial trial = first(Case.PLAIN);

    trial.take(command(trial, "a", complete(new FulfilledItem("li_mug", 2))));
    assertThat(trial.answered()).isFalse();
    trial.take(command(trial, "b", complete(new FulfilledItem("li_book", 1))));

    assertThat(trial.answered()).isTrue();
    assertThat(trial.verdict()).isEmpty();
  }

  @Test
  void silenceIsAFaultWhereACompletionIsDue() {
    assertThat(first(Case.PLAIN).verdict()).containsExactly("wasn't completed");
    assertThat(first(Case.ONLY_PAID).verdict()).isEmpty();
    assertThat(first(Case.CANCELED_AT_ONCE).verdict()).isEmpty();
  }

  @Test
  void aSecondCompletionUnderAnotherIdIsAFault() {
    Trial trial = first(Case.EVERY_RECORD_TWICE);

    trial.take(command(trial, "a", ALL));
    trial.take(command(trial, "b", ALL));

    assertThat(trial.verdict()).containsExactly("completed it once more, under another id");
  }

  @Test
  void completingOnARepetitionIsAFaultInTheThirdActToo() {
    Trial trial = first(Case.PLAIN);
    trial.take(command(trial, "a", ALL));
    trial.second();
    trial.third();

    trial.take(command(trial, "b", ALL));

    assertThat(trial.verdict()).containsExactly("completed it once more, under another id");
  }

  @Test
  void completingWhatIsNotDueIsAFault() {
    Trial unrequested = first(Case.ONLY_PAID);
    Trial held = first(Case.HELD_FIRST);

    unrequested.take(command(unrequested, "a", ALL));
    held.take(command(held, "a", ALL));

    assertThat(unrequested.verdict()).containsExactly("completed it while it was not due");
    assertThat(held.verdict()).containsExactly("completed it while it was on hold");
  }

  @Test
  void whatCrossedAHoldIsToBeReportedAgainUnderANewId() {
    Trial right = first(Case.HELD_THEN_RELEASED);
    Trial sameId = first(Case.HELD_THEN_RELEASED);
    for (Trial trial : List.of(right, sameId)) {
      trial.take(command(trial, "a", ALL));
      assertThat(trial.answered()).isTrue();
      trial.second();
    }

    right.take(command(right, "b", ALL));
    sameId.take(command(sameId, "a", ALL));

    assertThat(right.verdict()).isEmpty();
    assertThat(sameId.verdict()).containsExactly("wasn't completed");
  }

  @Test
  void whatLeftBeforeACancellationWasReadIsExcusedOnce() {
    Trial trial = first(Case.CANCELED_AT_ONCE);

    trial.take(command(trial, "a", ALL));
    assertThat(trial.verdict()).isEmpty();
    trial.take(command(trial, "b", ALL));

    assertThat(trial.verdict()).containsExactly("completed it while it was canceled");
  }

  @Test
  void completingMoreThanWasOrderedIsAFault() {
    Trial trial = first(Case.PLAIN);

    trial.take(command(trial, "a", complete(new FulfilledItem("li_mug", 3))));

    assertThat(trial.verdict()).contains("completed more than was ordered, or a line that wasn't");
  }

  @Test
  void aCommandThatCantBeReadIsAFaultThatSaysWhy() {
    Trial trial = first(Case.ONLY_PAID);

    trial.take(event(trial, "a", ALL.type(), "{\"items\":[{}]}".getBytes(StandardCharsets.UTF_8)));
    trial.take(event(trial, "b", "com.example.shipped", "{}".getBytes(StandardCharsets.UTF_8)));

    assertThat(trial.verdict())
        .hasSize(2)
        .anySatisfy(fault -> assertThat(fault).startsWith("sent a command that can't be read"))
        .contains("sent com.example.shipped");
  }

  @Test
  void everyCaseSaysWhatShouldBeDone() {
    assertThat(Case.values())
        .allSatisfy(played -> {
          assertThat(played.situation()).isNotBlank();
          assertThat(played.expected()).isNotBlank();
          Trial trial = first(played);
          assertThat(trial.order().take()).isNotEmpty();
        });
  }

  private static Trial first(Case played) {
    var trial = new Trial(played, "run", Instant.EPOCH);
    trial.first();
    return trial;
  }

  private static FulfillmentCommand complete(FulfilledItem... items) {
    return new FulfillmentCommand.Complete(List.of(items), null, null);
  }

  private static CloudEvent command(Trial trial, String id, FulfillmentCommand command) {
    return event(trial, id, command.type(), WireFormat.write(command));
  }

  private static CloudEvent event(Trial trial, String id, String type, byte[] data) {
    return new CloudEvent(
        new EventId(id),
        "/shipping",
        type,
        trial.order().order(),
        Instant.EPOCH,
        CloudEvent.Origin.WEBHOOK,
        0,
        null,
        null,
        data);
  }
}
