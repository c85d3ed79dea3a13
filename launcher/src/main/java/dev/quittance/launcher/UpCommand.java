package dev.quittance.launcher;

import dev.quittance.testkit.ReturnPageToken;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import dev.quittance.testkit.Stack;
import dev.quittance.testkit.StackFault;
import dev.quittance.testkit.StackPorts;
import dev.quittance.testkit.Training;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Starts everything and keeps it running.
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Start Kafka, PostgreSQL, a mail server, the services and the sandbox on this machine.",
      "",
      "It builds what isn't built, says when all is ready, and runs until Ctrl-C, which stops",
      "everything. The data stays in .quittance/ for the next time; the logs are in",
      ".quittance/logs/.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance up",
      "  ./quittance up --fresh",
      "  ./quittance up --port-offset 100    where the usual ports are taken",
      "  ./quittance up --train              for sooner starts from then on, until the next build",
      "  ./quittance up --stripe-secret whsec_…    for what `stripe listen` forwards"
    })
final class UpCommand implements Callable<Integer> {

  /// A new broker and a new database take 100 MB; the rest is for a day's play.
  private static final long DISK_BYTES_MIN = 500_000_000L;

  /// The caches take half of it, and each is written twice.
  private static final long TRAINING_BYTES = 1_500_000_000L;

  private static final String ENDPOINTS = "QUITTANCE_ENDPOINTS_";
  private static final String LOCAL_STRIPE = "QUITTANCE_LOCAL_ENDPOINTS_STRIPE_";
  private static final String SECRET = "whsec_";
  private static final String TOKEN = "QUITTANCE_ADMIN_TOKEN";

  /// What the sandbox signs with, as the service's own defaults have it.
  private static final String SANDBOX_SECRET = "whsec_local_stripe";

  private static final String STRIPE_API = "https://api.stripe.com";
  private static final Pattern TEST_KEY = Pattern.compile("[sr]k_test_");

  @Option(
      names = "--fresh",
      description = "Forget all data of the last time and start from nothing.")
  private boolean fresh;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "Add N to every port, where the usual ones are taken by something else.")
  private int portOffset;

  @Option(
      names = "--train",
      description =
          "First let the JVMs learn from made-up payments, once after a build: takes a minute or"
              + " two, and shortens each start by some seconds.")
  private boolean train;

  @Option(
      names = "--stripe-secret",
      paramLabel = "SECRET|FILE",
      description =
          "Accept what Stripe's own CLI forwards, too: the secret that `stripe listen"
              + " --forward-to 127.0.0.1:8081/webhooks/stripe` shows, or a file with it, which"
              + " nobody else on this machine sees among the running programs.")
  private @Nullable String stripeSecret;

  @Option(
      names = "--stripe-key",
      paramLabel = "FILE",
      description =
          "Ask Stripe itself for line items and refunds, with the test key in this file, instead"
              + " of the sandbox. The sandbox's own orders have no items then.")
  private @Nullable Path stripeKey;

  @Spec private CommandSpec spec;

  private final AtomicBoolean stopping = new AtomicBoolean();

  @SuppressWarnings({"NullAway.Init", "initialization"}) // picocli sets the field
  UpCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    Path home = Repository.home();
    Map<String, String> stripe = stripe();
    try (var _ = SingleStack.claim(home)) {
      letCommandsIn(home, stripe);
      boolean training = train && !Training.done(Repository.root());
      refuseFullDisk(home, training ? DISK_BYTES_MIN + TRAINING_BYTES : DISK_BYTES_MIN);
      if (training) {
        Training.unlessDone(Repository.root(), home, this::say);
      }
      long began = System.nanoTime();
      var plan =
          new Stack.Plan(
              Repository.root(),
              home,
              StackPorts.LOCAL.shifted(portOffset),
              ReturnPageToken.of(System.getenv(), new SecureRandom()),
              stripe);
      var stack = new Stack(plan, this::tellReady);
      var stopped = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stack, stopped)));
      if (fresh) {
        stack.wipe();
      }
      PortOffset.write(home, portOffset);
      say("Starting. Logs are in .quittance/logs/.");
      start(stack);
      watch(stack);
      tellAddresses(stack.ports(), Duration.ofNanos(System.nanoTime() - began));
      stopped.await();
      return 0;
    }
  }

  /// What the local endpoint is told of a real account. The sandbox goes on signing with its own
  /// secret.
  private Map<String, String> stripe() {
    if (stripeSecret == null && stripeKey == null) {
      return new TreeMap<>();
    }
    if (System.getenv().keySet().stream().anyMatch(name -> name.startsWith(ENDPOINTS))) {
      throw misused(
          "--stripe-secret and --stripe-key are for the endpoint that `up` makes, and "
              + ENDPOINTS
              + "… sets others: give the secret to those.");
    }
    var settings = new TreeMap<String, String>();
    if (stripeSecret != null) {
      String secret = stripeSecret.startsWith(SECRET) ? stripeSecret : line(Path.of(stripeSecret));
      if (!secret.startsWith(SECRET)) {
        throw misused("--stripe-secret is a secret that begins with whsec_, or a file with one.");
      }
      settings.put(LOCAL_STRIPE + "SECRETS", SANDBOX_SECRET + "," + secret);
    }
    if (stripeKey != null) {
      String key = line(stripeKey);
      if (!TEST_KEY.matcher(key).lookingAt()) {
        throw misused("--stripe-key is a file with a test key: sk_test_… or rk_test_….");
      }
      settings.put(LOCAL_STRIPE + "API_KEY", key);
      settings.put(LOCAL_STRIPE + "API_BASE", STRIPE_API);
    }
    return settings;
  }

  /// An endpoint that accepts more than the sandbox's events makes nobody an operator for being at
  /// this machine: whoever starts it is told by a token, which the console and the commands show.
  private static void letCommandsIn(Path home, Map<String, String> settings) {
    LocalToken.forget(home);
    if (settings.containsKey(LOCAL_STRIPE + "SECRETS") && !System.getenv().containsKey(TOKEN)) {
      String token = LocalToken.make(home, new SecureRandom());
      settings.put(TOKEN, token);
      settings.put("QUITTANCE_CONSOLE_INGEST_TOKEN", token);
    }
  }

  private String line(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw misused("There is no file " + file + " that can be read.");
    }
  }

  private CommandLine.ParameterException misused(String sentence) {
    return new CommandLine.ParameterException(spec.commandLine(), sentence);
  }

  /// Also an interrupted or failed start leaves nothing running: the hook stops what there is.
  private static void start(Stack stack) {
    try {
      stack.start();
    } catch (StackFault fault) {
      if (fault.toString().contains("No space left on device")) {
        throw new StackFault("The disk is full: make room and start again.", fault);
      }
      throw fault;
    }
  }

  private void stop(Stack stack, CountDownLatch stopped) {
    stopping.set(true);
    if (stack.running()) {
      say("Stopping.");
      stack.close();
      LocalToken.forget(Repository.home());
      say("Stopped. The data is kept; ./quittance up goes on with it.");
    }
    stopped.countDown();
  }

  private void watch(Stack stack) {
    for (Service service : Service.values()) {
      ServiceProcess process = stack.service(service);
      var _ =
          process
              .ended()
              .thenAccept(how -> {
                if (!stopping.get()) {
                  say(how);
                  say("The others go on. Ctrl-C and ./quittance up start it again.");
                }
              });
    }
  }

  private void tellReady(String part, Duration took) {
    say(String.format(Locale.ROOT, "  %-20s ready after %4.1f s", part, took.toMillis() / 1000.0));
  }

  private void tellAddresses(StackPorts ports, Duration took) {
    say(
        String.format(
            Locale.ROOT, "%nReady in %.1f s. Ctrl-C stops everything.", took.toMillis() / 1000.0));
    tell("Shop and mailbox", ports.url(Service.SANDBOX).toString());
    tell("Console", ports.url(Service.FULFILLMENT) + "/console");
    tell("Orders", ports.url(Service.FULFILLMENT) + "/orders");
    tell("Receipts", ports.url(Service.RECEIPTS) + "/receipts");
    tell("Webhooks", ports.url(Service.INGEST) + "/webhooks/stripe (and /paysuper)");
    tell("Kafka", "127.0.0.1:" + ports.kafka());
    tell("PostgreSQL", "127.0.0.1:" + ports.postgres() + " (quittance/quittance)");
    tell("SMTP", "127.0.0.1:" + ports.smtp());
    say("\nTry it: ./quittance trigger checkout.session.completed");
  }

  private void tell(String what, String where) {
    say(String.format(Locale.ROOT, "  %-20s %s", what, where));
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private static void refuseFullDisk(Path home, long needed) {
    try {
      long free = Files.getFileStore(home).getUsableSpace();
      if (free < needed) {
        throw new StackFault(
            "Only "
                + free / 1_000_000
                + " MB are free on the disk of "
                + home
                + ", and "
                + needed / 1_000_000
                + " MB are needed: make room and start again.");
      }
    } catch (IOException e) {
      throw new StackFault("The disk of " + home + " doesn't answer", e);
    }
  }
}
