package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The wire formats as they were when they were first written. A golden file is never edited: a
/// reader of today must read it, and a writer of today must write it, for as long as v1 lives.
class GoldenFilesTest {

  private static final String CLOUD_EVENT = "headers/cloud-event.json";
  private static final String DEAD_LETTER = "headers/dead-letter.json";

  static List<Examples.Example> examples() {
    return Examples.all();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isWrittenByteForByteAsEver(Examples.Example example) {
    String golden = golden(example.type() + ".json", CheckedIn.pretty(example.data()));

    assertThat(new String(WireFormat.write(example.data()), StandardCharsets.UTF_8))
        .isEqualTo(new String(CheckedIn.compact(golden), StandardCharsets.UTF_8));
    assertThat(golden).isEqualTo(CheckedIn.pretty(example.data()));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isReadBackAsAnEqualRecord(Examples.Example example) {
    byte[] golden =
        golden(example.type() + ".json", CheckedIn.pretty(example.data()))
            .getBytes(StandardCharsets.UTF_8);

    assertThat(WireFormat.read(golden, Shapes.of(example.type()))).isEqualTo(example.data());
  }

  @Test
  void theHeadersOfAnEventAreAsEver() {
    CloudEvent event = Examples.of(FulfillmentEventType.REQUESTED.typeName()).event();

    assertThat(CheckedIn.pretty(event.headers()))
        .isEqualTo(golden(CLOUD_EVENT, CheckedIn.pretty(event.headers())));
  }

  @Test
  void theHeadersOfADeadLetterAreAsEver() {
    Map<String, String> headers = Examples.deadLetter().headers();

    assertThat(CheckedIn.pretty(headers)).isEqualTo(golden(DEAD_LETTER, CheckedIn.pretty(headers)));
    assertThat(headers.keySet()).allMatch(name -> name.startsWith(DeadLetter.HEADER_PREFIX));
  }

  @Test
  void everyTypeHasItsGoldenFileAndNoFileIsLeftOver() {
    assertThat(Examples.all())
        .extracting(Examples.Example::type)
        .containsExactlyInAnyOrderElementsOf(Shapes.all().keySet());
    assertThat(CheckedIn.names(CheckedIn.GOLDEN))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of("headers"),
                    Shapes.all().keySet().stream().map(type -> type + ".json"))
                .toList());
  }

  @Test
  void theSameRecordIsTheSameBytesHoweverItsMapsWereFilled() {
    assertThat(WireFormat.write(Map.of("b", 1, "a", 2, "c", 3)))
        .asString()
        .isEqualTo("{\"a\":2,\"b\":1,\"c\":3}");
  }

  private static String golden(String name, String ifMissing) {
    return CheckedIn.text(CheckedIn.GOLDEN.resolve(Path.of(name)), ifMissing);
  }
}
