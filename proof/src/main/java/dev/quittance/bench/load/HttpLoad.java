package dev.quittance.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/// Sends requests over connections that are kept open, with one thread and next to no work of its
/// own: what is sent lies ready.
///
/// Without a rate each connection sends its next request as soon as it has its answer (a closed
/// loop), which is the way to a maximum. With a rate requests are due at fixed times whatever
/// becomes of those before (an open loop), and latency counts from the time when one was due, also
/// where it had to wait for a connection: so a stall is seen in full.
public final class HttpLoad {

  /// A service that answers nothing for so long has failed, and the measurement with it.
  private static final Duration SILENCE_MAX = Duration.ofSeconds(20);

  /// Headers and problem details; our answers have a few dozen bytes.
  private static final int ANSWER_BYTES_MAX = 16 * 1024;

  /// Short against the latencies that are measured, long enough to leave the core to others.
  private static final long NAP_NANOS = 30_000;

  private static final long MILLI_NANOS = 1_000_000;
  private static final int STATUS_AT = "HTTP/1.1 ".length();

  private final int port;
  private final int connections;
  private final LongFunction<byte[]> requests;

  /// What came of it.
  ///
  /// @param accepted answers of 2xx
  /// @param refused other answers
  /// @param start of the first request's due time, by [System#nanoTime]
  /// @param nanos from there to the last answer
  /// @param latencies of all, in nanoseconds
  @SuppressWarnings("ArrayRecordComponent") // summed up, never compared
  public record Outcome(long accepted, long refused, long start, long nanos, long[] latencies) {

    public double perSecond() {
      return accepted / (nanos / 1e9);
    }
  }

  /// @param port on 127.0.0.1
  /// @param requests the whole bytes of the nth, from 0
  public HttpLoad(int port, int connections, LongFunction<byte[]> requests) {
    this.port = port;
    this.connections = connections;
    this.requests = requests;
  }

  /// As fast as answers come.
  public Outcome closed(Duration time) throws IOException {
    return run(0, time);
  }

  /// At a pace.
  ///
  /// @param perSecond requests
  public Outcome open(double perSecond, Duration time) throws IOException {
    return run(pauseNanos(perSecond), time);
  }

  /// Between two requests of such a pace: the nth is due n pauses after the start.
  public static long pauseNanos(double perSecond) {
    return Math.max(1, (long) (1e9 / perSecond));
  }

  private Outcome run(long pauseNanos, Duration time) throws IOException {
    try (var selector = Selector.open()) {
      var lines = new ArrayList<Line>();
      try {
        for (int i = 0; i < connections; i++) {
          lines.add(new Line(port, selector));
        }
        return new Round(selector, lines, pauseNanos, time).run();
      } finally {
        for (Line line : lines) {
          line.channel.close();
        }
      }
    }
  }

  /// One stretch of sending.
  private final class Round {
    private final Selector selector;
    private final ArrayDeque<Line> idle;
    private final long pauseNanos;
    private final long start = System.nanoTime();
    private final long end;
    private final List<Line> lines;
    private long[] latencies = new long[1 << 16];
    private int answers;
    private long refused;
    private long sent;
    private long lastAnswer = start;

    Round(Selector selector, List<Line> lines, long pauseNanos, Duration time) {
      this.selector = selector;
      this.lines = lines;
      this.idle = new ArrayDeque<>(lines);
      this.pauseNanos = pauseNanos;
      this.end = start + time.toNanos();
    }

    Outcome run() throws IOException {
      while (sendDue() || idle.size() < lines.size()) {
        await();
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.attachment() instanceof Line line) {
            if (key.isWritable()) {
              line.write();
            }
            if (key.isReadable()) {
              take(line);
            }
          }
        }
        selector.selectedKeys().clear();
      }
      return new Outcome(
          answers - refused, refused, start, lastAnswer - start, Arrays.copyOf(latencies, answers));
    }

    /// @return whether there is more to send
    private boolean sendDue() throws IOException {
      long now = System.nanoTime();
      while (true) {
        long due = pauseNanos == 0 ? now : start + sent * pauseNanos;
        if (due >= end || (pauseNanos == 0 && now >= end)) {
          return false;
        }
        if (due > now) {
          return true;
        }
        Line line = idle.poll();
        if (line == null) {
          return true;
        }
        line.send(requests.apply(sent), due);
        sent++;
      }
    }

    private void await() throws IOException {
      long now = System.nanoTime();
      if (now - Math.max(lastAnswer, start) > SILENCE_MAX.toNanos() && idle.size() < lines.size()) {
        throw new EOFException("no answer for " + SILENCE_MAX.toSeconds() + " s");
      }
      long wait = pauseNanos == 0 || idle.isEmpty() ? MILLI_NANOS : start + sent * pauseNanos - now;
      if (wait >= MILLI_NANOS) {
        var _ = selector.select(wait / MILLI_NANOS);
      } else if (selector.selectNow() == 0) {
        LockSupport.parkNanos(NAP_NANOS);
      }
    }

    private void take(Line line) throws IOException {
      int status = line.read();
      if (status == 0) {
        return;
      }
      lastAnswer = System.nanoTime();
      if (answers == latencies.length) {
        latencies = Arrays.copyOf(latencies, 2 * answers);
      }
      latencies[answers++] = lastAnswer - line.due;
      if (status / 100 != 2) {
        refused++;
      }
      idle.add(line);
    }
  }

  /// One connection, with at most one request under way.
  private static final class Line {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES_MAX);
    private ByteBuffer request = ByteBuffer.allocate(0);
    private long due;

    Line(int port, Selector selector) throws IOException {
      channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(byte[] bytes, long dueAt) throws IOException {
      due = dueAt;
      request = ByteBuffer.wrap(bytes);
      write();
    }

    void write() throws IOException {
      var _ = channel.write(request);
      key.interestOps(
          request.hasRemaining()
              ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
              : SelectionKey.OP_READ);
    }

    /// @return the answer's status when it is complete, else 0
    int read() throws IOException {
      if (channel.read(answer) < 0) {
        throw new EOFException("the service closed a connection");
      }
      int head = headEnd();
      if (head < 0) {
        return 0;
      }
      String text = new String(answer.array(), 0, head, US_ASCII);
      if (answer.position() < head + contentLength(text)) {
        return 0;
      }
      answer.clear();
      return Integer.parseInt(text, STATUS_AT, STATUS_AT + 3, 10);
    }

    private int headEnd() {
      byte[] bytes = answer.array();
      for (int i = 3; i < answer.position(); i++) {
        if (bytes[i] == '\n'
            && bytes[i - 1] == '\r'
            && bytes[i - 2] == '\n'
            && bytes[i - 3] == '\r') {
          return i + 1;
        }
      }
      return -1;
    }

    private static int contentLength(String head) {
      String name = "content-length:";
      int at = head.toLowerCase(Locale.ROOT).indexOf(name);
      if (at < 0) {
        return 0;
      }
      int from = at + name.length();
      return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    }
  }
}
