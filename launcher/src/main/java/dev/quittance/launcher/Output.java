package dev.quittance.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.WireFormat;
import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How commands tell what they found: lines for people, colored where a terminal shows them, or
/// JSON for programs.
final class Output {

  @Option(names = "--json", description = "Tell it as JSON.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @SuppressWarnings({"NullAway.Init", "initialization"}) // picocli sets the field
  Output() {}

  boolean json() {
    return json;
  }

  void say(String line) {
    print(command.commandLine().getOut(), line);
  }

  /// One document, laid out to be read.
  void say(JsonNode document) {
    say(document.toPrettyString());
  }

  /// One of many documents, on one line.
  void sayOnOneLine(JsonNode document) {
    try {
      say(WireFormat.mapper().writeValueAsString(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /// What is said beside the answer, so that it doesn't get into what a program reads.
  void remark(String line) {
    print(command.commandLine().getErr(), line);
  }

  private static void print(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }

  String colored(Style color, String text) {
    return command.commandLine().getColorScheme().ansi().enabled()
        ? color.on() + text + Style.reset.on()
        : text;
  }

  /// The command was misused.
  ///
  /// @param sentence what is wrong
  ParameterException misused(String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }

  /// An amount of the wire for people; nothing where there is none.
  static String money(JsonNode amount) {
    return amount.hasNonNull("minorUnits")
        ? Money.ofMinor(amount.path("minorUnits").asLong(), amount.path("currency").asText())
            .toString()
        : "";
  }

  /// What others wrote, without what would move a terminal's cursor or change its colors.
  static String plain(String text) {
    return text.codePoints()
        .map(point -> Character.isISOControl(point) ? '·' : point)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
