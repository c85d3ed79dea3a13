package dev.quittance.launcher;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.launcher.Finding.Grade;
import dev.quittance.testkit.LocalPostgres;
import dev.quittance.testkit.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Looks for what is wrong, and says what to do.
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Look for what is wrong, and say what to do about it.",
      "",
      "Examines the JDK, the services and their ports, the brokers, the topics against",
      "the contract, the databases, the mail server, the clock, and whether",
      "ingest-service knows the secrets that the providers sign with; and says which",
      "events the providers have to be registered for. Then what waits for somebody:",
      "failed messages, mail that was given up, wrong receipts, events that aren't",
      "published. For the secrets it posts a signed webhook of the type quittance.doctor,",
      "which means nothing and is kept with the others.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance doctor",
      "  ./quittance doctor --json",
      "  ./quittance doctor --secrets FILE     lines like stripe=whsec_… or shop2:stripe=whsec_…",
      "",
      "Exit codes: 0 nothing is wrong, 1 something is, 2 invalid usage."
    })
final class DoctorCommand implements Callable<Integer> {

  private static final int JAVA_MIN = 25;

  private static final String LOCAL_STRIPE = "whsec_local_stripe";
  private static final String LOCAL_PAYSUPER = "local-paysuper-secret";

  @Option(
      names = "--database-url",
      paramLabel = "URL",
      defaultValue = "${env:QUITTANCE_DATABASE_URL}",
      description =
          "Where the databases are, jdbc:postgresql://HOST:PORT/; QUITTANCE_DATABASE_URL; otherwise"
              + " those of ./quittance up. User and password: QUITTANCE_DATABASE_USER,"
              + " QUITTANCE_DATABASE_PASSWORD.")
  private @Nullable String databaseUrl;

  @Option(
      names = "--smtp",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:QUITTANCE_SMTP}",
      description = "The mail server; QUITTANCE_SMTP; otherwise that of ./quittance up.")
  private @Nullable String smtp;

  @Option(
      names = "--secrets",
      paramLabel = "FILE",
      defaultValue = "${env:QUITTANCE_PROVIDER_SECRETS}",
      description =
          "What the providers sign with, ENDPOINT=SECRET or ENDPOINT:PROVIDER=SECRET by lines;"
              + " QUITTANCE_PROVIDER_SECRETS; otherwise the sandbox's, if ingest-service is local.")
  private @Nullable Path secrets;

  @Mixin private final Addresses addresses = new Addresses();

  @Mixin private final Brokers brokers = new Brokers();

  @Mixin private final Output output = new Output();

  private final Clock clock;

  DoctorCommand() {
    this(Clock.systemUTC());
  }

  /// @param clock this machine's
  DoctorCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    List<Finding> findings = findings();
    boolean healthy = findings.stream().noneMatch(finding -> finding.grade() == Grade.FAULT);
    if (output.json()) {
      ObjectNode report = WireFormat.mapper().createObjectNode().put("healthy", healthy);
      var all = report.putArray("findings");
      for (Finding finding : findings) {
        all.addObject()
            .put("part", finding.part())
            .put("grade", finding.grade().name().toLowerCase(Locale.ROOT))
            .put("what", finding.what())
            .put("todo", finding.todo());
      }
      output.say(report);
    } else {
      findings.forEach(this::tell);
      output.say(healthy ? "Nothing is wrong." : "Something is wrong: see above.");
    }
    return healthy ? 0 : 1;
  }

  private void tell(Finding finding) {
    String grade =
        switch (finding.grade()) {
          case OK -> output.colored(Style.fg_green, "ok   ");
          case DOUBTFUL -> output.colored(Style.fg_yellow, "look ");
          case FAULT -> output.colored(Style.fg_red, "WRONG");
          case SKIPPED -> output.colored(Style.faint, "-    ");
        };
    output.say("%s %-20s %s".formatted(grade, finding.part(), finding.what()));
    if (finding.todo() != null) {
      output.say("      %-20s %s".formatted("", finding.todo()));
    }
  }

  private List<Finding> findings() {
    List<SecretExam> signed = secretExams();
    MailExam mail = mailExam();
    var findings = new ArrayList<Finding>();
    var clocks = new ClockExam(clock);
    findings.add(jdk(Runtime.version().feature()));
    try (var services = new ServiceClient(addresses);
        var progress = Progress.of("Examining", Service.values().length + 5L)) {
      for (Service service : Service.values()) {
        if (service == Service.SANDBOX && !isLocal()) {
          continue;
        }
        var exam = new ServiceExam(service, addresses.of(service), services);
        findings.add(exam.finding());
        exam.itsTime().ifPresent(theirs -> clocks.compare(service.module(), theirs));
        progress.at(findings.size());
      }
      findings.addAll(new BrokerExam(brokers.client()).findings());
      progress.at(findings.size());
      for (DatabaseExam exam : databaseExams()) {
        findings.addAll(exam.findings());
        exam.itsTime().ifPresent(theirs -> clocks.compare("the database server", theirs));
      }
      findings.add(mail.finding());
      findings.add(clocks.finding());
      findings.addAll(EventTypesExam.findings(services));
      findings.addAll(new WorkExam(services, brokers.client(), clock).findings());
      if (signed.isEmpty()) {
        findings.add(Finding.skipped("secret", "--secrets says what the providers sign with"));
      }
      for (SecretExam exam : signed) {
        findings.add(exam.finding(services, clock, clocks.isOff()));
      }
    }
    return findings;
  }

  static Finding jdk(int version) {
    return version >= JAVA_MIN
        ? Finding.ok("JDK", "version " + version)
        : Finding.fault(
            "JDK",
            "version %d, and %d is needed".formatted(version, JAVA_MIN),
            "Install one from https://adoptium.net and set JAVA_HOME to it.");
  }

  private List<DatabaseExam> databaseExams() {
    String server =
        Objects.requireNonNullElseGet(
            databaseUrl,
            () ->
                "jdbc:postgresql://127.0.0.1:"
                    + PortOffset.ports(Repository.home()).postgres()
                    + "/");
    String user = environment("QUITTANCE_DATABASE_USER", LocalPostgres.ROLE);
    String password = environment("QUITTANCE_DATABASE_PASSWORD", LocalPostgres.ROLE);
    int query = server.indexOf('?');
    String bare = query < 0 ? server : server.substring(0, query);
    String root = bare.substring(0, bare.lastIndexOf('/') + 1);
    if (!root.startsWith("jdbc:postgresql://")) {
      throw output.misused("--database-url is like jdbc:postgresql://127.0.0.1:5433/.");
    }
    String options = query < 0 ? "" : server.substring(query);
    return List.of(
        new DatabaseExam("fulfillment", root + "fulfillment" + options, user, password),
        new DatabaseExam("receipts", root + "receipts" + options, user, password));
  }

  private MailExam mailExam() {
    if (smtp == null) {
      return new MailExam("127.0.0.1", PortOffset.ports(Repository.home()).smtp());
    }
    int colon = smtp.lastIndexOf(':');
    try {
      if (colon > 0) {
        return new MailExam(smtp.substring(0, colon), Integer.parseInt(smtp.substring(colon + 1)));
      }
    } catch (NumberFormatException _) {
      // said below, like one without a port
    }
    throw output.misused("--smtp is like mail.example.com:587.");
  }

  private List<SecretExam> secretExams() {
    if (secrets == null) {
      return isLocal()
          ? List.of(
              new SecretExam(
                  "stripe", "stripe", environment("QUITTANCE_SANDBOX_STRIPE_SECRET", LOCAL_STRIPE)),
              new SecretExam(
                  "paysuper",
                  "paysuper",
                  environment("QUITTANCE_SANDBOX_PAYSUPER_SECRET", LOCAL_PAYSUPER)))
          : List.of();
    }
    var lines = new ArrayList<SecretExam>();
    for (String line : linesOf(secrets)) {
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw output.misused("--secrets has lines like stripe=whsec_…");
      }
      String[] who = line.substring(0, equals).strip().split(":", 2);
      lines.add(
          new SecretExam(
              who[0], who.length > 1 ? who[1] : who[0], line.substring(equals + 1).strip()));
    }
    return lines;
  }

  private List<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw output.misused("The file " + file + " can't be read.");
    }
  }

  private boolean isLocal() {
    try {
      return InetAddress.getByName(addresses.of(Service.INGEST).getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String environment(String name, String otherwise) {
    return Objects.requireNonNullElse(System.getenv(name), otherwise);
  }
}
