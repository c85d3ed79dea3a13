package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.fulfillment.order.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page of error codes has what the services say, and nothing that none of them says.
class ErrorCodesTest {

  private static final List<String> SERVICES =
      List.of("web-access", "ingest-service", "fulfillment-service", "receipt-service");

  /// A status and the code behind it, as problems are made.
  private static final Pattern PROBLEM = Pattern.compile("\\(\\s*[45]\\d{2},\\s*\"([a-z_]{3,})\"");

  /// What a refund is refused for before the provider is asked.
  private static final Pattern REFUSED = Pattern.compile("Outcome\\.Refused\\(\\s*\"([a-z_]+)\"");

  /// What HTTP itself has: the framework's refusals, named by their reason phrases.
  private static final Set<String> OF_HTTP =
      Set.of("not_found", "method_not_allowed", "not_acceptable", "unsupported_media_type");

  private static final Pattern CELL = Pattern.compile("`([a-z_]{3,})`");

  @Test
  void everyCodeThatIsSaidIsOnThePageAndNoOther() throws IOException {
    Set<String> said = new TreeSet<>(OF_HTTP);
    for (String service : SERVICES) {
      for (Path source : Checkout.files(service + "/src/main/java", ".java")) {
        String text = Files.readString(source);
        PROBLEM.matcher(text).results().forEach(match -> said.add(match.group(1)));
        REFUSED.matcher(text).results().forEach(match -> said.add(match.group(1)));
      }
    }
    said.addAll(Arrays.stream(Refusal.values()).map(Refusal::code).toList());
    said.addAll(Arrays.stream(DeadLetter.Why.values()).map(DeadLetter.Why::wireName).toList());

    assertThat(listed()).isEqualTo(said);
  }

  /// What stands in the first two columns of its tables.
  private static Set<String> listed() {
    return Checkout.text("docs/errors.md")
        .lines()
        .filter(line -> line.startsWith("| "))
        .flatMap(line -> Arrays.stream(line.split("\\|")).skip(1).limit(2))
        .flatMap(cell -> CELL.matcher(cell).results().map(match -> match.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
