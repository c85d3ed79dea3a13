package dev.quittance.ingest.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class JournalTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final Journal journal = new Journal();

  @Test
  void theLatestComeFirstWhateverTheirEndpoint() {
    journal.add(entry("stripe", "accepted", 1));
    journal.add(entry("paysuper", "signature_wrong", 2));
    journal.add(entry("stripe", "accepted", 3));

    assertThat(journal.latest(_ -> true, 2))
        .extracting(JournalEntry::eventId)
        .containsExactly("3", "2");
  }

  @Test
  void aStreamOfGoodOnesDoesNotWashTheRefusedAway() {
    journal.add(entry("stripe", "signature_wrong", 0));
    for (int n = 1; n <= Journal.ENTRIES_MAX * 2; n++) {
      journal.add(entry("stripe", "accepted", n));
    }

    assertThat(journal.latest(_ -> true, Integer.MAX_VALUE)).hasSize(Journal.ENTRIES_MAX + 1);
    assertThat(journal.latest(entry -> entry.outcome().equals("signature_wrong"), 10)).hasSize(1);
  }

  private static JournalEntry entry(String endpoint, String outcome, int n) {
    return new JournalEntry(
        NOON.plusSeconds(n),
        endpoint,
        outcome,
        200,
        Integer.toString(n),
        "type",
        "webhook",
        10,
        1.5);
  }
}
