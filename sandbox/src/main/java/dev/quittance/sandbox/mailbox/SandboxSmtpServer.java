package dev.quittance.sandbox.mailbox;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.smtp.SmtpManager;
import com.icegreen.greenmail.smtp.SmtpServer;
import com.icegreen.greenmail.smtp.SmtpState;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An SMTP server that takes mail to anybody, unless it is asked to refuse it. It says `250` to a
/// mail only once the mail is kept, and `451` when it can't be.
final class SandboxSmtpServer implements AutoCloseable {

  /// RFC 5321 wants a server to wait five minutes for the next command, and senders keep their
  /// connections open meanwhile.
  private static final Duration SILENCE_MAX = Duration.ofMinutes(5);

  /// Then it forgets, and all have to come back once more.
  private static final int GREYLISTED_MAX = 100_000;

  private static final Duration START_MAX = Duration.ofSeconds(60);

  private final SmtpServer server;

  private SandboxSmtpServer(SmtpServer server) {
    this.server = server;
  }

  /// Opens the post office.
  ///
  /// @param port 0 for any that is free
  /// @throws IllegalStateException with a sentence for the user when the port is taken
  static SandboxSmtpServer open(
      String host, int port, Mails mails, Supplier<MailServerAnswer> answer) {
    var setup = new ServerSetup(port, host, ServerSetup.PROTOCOL_SMTP);
    setup.setServerStartupTimeout(START_MAX.toMillis());
    var server = new SmtpServer(setup, new Counters(mails, answer));
    server.setClientSocketTimeout((int) SILENCE_MAX.toMillis());
    server.startService();
    try {
      if (!server.waitTillRunning(START_MAX.toMillis())) {
        throw new IllegalStateException(
            "The mailbox can't listen on "
                + host
                + ":"
                + port
                + ". Stop what uses the port, or set QUITTANCE_SANDBOX_SMTP_PORT to another.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the mailbox opened", e);
    }
    return new SandboxSmtpServer(server);
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.stopService();
  }

  private static final class Counters extends Managers {

    private final SmtpManager counter;

    private Counters(Mails mails, Supplier<MailServerAnswer> answer) {
      counter = new Counter(this, mails, answer);
    }

    @Override
    public SmtpManager getSmtpManager() {
      return counter;
    }
  }

  private static final class Counter extends SmtpManager {

    private final Mails mails;
    private final Supplier<MailServerAnswer> answer;

    /// Those who may come back.
    private final Set<String> greylisted = ConcurrentHashMap.newKeySet();

    private Counter(Managers managers, Mails mails, Supplier<MailServerAnswer> answer) {
      super(managers.getImapHostManager(), managers.getUserManager());
      this.mails = mails;
      this.answer = answer;
    }

    @Override
    public @Nullable String checkRecipient(SmtpState state, MailAddress recipient) {
      MailServerAnswer now = answer.get();
      if (now == MailServerAnswer.GREYLISTED && !seenFirst(recipient.getEmail())) {
        return null;
      }
      return now.at(MailServerAnswer.Step.RECIPIENT);
    }

    private boolean seenFirst(String recipient) {
      if (greylisted.size() >= GREYLISTED_MAX) {
        greylisted.clear();
      }
      return greylisted.add(recipient);
    }

    @Override
    public @Nullable String checkData(SmtpState state) {
      return answer.get().at(MailServerAnswer.Step.LETTER);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the mails have a lock of their own
    public void send(SmtpState state) {
      MovingMessage message = state.getMessage();
      try {
        var bytes = new ByteArrayOutputStream();
        message.getMessage().writeTo(bytes);
        for (MailAddress recipient : message.getToAddresses()) {
          mails.keep(recipient.getEmail(), bytes.toByteArray());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (MessagingException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
