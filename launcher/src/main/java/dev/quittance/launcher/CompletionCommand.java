package dev.quittance.launcher;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Writes what makes a shell complete this program's commands and options.
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {"Print what makes bash or zsh complete commands and options.", ""},
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(./quittance completion)                    for this shell",
      "  ./quittance completion > ~/.quittance-completion    and source that in ~/.bashrc or",
      "                                                      ~/.zshrc, to have it always"
    })
final class CompletionCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @SuppressWarnings({"NullAway.Init", "initialization"}) // picocli sets the field
  CompletionCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    out.println(AutoComplete.bash("quittance", command.root().commandLine()));
    out.flush();
    return 0;
  }
}
