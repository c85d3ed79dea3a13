package dev.quittance.receipts.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.FuzzRandom;
import dev.quittance.receipts.Eventually;
import dev.quittance.receipts.mail.ScriptedSmtp.Act;
import dev.quittance.receipts.mail.ScriptedSmtp.Phase;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Whatever a mail server says, over a real socket: each mail has an outcome within its time, what
/// was not taken is never counted as taken, and no connection is lost to the pool.
class SmtpFuzzTest {

  private static final Duration DEADLINE = Duration.ofSeconds(3);

  /// The deadline is kept by a thread that may have to wait for its turn.
  private static final long OUTCOME_S_MAX = 60;

  private static final List<String> REPLIES =
      List.of(
          "250 fine",
          "250",
          "250-",
          "250-more\r\n250 fine",
          "250-more\r\n",
          "250-a\r\n251 b",
          "251 will forward",
          "354 go on",
          "220 again",
          "100 wait",
          "000 nothing",
          "199 x",
          "299 x",
          "300 x",
          "399 x",
          "421 closing",
          "450 4.2.0 greylisted",
          "451 later",
          "452 no space",
          "500 what?",
          "503 not now",
          "530 5.7.0 log in",
          "535 5.7.8 wrong",
          "550 5.1.1 <jane@example.com> unknown",
          "550-one\r\n550-two\r\n550 three",
          "552 too large",
          "554 no",
          "599 x",
          "600 x",
          "999 x",
          "-250 fine",
          "2500 fine",
          "25O fine",
          " 250 fine",
          "\t",
          "",
          "\r\n\r\n",
          "ok",
          "HTTP/1.1 400 Bad Request",
          "250 fine\r\n250 fine",
          "250 fine\r\n550 or not");

  @SuppressWarnings("NullAway.Init") // opened before the first test
  private static Vertx vertx;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void shut() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void anyAnswersGiveEveryLetterItsOutcome() throws Exception {
    ScriptedSmtp smtp = ScriptedSmtp.start(ScriptedSmtp.accepting());
    MailClient client = SmtpTransportTest.hasty(vertx, smtp.port());
    try (smtp) {
      var transport =
          new SmtpTransport(client, vertx.getOrCreateContext(), DEADLINE, Clock.systemUTC());
      Fuzz.cases(
          100,
          rubbish -> {
            var server = new Rude(rubbish);
            smtp.script(server);
            int before = smtp.kept().size();

            SmtpReply reply = post(transport);

            if (reply instanceof SmtpReply.Accepted && !server.talksTooMuch) {
              assertThat(server.saidYesAtTheEnd || smtp.kept().size() > before)
                  .as("taken by the server: " + server.acts)
                  .isTrue();
            }
            if (reply instanceof SmtpReply.Refused(var reason)) {
              assertThat(reason.code()).startsWith("smtp_5");
            }
          });
      smtp.script(ScriptedSmtp.accepting());
      Eventually.holds("a connection is left", () -> post(transport) instanceof SmtpReply.Accepted);
    } finally {
      client.close();
    }
  }

  @Test
  void anyAnswersGiveTheProbeAFinding() {
    try (ScriptedSmtp smtp = ScriptedSmtp.start(ScriptedSmtp.accepting())) {
      Fuzz.cases(
          50,
          rubbish -> {
            smtp.script(new Rude(rubbish));
            var probe = new SmtpProbe("127.0.0.1", smtp.port(), false, true, Duration.ofSeconds(1));

            assertThat(probe.ask()).isNotNull();
          });
    }
  }

  private static SmtpReply post(MailTransport transport) {
    try {
      return transport
          .send(SmtpTransportTest.mail("jane@example.com"))
          .toCompletableFuture()
          .get(OUTCOME_S_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("a mail without an outcome", e);
    }
  }

  /// A server that is rude in one or two phases of its dialogue, the same in each of them.
  private static final class Rude implements ScriptedSmtp.Script {

    private final Map<Phase, Act> acts = new EnumMap<>(Phase.class);
    private volatile boolean talksTooMuch;
    private volatile boolean saidYesAtTheEnd;

    Rude(FuzzRandom rubbish) {
      for (int left = 1 + rubbish.below(2); left > 0; left--) {
        acts.put(rubbish.of(Phase.values()), act(rubbish));
      }
    }

    private Act act(FuzzRandom rubbish) {
      return switch (rubbish.below(20)) {
        case 0 -> new Act.Drop();
        case 1 -> new Act.KeepAndDrop();
        case 2 -> new Act.Hang();
        case 3, 4 -> utter(rubbish.bytes(3_000));
        case 5 -> say("250 " + "x".repeat(rubbish.below(200_000)));
        case 6 -> say("250-more\r\n".repeat(rubbish.below(2_000)) + "250 fine");
        case 7 -> say(rubbish.text());
        case 8, 9 -> utter(rubbish.damaged("250 fine\r\n").getBytes(UTF_8));
        case 10 -> say(rubbish.below(1_000) + " " + rubbish.text());
        default -> say(rubbish.of(REPLIES));
      };
    }

    private Act say(String reply) {
      talksTooMuch |= reply.indexOf('\n') >= 0;
      return new Act.Say(reply);
    }

    /// Not always the end of a line, so that the next words are its rest.
    private Act utter(byte[] bytes) {
      talksTooMuch = true;
      return new Act.Utter(bytes);
    }

    @Override
    public Act at(Phase phase, @Nullable String to) {
      Act act = acts.getOrDefault(phase, new Act.Accept());
      if (phase == Phase.DOT && act instanceof Act.Say(var reply)) {
        saidYesAtTheEnd |= reply.startsWith("2") || reply.startsWith("3") || reply.startsWith("1");
      }
      return act;
    }
  }
}
