package dev.quittance.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Ports of the loopback interface.
public final class Ports {

  /// A loopback connection is accepted at once or not at all.
  private static final int CONNECT_TIMEOUT_MS = 500;

  private Ports() {}

  /// Above what programs like to listen on and below what systems give to connections that go out
  /// (from 32768 on Linux, from 49152 elsewhere). From there a port could be taken while a server
  /// that is to come back to it is down.
  private static final int FROM = 20_000;

  private static final int TO = 32_000;

  /// A port is handed out before it is listened on, maybe by several JVMs at once: each asks in an
  /// order of its own.
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final Set<Integer> HANDED_OUT = ConcurrentHashMap.newKeySet();

  private static final int ATTEMPTS_MAX = 1_000;

  /// A port that nobody listens on at this moment, and that nobody in this JVM was given before.
  public static int free() {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      int port = RANDOM.nextInt(FROM, TO);
      if (!HANDED_OUT.contains(port) && mayListen(port) && HANDED_OUT.add(port)) {
        return port;
      }
    }
    throw new StackFault("No free port on 127.0.0.1 from " + FROM + " to " + TO);
  }

  /// The root of what is served there.
  public static URI url(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private static boolean mayListen(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Whether somebody listens there.
  public static boolean taken(int port) {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
