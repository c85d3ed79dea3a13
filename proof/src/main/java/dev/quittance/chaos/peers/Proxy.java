package dev.quittance.chaos.peers;

import dev.quittance.testkit.LoopbackServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The network between a client and a server on this machine, which can be cut, slow, half open, or
/// late with what the server says.
public final class Proxy implements AutoCloseable {

  /// How it carries.
  public enum Way {
    OPEN,
    /// What is connected is cut, what connects is cut at once.
    CUT,
    /// Every chunk takes its time, in both directions.
    SLOW,
    /// Bytes vanish and nobody says so: a firewall has forgotten the connection. Those that lost
    /// bytes are reset when it ends, as a connection with a hole in it can't go on.
    HALF_OPEN,
    /// What clients say arrives; what servers answer comes when it ends, all of it and in its
    /// order.
    LATE_ANSWERS
  }

  /// The way from Frankfurt to Sydney and back.
  private static final long SLOW_MS = 150;

  private static final int CHUNK_BYTES = 16_384;
  private static final int CONNECT_MS_MAX = 2_000;

  private final int target;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final LoopbackServer server;
  private volatile Way way = Way.OPEN;

  private record Pair(Socket client, Socket server) implements Closeable {
    @Override
    public void close() {
      quietly(client);
      quietly(server);
    }
  }

  /// Listens on a port of its own.
  ///
  /// @param target the server's port on 127.0.0.1; it needn't be there yet
  public Proxy(int target) {
    this.target = target;
    this.server = new LoopbackServer(this::connect);
  }

  /// Where clients connect.
  public int port() {
    return server.port();
  }

  /// Carries like this from now on.
  public synchronized void turn(Way next) {
    Way before = way;
    way = next;
    notifyAll();
    if (next == Way.CUT || before == Way.HALF_OPEN) {
      pairs.forEach(Pair::close);
    }
  }

  private void connect(Socket client) {
    var behind = new Socket();
    var pair = new Pair(client, behind);
    pairs.add(pair);
    try {
      if (way == Way.CUT) {
        pair.close();
        return;
      }
      behind.setTcpNoDelay(true);
      behind.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MS_MAX);
      Thread back = Thread.ofVirtual().start(() -> carry(behind, client, pair, true));
      carry(client, behind, pair, false);
      back.join();
    } catch (IOException _) {
      // the server isn't there: the client hears so by the close
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      pair.close();
      pairs.remove(pair);
    }
  }

  private void carry(Socket from, Socket to, Pair pair, boolean answers) {
    var chunk = new byte[CHUNK_BYTES];
    try {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        switch (answers ? wayOfAnswers() : way) {
          case OPEN, LATE_ANSWERS -> out.write(chunk, 0, length);
          case SLOW -> {
            Thread.sleep(SLOW_MS);
            out.write(chunk, 0, length);
          }
          case HALF_OPEN -> {}
          case CUT -> pair.close();
        }
      }
    } catch (IOException _) {
      // cut
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      if (way != Way.HALF_OPEN) {
        pair.close();
      }
    }
  }

  /// Returns once answers are carried again, in whatever way.
  private synchronized Way wayOfAnswers() throws InterruptedException {
    while (way == Way.LATE_ANSWERS) {
      wait();
    }
    return way;
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // it is gone either way
    }
  }

  @Override
  public void close() {
    server.close();
    turn(Way.CUT);
  }
}
