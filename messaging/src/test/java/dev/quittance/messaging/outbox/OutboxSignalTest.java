package dev.quittance.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutboxSignalTest {

  /// Longer than any test takes.
  private static final Duration LATER = Duration.ofHours(1);

  private static final Duration NOW = Duration.ZERO;

  private final OutboxSignal news = new OutboxSignal();

  @Test
  void theOrdersThatWereToldOfAreLookedAt() throws InterruptedException {
    news.of("shop:a");
    news.of("shop:b");
    news.of("shop:a");

    assertThat(news.await(LATER)).containsExactly("shop:a", "shop:b");
  }

  @Test
  void whatWasToldIsToldOnce() throws InterruptedException {
    news.of("shop:a");
    news.await(LATER);

    news.of("shop:b");

    assertThat(news.await(LATER)).containsExactly("shop:b");
  }

  @Test
  void allAreLookedAtOnceInAWhileHoweverMuchIsToldOfSome() throws InterruptedException {
    news.of("shop:a");

    assertThat(news.await(NOW)).isEmpty();
  }

  @Test
  void allAreLookedAtWhereMoreIsToldThanOneLookTakes() throws InterruptedException {
    for (int i = 0; i <= OutboxEntry.ROWS_MAX; i++) {
      news.of("shop:" + i);
    }

    assertThat(news.await(LATER)).isEmpty();
  }

  @Test
  void allAreLookedAtWhereThereMayBeMore() throws InterruptedException {
    news.ofAll();

    assertThat(news.await(LATER)).isEmpty();
  }

  @Test
  void whatOthersAreToLookAtIsForgotten() throws InterruptedException {
    news.of("shop:a");
    news.awaitEnd(NOW);

    news.of("shop:b");

    assertThat(news.await(LATER)).containsExactly("shop:b");
  }

  @Test
  void nobodyWaitsOnceItIsOver() throws InterruptedException {
    news.end();

    news.awaitEnd(LATER);

    assertThat(news.await(LATER)).isEmpty();
  }

  @Test
  void newsIsGatheredForAWhile() throws InterruptedException {
    news.of("shop:a");

    news.awaitGathered(LATER, NOW);

    assertThat(news.await(NOW)).isEmpty(); // forgotten
  }

  @Test
  void nobodyGathersMoreThanOneLookTakes() throws InterruptedException {
    for (int i = 0; i <= OutboxEntry.ROWS_MAX; i++) {
      news.of("shop:" + i);
    }

    news.awaitGathered(LATER, LATER);
  }

  @Test
  void nobodyGathersOnceItIsOver() throws InterruptedException {
    news.end();

    news.awaitGathered(LATER, LATER);
  }

  @Test
  void withoutNewsItIsLookedAllTheSame() throws InterruptedException {
    news.awaitGathered(NOW, NOW);
  }

  @Test
  void whoGathersLooksAtOnceWhereAnotherSawSomething() throws InterruptedException {
    news.looked(true);

    news.awaitGathered(LATER, NOW);

    assertThat(news.comesWithin(NOW, LATER)).isFalse(); // forgotten
  }

  @Test
  void whereAnotherLookedAndSawNothingNobodyLooks() throws InterruptedException {
    news.looked(false);

    assertThat(news.comesWithin(NOW, LATER)).isFalse();
  }

  @Test
  void newsThatComesWithinAWhileIsNotForgotten() throws InterruptedException {
    news.of("shop:a");

    assertThat(news.comesWithin(LATER, LATER)).isTrue();
    assertThat(news.await(LATER)).containsExactly("shop:a");
  }

  @Test
  void aLookThatIsDueIsAsGoodAsNews() throws InterruptedException {
    assertThat(news.comesWithin(LATER, NOW)).isTrue();
  }

  @Test
  void whatIsOverIsAsGoodAsNews() throws InterruptedException {
    news.end();

    assertThat(news.comesWithin(LATER, LATER)).isTrue();
  }
}
