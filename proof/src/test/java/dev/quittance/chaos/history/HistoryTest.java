package dev.quittance.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.quittance.contracts.LookUpState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  private static final List<Entry> ONE_OF_EACH =
      List.of(
          new Entry.Sent(
              "stripe", "evt_1", "refund.created", 1, JsonNodeFactory.instance.objectNode()),
          new Entry.Accepted(1, "stripe", "evt_1", "00"),
          new Entry.Answered(1, "stripe", "evt_1", 500),
          new Entry.Erased(1, "stripe:pi_1"),
          new Entry.Commanded(1, "stripe:pi_1", "hold", true),
          new Entry.Faulted(1, 2, "kill", List.of("broker")),
          new Entry.Restarted(1, "ingest", "not live"),
          new Entry.Verbatim("stripe:evt_1", "00"),
          new Entry.Fact(1, "stripe:evt_1:1", "stripe:pi_1", "t", 0, 1, LookUpState.KNOWN),
          new Entry.Told("stripe:pi_1", 1, "stripe:pi_1#1", "t"),
          new Entry.State("api", "stripe:pi_1", 1, "paid", "due", 3_000L, null, "known", true),
          new Entry.Mailed(1, "id", "jenny@example.com"),
          new Entry.Bounced(1, "jenny@example.com"),
          new Entry.Receipt("r", "stripe:pi_1", "payment", "payment", "due", 1, null, null, true),
          new Entry.ReceiptTold("r:1", "stripe:pi_1", "t", "r"),
          new Entry.Unsupported("r", 2),
          new Entry.Dead("t", "k", "poison"),
          new Entry.Ledger("g", "t", 0, 0, 1, 1, 0, 0, 0, 0, 1),
          new Entry.Lag("g", "t", 0, 1, 1),
          new Entry.Unsettled("rows", 1));

  @Test
  void whatIsWrittenIsRead(@TempDir Path directory) {
    Path file = directory.resolve("history.jsonl.gz");
    try (var history = new History(file)) {
      ONE_OF_EACH.forEach(history::add);
    }

    var read = new ArrayList<Entry>();
    History.read(file, read::add);

    assertThat(read).isEqualTo(ONE_OF_EACH);
  }

  @Test
  void everyKindOfEntryIsTried() {
    Set<Class<?>> tried = ONE_OF_EACH.stream().map(Entry::getClass).collect(Collectors.toSet());

    assertThat(tried)
        .isEqualTo(Stream.of(Entry.class.getPermittedSubclasses()).collect(Collectors.toSet()));
  }
}
