package dev.quittance.receipts.mail;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/// A mail server that takes everything and keeps only the count and the newest mail: as little work
/// as SMTP allows.
final class CountingSmtp implements AutoCloseable {

  private static final byte[] END = {'\r', '\n', '.', '\r', '\n'};

  private final ServerSocket server;
  private final AtomicLong count = new AtomicLong();
  private volatile byte[] newest = {};

  private CountingSmtp(ServerSocket server) {
    this.server = server;
  }

  static CountingSmtp start() {
    try {
      var smtp = new CountingSmtp(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()));
      Thread.ofVirtual().start(smtp::listen);
      return smtp;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  long count() {
    return count.get();
  }

  /// The newest mail as it came over the wire, with its final dot.
  byte[] newest() {
    return newest.clone();
  }

  private void listen() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
      OutputStream out = socket.getOutputStream();
      say(out, "220 counting ESMTP");
      var line = new byte[1024];
      for (int length = line(in, line); length >= 0; length = line(in, line)) {
        switch (line[0]) {
          case 'E' -> say(out, "250-counting\r\n250-PIPELINING\r\n250 8BITMIME");
          case 'D' -> {
            say(out, "354 go ahead");
            newest = mail(in);
            count.incrementAndGet();
            say(out, "250 queued");
          }
          case 'Q' -> {
            say(out, "221 bye");
            return;
          }
          default -> say(out, "250 ok");
        }
      }
    } catch (IOException e) {
      // the client went away
    }
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
    var mail = new java.io.ByteArrayOutputStream(32 * 1024);
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
    out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
