package dev.quittance.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/// Listens on a port of its own on 127.0.0.1, and serves each connection in a thread of its own.
public final class LoopbackServer implements AutoCloseable {

  private static final int CLIENTS_WAITING_MAX = 256;

  private final ServerSocket listener;

  /// @param serve gets each connection, and closes it
  public LoopbackServer(Consumer<Socket> serve) {
    try {
      listener = new ServerSocket(0, CLIENTS_WAITING_MAX, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(() -> listen(serve));
  }

  /// Where clients connect.
  public int port() {
    return listener.getLocalPort();
  }

  private void listen(Consumer<Socket> serve) {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> serve.accept(client));
      } catch (IOException _) {
        // one connection less, or the end
      }
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
