package dev.quittance.chaos.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyTest {

  private static final int PATIENCE_MS = 60_000;

  /// What is swallowed never comes: it needn't be waited for any longer.
  private static final int SILENCE_MS = 400;

  private final ServerSocket server;
  private final Proxy proxy;
  private final Queue<Socket> peers = new ConcurrentLinkedQueue<>();

  ProxyTest() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    proxy = new Proxy(server.getLocalPort());
  }

  @BeforeEach
  void listen() {
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              while (!server.isClosed()) {
                try {
                  Socket client = server.accept();
                  peers.add(client);
                  Thread.ofVirtual().start(() -> echo(client));
                } catch (IOException _) {
                  return;
                }
              }
            });
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void openCarriesBothWays() throws IOException {
    try (Socket client = connected()) {
      assertThat(said(client, 7)).isEqualTo(7);
    }
  }

  @Test
  void cutEndsWhatIsConnectedAndWhatConnects() throws IOException {
    try (Socket before = connected()) {
      assertThat(said(before, 1)).isEqualTo(1);

      proxy.turn(Proxy.Way.CUT);

      assertThat(ended(before)).isTrue();
      try (Socket after = connected()) {
        assertThat(ended(after)).isTrue();
      }
    }
    proxy.turn(Proxy.Way.OPEN);
    try (Socket later = connected()) {
      assertThat(said(later, 2)).isEqualTo(2);
    }
  }

  @Test
  void halfOpenSwallowsAndResetsWhenItEnds() throws IOException {
    try (Socket client = connected()) {
      assertThat(said(client, 1)).isEqualTo(1);

      proxy.turn(Proxy.Way.HALF_OPEN);
      client.setSoTimeout(SILENCE_MS);
      assertThatThrownBy(() -> said(client, 2)).isInstanceOf(SocketTimeoutException.class);
      proxy.turn(Proxy.Way.OPEN);
      client.setSoTimeout(PATIENCE_MS);
      assertThat(ended(client)).isTrue();
    }
  }

  @Test
  void lateAnswersComeInTheirOrderWhenItEnds() throws IOException {
    try (Socket client = connected()) {
      assertThat(said(client, 1)).isEqualTo(1);

      proxy.turn(Proxy.Way.LATE_ANSWERS);
      client.setSoTimeout(SILENCE_MS);
      assertThatThrownBy(() -> said(client, 2)).isInstanceOf(SocketTimeoutException.class);
      client.getOutputStream().write(3);
      proxy.turn(Proxy.Way.OPEN);

      client.setSoTimeout(PATIENCE_MS);
      assertThat(client.getInputStream().read()).isEqualTo(2);
      assertThat(client.getInputStream().read()).isEqualTo(3);
    }
  }

  @Test
  void lateAnswersComeBeforeTheEndOfWhatTheServerClosedMeanwhile() throws IOException {
    try (Socket client = connected()) {
      assertThat(said(client, 1)).isEqualTo(1);

      proxy.turn(Proxy.Way.LATE_ANSWERS);
      client.setSoTimeout(SILENCE_MS);
      assertThatThrownBy(() -> said(client, 2)).isInstanceOf(SocketTimeoutException.class);
      for (Socket peer : peers) {
        peer.close();
      }
      proxy.turn(Proxy.Way.OPEN);

      client.setSoTimeout(PATIENCE_MS);
      assertThat(client.getInputStream().read()).isEqualTo(2);
      assertThat(ended(client)).isTrue();
    }
  }

  @Test
  void whoWaitsForLateAnswersIsCutLikeAnybody() throws IOException {
    try (Socket client = connected()) {
      proxy.turn(Proxy.Way.LATE_ANSWERS);
      client.getOutputStream().write(1);

      proxy.turn(Proxy.Way.CUT);

      assertThat(ended(client)).isTrue();
    }
  }

  @Test
  void slowTakesItsTime() throws IOException {
    proxy.turn(Proxy.Way.SLOW);
    long began = System.nanoTime();

    try (Socket client = connected()) {
      client.getOutputStream().write(3);
      assertThat(client.getInputStream().read()).isEqualTo(3);
    }

    assertThat(System.nanoTime() - began).isGreaterThan(200_000_000);
  }

  private Socket connected() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static int said(Socket socket, int word) throws IOException {
    socket.getOutputStream().write(word);
    return socket.getInputStream().read();
  }

  private static boolean ended(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  private static void echo(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException _) {
      // the test has ended
    }
  }
}
