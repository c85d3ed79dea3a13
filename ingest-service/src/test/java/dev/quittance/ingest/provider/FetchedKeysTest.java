package dev.quittance.ingest.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FetchedKeysTest {

  private static final Duration WAIT_MAX = Duration.ofMinutes(1);
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final Map<String, String> published = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> fetched = new ConcurrentLinkedQueue<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private final FetchedKeys<String> keys =
      new FetchedKeys<>(name -> {
        fetched.add(name);
        if (name.startsWith("slow")) {
          held.await();
        }
        String key = published.get(name);
        if (key == null) {
          throw new IOException("there is none");
        }
        return key;
      });

  @AfterEach
  void release() {
    held.countDown();
  }

  @Test
  void aKeyIsThereOnceItWasFetchedAndFetchedOnce() {
    published.put("a", "key");

    assertThat(keys.key("a", NOW)).isEmpty();
    await().atMost(WAIT_MAX).until(() -> keys.key("a", NOW).isPresent());

    assertThat(keys.key("a", NOW.plus(Duration.ofDays(1)))).contains("key");
    assertThat(fetched).containsExactly("a");
  }

  @Test
  void oneThatIsForgottenIsFetchedAgain() {
    published.put("a", "old");
    await().atMost(WAIT_MAX).until(() -> keys.key("a", NOW).isPresent());
    published.put("a", "new");

    keys.forget("a");

    assertThat(keys.key("a", NOW)).isEmpty();
    await().atMost(WAIT_MAX).until(() -> keys.key("a", NOW).isPresent());
    assertThat(keys.key("a", NOW)).contains("new");
  }

  @Test
  void whatCannotBeFetchedIsTriedAgainAfterAPause() {
    assertThat(keys.key("a", NOW)).isEmpty();
    await().atMost(WAIT_MAX).until(() -> fetched.size() == 1);
    published.put("a", "key");

    assertThat(keys.key("a", NOW.plus(FetchedKeys.PAUSE).minusMillis(1))).isEmpty();
    assertThat(fetched).hasSize(1);

    Instant later = NOW.plus(FetchedKeys.PAUSE);
    await().atMost(WAIT_MAX).until(() -> keys.key("a", later).isPresent());
  }

  @Test
  void nobodyMakesItFetchMoreThanAFewAtATime() {
    for (String name : List.of("slow1", "slow2", "slow3", "slow1")) {
      assertThat(keys.key(name, NOW)).isEmpty();
    }

    await().atMost(WAIT_MAX).until(() -> fetched.size() == FetchedKeys.FETCHES_MAX);
    assertThat(fetched).containsExactlyInAnyOrder("slow1", "slow2");
  }

  @Test
  void namesThatLeadToNothingMakeRoomAfterAPause() {
    for (int n = 0; n < FetchedKeys.KEYS_MAX; n++) {
      String name = "nothing" + n;
      await()
          .atMost(WAIT_MAX)
          .until(() -> {
            var _ = keys.key(name, NOW);
            return fetched.contains(name);
          });
    }
    published.put("a", "key");

    assertThat(keys.key("a", NOW)).isEmpty();
    assertThat(fetched).doesNotContain("a");

    Instant later = NOW.plus(FetchedKeys.PAUSE);
    await().atMost(WAIT_MAX).until(() -> keys.key("a", later).isPresent());
  }
}
