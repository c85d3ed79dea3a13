package dev.quittance.receipts.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A mail server that speaks SMTP over a real socket and misbehaves as it is told.
public final class ScriptedSmtp implements AutoCloseable {

  /// Where in the dialogue.
  public enum Phase {
    GREETING,
    MAIL,
    RCPT,
    DATA,
    /// All lines were received, the final dot included.
    DOT
  }

  /// What to do there.
  public sealed interface Act {
    /// Go on as usual.
    record Accept() implements Act {}

    /// Answer so; without a code at its start it is no SMTP.
    record Say(String reply) implements Act {}

    /// Answer with bytes, which need not be the end of a line.
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Utter(byte[] bytes) implements Act {}

    /// Close the connection without a word.
    record Drop() implements Act {}

    /// Keep the mail, then close the connection without a word.
    record KeepAndDrop() implements Act {}

    /// Never answer again.
    record Hang() implements Act {}

    /// Wait before going on as usual.
    record Delay(Duration duration) implements Act {}
  }

  /// Decides, for each phase of each mail.
  public interface Script {
    /// @param to the recipient, as far as it is known
    Act at(Phase phase, @Nullable String to);
  }

  /// A mail that the server has.
  public record Kept(String to, String raw) {

    public String header(String name) {
      String head = raw.substring(0, raw.indexOf("\r\n\r\n")).replaceAll("\r\n[ \t]+", " ");
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .reduce((_, _) -> {
            throw new AssertionError("two headers " + name);
          })
          .orElse("");
    }
  }

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Kept> kept = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
  private volatile Script script;
  private volatile @Nullable Thread listener;

  private ScriptedSmtp(ServerSocket server, Script script) {
    this.server = server;
    this.script = script;
  }

  public static ScriptedSmtp start(Script script) {
    return start(0, script);
  }

  public static ScriptedSmtp start(int port, Script script) {
    try {
      var smtp =
          new ScriptedSmtp(new ServerSocket(port, 256, InetAddress.getLoopbackAddress()), script);
      smtp.listener = Thread.ofVirtual().start(smtp::listen);
      return smtp;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Script accepting() {
    return (_, _) -> new Act.Accept();
  }

  /// Does something at one phase, and goes on as usual at the others.
  public static Script at(Phase phase, Act act) {
    return (now, _) -> now == phase ? act : new Act.Accept();
  }

  public void script(Script next) {
    script = next;
  }

  public int port() {
    return server.getLocalPort();
  }

  public int connections() {
    return connections.get();
  }

  public List<Kept> kept() {
    return kept;
  }

  /// How often a recipient was named.
  public int attempts(String to) {
    AtomicInteger count = attempts.get(to);
    return count == null ? 0 : count.get();
  }

  @Override
  public void close() {
    try {
      server.close();
      Thread listening = listener;
      if (listening != null) {
        listening.join(); // until then the port may take one connection more
      }
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void listen() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      new Dialogue(socket).run();
    } catch (IOException | Closed e) {
      // the client went away, or the script sent it away
    } finally {
      open.remove(socket);
    }
  }

  private static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final class Dialogue {
    private final BufferedReader in;
    private final OutputStream out;
    private @Nullable String to;

    Dialogue(Socket socket) throws IOException {
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      out = socket.getOutputStream();
    }

    void run() throws IOException {
      if (!passes(Phase.GREETING, "220 scripted ESMTP")) {
        return;
      }
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String command =
            line.length() < 4 ? line : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT);
        switch (command) {
          case "EHLO" ->
              say("250-scripted\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME");
          case "HELO", "RSET", "NOOP" -> {
            to = null;
            say("250 ok");
          }
          case "MAIL" -> passes(Phase.MAIL, "250 sender ok");
          case "RCPT" -> recipient(line);
          case "DATA" -> data();
          case "QUIT" -> {
            say("221 bye");
            return;
          }
          default -> say("500 what?");
        }
      }
    }

    private void recipient(String line) throws IOException {
      String named = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
      attempts.computeIfAbsent(named, _ -> new AtomicInteger()).incrementAndGet();
      to = named;
      if (!passes(Phase.RCPT, "250 recipient ok")) {
        to = null;
      }
    }

    private void data() throws IOException {
      if (to == null) {
        say("503 no recipients");
        return;
      }
      if (!passes(Phase.DATA, "354 go ahead")) {
        return;
      }
      var mail = new StringBuilder();
      for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
        if (line == null) {
          throw new Closed();
        }
        mail.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
      }
      String recipient = to;
      Act act = script.at(Phase.DOT, recipient);
      if (act instanceof Act.KeepAndDrop) {
        kept.add(new Kept(recipient, mail.toString()));
        throw new Closed();
      }
      if (done(act)) {
        kept.add(new Kept(recipient, mail.toString()));
        say("250 queued");
      }
    }

    private boolean passes(Phase phase, String usual) throws IOException {
      if (done(script.at(phase, to))) {
        say(usual);
        return true;
      }
      return false;
    }

    /// @return whether to go on as usual
    private boolean done(Act act) throws IOException {
      return switch (act) {
        case Act.Accept() -> true;
        case Act.Say(var reply) -> {
          say(reply);
          yield false;
        }
        case Act.Utter(var bytes) -> {
          out.write(bytes);
          out.flush();
          yield false;
        }
        case Act.Drop(), Act.KeepAndDrop() -> throw new Closed();
        case Act.Hang() -> {
          while (in.read() >= 0) {
            // the client may say what it likes
          }
          throw new Closed();
        }
        case Act.Delay(var duration) -> {
          LockSupport.parkNanos(duration.toNanos());
          yield true;
        }
      };
    }

    private void say(String reply) throws IOException {
      out.write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
  }
}
