package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A command that has a service do something once, however often it is asked with the same key.
abstract class ActingCommand extends ServiceCommand {

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "The Idempotency-Key of an earlier attempt, to find out what came of it; otherwise a new"
              + " one.")
  private @Nullable String key;

  /// The answer to what was asked for.
  ///
  /// @throws StackFault when it is refused; where nobody knows whether it was done, it says how to
  ///   find out
  JsonNode done(ServiceClient services, Service service, String path, JsonNode body) {
    String once = key == null ? "cli-" + UUID.randomUUID() : key;
    if (!KEY.matcher(once).matches()) {
      throw output.misused("--key has 1 to 255 visible ASCII characters.");
    }
    String advice = ". The same command with --key " + once + " finds out, and does it once.";
    ServiceClient.Answer answer;
    try {
      answer = services.postOnce(service, path, body, once).admitted();
    } catch (NotReachable e) {
      throw e.perhapsDone() ? new NotReachable(e.getMessage() + advice, true, e) : e;
    }
    if (answer.status() == 400) {
      throw output.misused(Output.plain(answer.complaint()));
    }
    if (!answer.good()) {
      throw answer.refusal(advice);
    }
    return answer.body();
  }
}
