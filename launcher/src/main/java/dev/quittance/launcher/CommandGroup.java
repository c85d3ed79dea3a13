package dev.quittance.launcher;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command that does nothing but have others below it.
abstract class CommandGroup implements Runnable {

  @Spec private CommandSpec command;

  @SuppressWarnings({"NullAway.Init", "initialization"}) // picocli sets the field
  CommandGroup() {}

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(),
        "Which one: " + String.join(", ", command.subcommands().keySet()) + "?");
  }
}
