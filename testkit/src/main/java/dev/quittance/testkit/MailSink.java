package dev.quittance.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A mail server (RFC 5321) that takes everything and keeps only who was written to and when, and
/// the newest mail: as little work as SMTP allows.
public final class MailSink implements AutoCloseable {

  private static final int LINE_BYTES_MAX = 1_024;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final byte[] END = "\r\n.\r\n".getBytes(US_ASCII);

  private final AtomicLong count = new AtomicLong();
  private final Map<String, Long> taken = new ConcurrentHashMap<>();
  private volatile byte[] newest = {};
  private final LoopbackServer server = new LoopbackServer(this::serve);

  public int port() {
    return server.port();
  }

  /// How many mails were accepted.
  public long count() {
    return count.get();
  }

  /// When each recipient's first mail was accepted, by [System#nanoTime].
  public Map<String, Long> taken() {
    return taken;
  }

  /// The newest mail as it came over the wire, with its final dot.
  public byte[] newest() {
    return newest.clone();
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
      OutputStream out = socket.getOutputStream();
      var line = new byte[LINE_BYTES_MAX];
      String recipient = "";
      say(out, "220 sink.example ESMTP");
      for (int length = line(in, line); length >= 0; length = line(in, line)) {
        switch (line[0]) {
          case 'E' -> say(out, "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME");
          case 'R' -> {
            recipient = between(new String(line, 0, length, US_ASCII));
            say(out, "250 ok");
          }
          case 'D' -> {
            say(out, "354 go ahead");
            newest = mail(in);
            var _ = taken.putIfAbsent(recipient, System.nanoTime());
            count.incrementAndGet();
            say(out, "250 taken");
          }
          case 'Q' -> {
            say(out, "221 bye");
            return;
          }
          default -> say(out, "250 ok");
        }
      }
    } catch (IOException _) {
      // the client went away
    }
  }

  /// The address of `RCPT TO:<…>`; RSET has none.
  private static String between(String line) {
    int from = line.indexOf('<');
    int to = line.indexOf('>');
    return from < 0 || to < from ? "" : line.substring(from + 1, to);
  }

  private static int line(InputStream in, byte[] line) throws IOException {
    int length = 0;
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return -1;
      }
      if (length < line.length) {
        line[length++] = (byte) c;
      }
    }
    return length;
  }

  private static byte[] mail(InputStream in) throws IOException {
    var mail = new ByteArrayOutputStream(BUFFER_BYTES);
    int matched = 2; // as after a line's end
    while (matched < END.length) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("the client went away");
      }
      mail.write(c);
      matched = c == END[matched] ? matched + 1 : c == '\r' ? 1 : 0;
    }
    return mail.toByteArray();
  }

  private static void say(OutputStream out, String reply) throws IOException {
    out.write((reply + "\r\n").getBytes(US_ASCII));
  }

  @Override
  public void close() {
    server.close();
  }
}
