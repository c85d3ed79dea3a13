package dev.quittance.receipts.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.receipts.Shop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SendRateTest {

  private static final Instant NOW = Shop.NOON;

  private static SendRate pace(int perMinute) {
    return new SendRate(
        8, perMinute, Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(16), NOW);
  }

  @Test
  void asManyAsThereAreConnections() {
    assertThat(pace(0).room(3, NOW)).isEqualTo(5);
  }

  @Test
  void someMayBeInHandBeforeTheirTimeUnlessTheServerIsInTrouble() {
    SendRate pace = pace(0);
    assertThat(pace.claims(3, 20, NOW)).isEqualTo(25);

    for (int i = 0; i < 3; i++) {
      pace.serverAway(NOW);
    }

    assertThat(pace.claims(0, 20, NOW)).isZero();
    assertThat(pace.claims(0, 20, NOW.plusSeconds(1))).isEqualTo(1);
    assertThat(pace.claims(1, 20, NOW.plusSeconds(1))).isZero();
  }

  @Test
  void noneAreTakenInHandThatTheMinuteHasNoRoomFor() {
    assertThat(pace(60).claims(0, 20, NOW)).isEqualTo(1);
  }

  @Test
  void serverThatIsAwayIsAskedByOneMailAtATimeAndLessAndLessOften() {
    SendRate pace = pace(0);

    pace.serverAway(NOW);
    pace.serverAway(NOW);
    assertThat(pace.room(0, NOW)).isEqualTo(8);
    pace.serverAway(NOW);
    assertThat(pace.room(0, NOW)).isZero();
    assertThat(pace.room(0, NOW.plusSeconds(1))).isEqualTo(1);
    assertThat(pace.room(1, NOW.plusSeconds(1))).isZero();

    pace.serverAway(NOW);
    assertThat(pace.room(0, NOW.plusMillis(1_999))).isZero();
    assertThat(pace.room(0, NOW.plusSeconds(2))).isEqualTo(1);
    for (int i = 0; i < 100; i++) {
      pace.serverAway(NOW);
    }
    assertThat(pace.room(0, NOW.plusSeconds(4))).isEqualTo(1);

    pace.answered(NOW);
    assertThat(pace.room(0, NOW)).isEqualTo(8);
  }

  @Test
  void serverThatRefusesEverybodyIsTriedOneByOneAtOnceAndLessOftenThanOneThatIsAway() {
    SendRate pace = pace(0);

    pace.serverRefuses(NOW);

    assertThat(pace.circuit()).isEqualTo(MailCircuit.REFUSED);
    assertThat(pace.room(0, NOW)).isZero();
    assertThat(pace.room(0, NOW.plusSeconds(1))).isEqualTo(1);
    for (int i = 0; i < 100; i++) {
      pace.serverRefuses(NOW);
    }
    assertThat(pace.room(0, NOW.plusMillis(15_999))).isZero();
    assertThat(pace.room(0, NOW.plusSeconds(16))).isEqualTo(1);
    pace.answered(NOW);
    assertThat(pace.circuit()).isEqualTo(MailCircuit.CLOSED);
    assertThat(pace.room(0, NOW)).isEqualTo(8);
  }

  @Test
  void outageLastsFromTheOpeningToTheFirstAnswer() {
    SendRate pace = pace(0);
    pace.serverAway(NOW);
    pace.serverAway(NOW);
    assertThat(pace.outages(NOW)).isEmpty();
    pace.serverAway(NOW.plusSeconds(5));
    pace.serverAway(NOW.plusSeconds(9));

    assertThat(pace.outages(NOW.plusSeconds(20)))
        .containsExactly(new SendRate.Outage(NOW.plusSeconds(5), NOW.plusSeconds(20)));
    pace.noted(pace.outages(NOW.plusSeconds(20)));
    pace.answered(NOW.plusSeconds(60));

    var ended = new SendRate.Outage(NOW.plusSeconds(5), NOW.plusSeconds(60));
    assertThat(pace.hasEnded()).isTrue();
    assertThat(pace.outages(NOW.plusSeconds(99))).containsExactly(ended);
    pace.noted(List.of(ended));
    assertThat(pace.outages(NOW.plusSeconds(99))).isEmpty();
  }

  @Test
  void noMoreAMinuteThanTheServerWants() {
    SendRate pace = pace(120);
    int started = 0;
    for (int ms = 0; ms < 60_000; ms += 50) {
      int room = pace.room(0, NOW.plusMillis(ms));
      pace.started(room);
      started += room;
    }

    assertThat(started).isBetween(118, 122);
  }

  @Test
  void waitsGrowThreefoldToTheLongestAndVaryByAFifth() {
    var schedule =
        new RetrySchedule(
            Duration.ofSeconds(10), Duration.ofHours(1), Duration.ofDays(3), new Random(1));
    long[] full = {10, 30, 90, 270, 810, 2_430, 3_600, 3_600};
    for (int attempt = 1; attempt <= full.length; attempt++) {
      for (int i = 0; i < 100; i++) {
        long wait = Duration.between(NOW, schedule.next(attempt, NOW)).toMillis();
        assertThat(wait).isBetween(full[attempt - 1] * 800, full[attempt - 1] * 1_200);
      }
    }
    assertThat(schedule.next(1_000, NOW)).isBefore(NOW.plus(Duration.ofMinutes(73)));
    Instant end = NOW.plus(Duration.ofDays(3));
    for (SmtpReply.Trouble trouble :
        List.of(SmtpReply.Trouble.MAIL, SmtpReply.Trouble.SERVER_AWAY, SmtpReply.Trouble.OURS)) {
      assertThat(schedule.givesUp(trouble, NOW, end.minusMillis(1))).isFalse();
      assertThat(schedule.givesUp(trouble, NOW, end)).isTrue();
    }
    assertThat(schedule.givesUp(SmtpReply.Trouble.SERVER_REFUSES, NOW, end)).isFalse();
  }
}
