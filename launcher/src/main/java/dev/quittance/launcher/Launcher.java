package dev.quittance.launcher;

import dev.quittance.testkit.StackFault;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// `./quittance`: the whole of Quittance on one machine.
@Command(
    name = "quittance",
    mixinStandardHelpOptions = true,
    version = "Quittance 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Everything that has to happen after a customer pays: exactly one fulfillment",
      "and exactly one receipt.",
      ""
    },
    footerHeading = "%nThe first steps:%n",
    footer = {
      "  ./quittance up                                   start everything (leave it running)",
      "  ./quittance trigger checkout.session.completed   in a second terminal: a customer pays",
      "",
      "  ./quittance open                                 look at it in the console",
      "",
      "Help on a command: ./quittance help COMMAND.",
      "Exit codes: 0 done, 1 refused or failed, 2 invalid usage, 3 not reachable."
    },
    subcommands = {
      UpCommand.class,
      OpenCommand.class,
      TestCommand.class,
      TriggerCommand.class,
      ListenCommand.class,
      OrdersCommand.All.class,
      ReceiptsCommand.All.class,
      ResendCommand.class,
      ReplayCommand.class,
      RecoverCommand.class,
      DeadLettersCommand.All.class,
      ConnectCommand.class,
      DoctorCommand.class,
      ConformCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Launcher implements Runnable {

  /// The exit code where a service or the brokers don't answer.
  private static final int NOT_REACHABLE = 3;

  @Spec private CommandSpec spec;

  /// Used by picocli.
  @SuppressWarnings({"NullAway.Init", "initialization"}) // picocli sets the field
  public Launcher() {}

  public static void main(String[] args) {
    // the libraries' chatter is of no use to whoever types a command
    Logger.getLogger("").setLevel(Level.SEVERE);
    Logger.getLogger("io.zonky").setLevel(Level.OFF);
    System.exit(commandLine().execute(args));
  }

  /// Runs a command as `./quittance` would.
  ///
  /// @return its exit code
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return commandLine().setOut(out).setErr(err).execute(args);
  }

  static CommandLine commandLine() {
    var line = new CommandLine(new Launcher());
    ServiceLoader.load(Plugin.class).forEach(line::addSubcommand);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, failing, _) -> failed(e, failing))
        .setParameterExceptionHandler((e, _) -> misused(e));
  }

  /// One line that says what is wrong and where help is: a screen of options would hide it.
  private static int misused(ParameterException e) {
    CommandLine line = e.getCommandLine();
    line.getErr()
        .println(
            line.getColorScheme()
                .errorText(
                    Output.plain(String.valueOf(e.getMessage()))
                        + suggestion(e)
                        + " (./"
                        + line.getCommandSpec().qualifiedName()
                        + " --help)"));
    line.getErr().flush();
    return CommandLine.ExitCode.USAGE;
  }

  /// What was probably meant, where that can be guessed.
  private static String suggestion(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      return ". Did you mean "
          + String.join(" or ", unmatched.getSuggestions().stream().limit(3).toList())
          + "?";
    }
    return "";
  }

  private static int failed(Exception e, CommandLine line) throws Exception {
    if (e instanceof StackFault fault) {
      line.getErr().println(line.getColorScheme().errorText(fault.getMessage()));
      return fault instanceof NotReachable ? NOT_REACHABLE : CommandLine.ExitCode.SOFTWARE;
    }
    throw e;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
