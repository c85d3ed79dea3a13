package dev.quittance.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// What sending mails is compared with: SMTP dialogues that send one mail that lies ready, again
/// and again, over connections that are kept open.
public final class BareMail {

  private BareMail() {}

  /// Sends so many, and returns when all are accepted.
  ///
  /// @param port of the server on 127.0.0.1
  /// @param mail as it goes over the wire, with its final dot
  public static void send(int port, int connections, int mails, byte[] mail)
      throws InterruptedException, ExecutionException {
    var next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, connections)
              .<Future<?>>mapToObj(_ ->
                  threads.submit(() -> {
                    dialogues(port, mails, mail, next);
                    return null;
                  }))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static void dialogues(int port, int mails, byte[] mail, AtomicInteger next)
      throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      reply(in);
      ask(out, in, "EHLO bare.example");
      while (next.getAndIncrement() < mails) {
        ask(out, in, "MAIL FROM:<receipts@example.com>");
        ask(out, in, "RCPT TO:<jane@example.com>");
        ask(out, in, "DATA");
        out.write(mail);
        reply(in);
      }
      ask(out, in, "QUIT");
    }
  }

  private static void ask(OutputStream out, InputStream in, String command) throws IOException {
    out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    reply(in);
  }

  private static void reply(InputStream in) throws IOException {
    boolean more;
    do {
      int position = 0;
      more = false;
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the server went away");
        }
        more |= position == 3 && c == '-';
        position++;
      }
    } while (more);
  }
}
