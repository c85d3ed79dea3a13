package dev.quittance.sandbox.mailbox;

import dev.quittance.sandbox.settings.SandboxSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The mailbox that belongs to everybody, and the post office that fills it.
@Singleton
public final class Mailbox {

  private final SandboxSettings settings;
  private final Mails mails;
  private @Nullable SandboxSmtpServer smtp;
  private volatile MailServerAnswer answer = MailServerAnswer.TAKES;

  @Inject
  Mailbox(SandboxSettings settings, Clock clock) {
    this.settings = settings;
    this.mails = new Mails(settings.data().resolve("mails"), settings.mailsMax(), clock);
  }

  void open(@Observes StartupEvent start) {
    smtp =
        SandboxSmtpServer.open(settings.smtp().host(), settings.smtp().port(), mails, () -> answer);
  }

  void close(@Observes ShutdownEvent stop) {
    if (smtp != null) {
      smtp.close();
    }
  }

  /// The port that mail is taken on.
  public int port() {
    if (smtp == null) {
      throw new IllegalStateException("the post office is closed");
    }
    return smtp.port();
  }

  /// How the mail server answers.
  MailServerAnswer answer() {
    return answer;
  }

  /// Answers like this from now on, until the sandbox is started anew.
  void answer(MailServerAnswer next) {
    answer = next;
  }

  List<Mail> newest(@Nullable String to, int max) {
    return mails.newest(to, max).stream().map(this::opened).flatMap(Optional::stream).toList();
  }

  long count(@Nullable String to) {
    return mails.count(to);
  }

  Optional<Mail> find(long id) {
    return mails.find(id).flatMap(this::opened);
  }

  Optional<byte[]> raw(long id) {
    return mails.find(id).flatMap(mails::bytes);
  }

  void clear() {
    mails.clear();
  }

  private Optional<Mail> opened(Mails.Kept kept) {
    return mails.bytes(kept).map(bytes -> Mail.open(kept, bytes));
  }
}
