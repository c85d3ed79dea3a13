package dev.quittance.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Ports of the loopback interface.
public final class Ports {

  /// A loopback connection is accepted at once or not at all.
  private static final int CONNECT_TIMEOUT_MS = 500;

  private Ports() {}

  /// A port that nobody listens on at this moment.
  public static int free() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new StackFault("No free port on 127.0.0.1", e);
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
