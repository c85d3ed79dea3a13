package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/// What a command said when it was run, and how it ended.
record CommandResult(int code, String out, String err) {

  static CommandResult by(String... arguments) {
    return by(Launcher.commandLine(), arguments);
  }

  static CommandResult by(CommandLine line, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        line.setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new CommandResult(code, out.toString(), err.toString());
  }

  List<String> lines() {
    return out.lines().toList();
  }

  JsonNode json() throws IOException {
    return WireFormat.mapper().readTree(out);
  }
}
