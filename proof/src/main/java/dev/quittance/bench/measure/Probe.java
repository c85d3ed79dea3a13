package dev.quittance.bench.measure;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.quittance.bench.load.Checkouts;
import dev.quittance.testkit.ServiceProcess;
import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Asks a process that is starting, again and again, until it answers 200.
final class Probe {

  /// As long as anybody waits for a service here.
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /// A core's hundredth, and a two-hundredth of a start.
  private static final Duration PAUSE = Duration.ofMillis(10);

  private static final int CONNECT_MS_MAX = 500;
  private static final int ANSWER_MS_MAX = 6_000;
  private static final byte[] OK = "HTTP/1.1 200".getBytes(US_ASCII);

  private Probe() {}

  /// Until it says that it is ready.
  static void awaitReady(ServiceProcess process) {
    awaitFound(process, process.management().getPort(), "/q/health/ready");
  }

  /// Until it takes a signed webhook.
  static void awaitAccepted(ServiceProcess process, Checkouts checkouts) {
    await(process, process.url().getPort(), () -> checkouts.request(0));
  }

  /// Until it answers a GET.
  static void awaitFound(ServiceProcess process, String path) {
    awaitFound(process, process.url().getPort(), path);
  }

  private static void awaitFound(ServiceProcess process, int port, String path) {
    byte[] request =
        ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            .getBytes(US_ASCII);
    await(process, port, () -> request);
  }

  private static void await(ServiceProcess process, int port, Supplier<byte[]> request) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!answers(port, request.get())) {
      if (!process.alive() || System.nanoTime() > end) {
        throw new StackFault(
            process.name()
                + (process.alive() ? " doesn't answer 200" : " ended while it was starting"));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static boolean answers(int port, byte[] request) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS_MAX);
      socket.setSoTimeout(ANSWER_MS_MAX);
      socket.getOutputStream().write(request);
      byte[] head = socket.getInputStream().readNBytes(OK.length);
      return Arrays.equals(head, OK);
    } catch (IOException _) {
      return false;
    }
  }
}
