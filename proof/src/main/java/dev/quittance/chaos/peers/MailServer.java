package dev.quittance.chaos.peers;

import dev.quittance.chaos.history.Entry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A mail server (RFC 5321) that writes down what it takes before it says so, and can be away or in
/// a bad mood.
public final class MailServer implements AutoCloseable {

  /// How it answers.
  public enum Mood {
    GOOD,
    /// Nobody listens.
    AWAY,
    /// 4xx at one command or another.
    LATER,
    /// 5xx at the greeting or the sender: not the letter's fault.
    REFUSES,
    /// 550 for every other recipient: the letter's end.
    BOUNCES,
    /// 5xx to everybody, where other servers refuse recipients and letters, but about the client,
    /// its sender or its quota: no letter's end.
    DENIES
  }

  /// What relays say at the recipient when they mean the client.
  private static final List<String> DENIALS =
      List.of(
          "554 5.7.1 Relay access denied",
          "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a list",
          "550 5.1.8 Sender address rejected: Domain not found",
          "550 5.4.1 Recipient address rejected: Access denied.");

  /// And after the letter.
  private static final List<String> QUOTAS =
      List.of(
          "552 5.2.3 Daily sending quota exceeded",
          "550-5.7.26 Unauthenticated email is not accepted due to\r\n550 5.7.26 DMARC policy");

  private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^message-id:\\s*<([^>]+)>");

  private final Clock clock;
  private final Consumer<Entry> history;
  private final Random random;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final int port;
  private volatile ServerSocket listener;
  private volatile Mood mood = Mood.GOOD;

  public MailServer(Clock clock, Consumer<Entry> history, long seed) {
    this.clock = clock;
    this.history = history;
    this.random = new Random(seed);
    this.listener = listen(0);
    this.port = listener.getLocalPort();
  }

  public int port() {
    return port;
  }

  /// Answers like this from now on.
  public synchronized void turn(Mood next) {
    Mood before = mood;
    mood = next;
    if (next == Mood.AWAY) {
      quietly(listener);
      connections.forEach(MailServer::quietly);
    } else if (before == Mood.AWAY) {
      listener = listen(port);
    }
  }

  private ServerSocket listen(int onPort) {
    try {
      var socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort));
      Thread.ofVirtual().start(() -> accept(socket));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        if (mood == Mood.AWAY) {
          quietly(client); // it slipped in while the door was closing
          continue;
        }
        connections.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException _) {
        // closed: away
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        var in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))) {
      new Dialogue(in, client.getOutputStream()).run();
    } catch (IOException _) {
      // cut
    } finally {
      connections.remove(client);
    }
  }

  private boolean chance() {
    synchronized (random) {
      return random.nextInt(3) == 0;
    }
  }

  private String one(List<String> of) {
    synchronized (random) {
      return of.get(random.nextInt(of.size()));
    }
  }

  private static void quietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception _) {
      // it is gone either way
    }
  }

  @Override
  public void close() {
    turn(Mood.AWAY);
  }

  private final class Dialogue {

    private final BufferedReader in;
    private final OutputStream out;
    private @Nullable String recipient;

    Dialogue(BufferedReader in, OutputStream out) {
      this.in = in;
      this.out = out;
    }

    void run() throws IOException {
      if (mood == Mood.REFUSES && chance()) {
        say("554 no SMTP service here");
        return;
      }
      if (mood == Mood.LATER && chance()) {
        say("421 too many connections");
        return;
      }
      say("220 mail.example ESMTP");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        switch (verb) {
          case "EHLO" -> say("250-mail.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8");
          case "HELO", "NOOP" -> say("250 ok");
          case "MAIL" -> mail();
          case "RCPT" -> rcpt(line);
          case "DATA" -> data();
          case "RSET" -> {
            recipient = null;
            say("250 ok");
          }
          case "QUIT" -> {
            say("221 bye");
            return;
          }
          default -> say("502 not implemented");
        }
      }
    }

    private void mail() throws IOException {
      recipient = null;
      if (mood == Mood.REFUSES) {
        say("550 5.7.1 sender refused");
      } else if (mood == Mood.LATER && chance()) {
        say("451 4.3.0 try again later");
      } else {
        say("250 ok");
      }
    }

    private void rcpt(String line) throws IOException {
      String to = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
      if (mood == Mood.BOUNCES && Math.floorMod(to.hashCode(), 2) == 0) {
        history.accept(new Entry.Bounced(clock.millis(), to));
        say("550 5.1.1 no such user");
      } else if (mood == Mood.DENIES && chance()) {
        say(one(DENIALS));
      } else if (mood == Mood.LATER && chance()) {
        say("450 4.2.1 mailbox busy");
      } else {
        recipient = to;
        say("250 ok");
      }
    }

    private void data() throws IOException {
      if (recipient == null) {
        say("503 5.5.1 no recipient");
        return;
      }
      if (mood == Mood.LATER && chance()) {
        say("451 4.3.2 not now");
        return;
      }
      say("354 go ahead");
      var head = new StringBuilder();
      boolean inHead = true;
      String line = in.readLine();
      for (; line != null && !line.equals("."); line = in.readLine()) {
        inHead &= !line.isEmpty();
        if (inHead) {
          head.append(line.startsWith(" ") || line.startsWith("\t") ? "" : "\n").append(line);
        }
      }
      if (line == null) {
        return; // cut off before its end: not taken
      }
      if (mood == Mood.LATER && chance()) {
        say("452 4.3.1 the disk is full");
        return;
      }
      if (mood == Mood.DENIES) {
        say(one(QUOTAS));
        return;
      }
      var id = MESSAGE_ID.matcher(head);
      history.accept(new Entry.Mailed(clock.millis(), id.find() ? id.group(1) : "none", recipient));
      recipient = null;
      say("250 2.0.0 taken");
    }

    private void say(String reply) throws IOException {
      out.write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
  }
}
