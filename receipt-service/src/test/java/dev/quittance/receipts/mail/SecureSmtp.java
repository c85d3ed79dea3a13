package dev.quittance.receipts.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A mail server with STARTTLS and AUTH PLAIN, and a certificate that it signed itself.
final class SecureSmtp implements AutoCloseable {

  static final String USER = "mailer";
  static final String PASSWORD = "correct horse battery";

  private static final char[] STORE_PASSWORD = "changeit".toCharArray();

  private final ServerSocket server;
  private final SSLContext tls;
  private final boolean offersTls;

  /// What clients said, each line after `plain` or `tls`; logins without their secrets.
  final List<String> received = new CopyOnWriteArrayList<>();

  private SecureSmtp(ServerSocket server, SSLContext tls, boolean offersTls) {
    this.server = server;
    this.tls = tls;
    this.offersTls = offersTls;
  }

  static SecureSmtp start(Path keyStore, boolean offersTls) {
    try {
      var context = SSLContext.getInstance("TLS");
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(KeyStore.getInstance(keyStore.toFile(), STORE_PASSWORD), STORE_PASSWORD);
      context.init(keys.getKeyManagers(), null, null);
      var smtp =
          new SecureSmtp(
              new ServerSocket(0, 16, InetAddress.getLoopbackAddress()), context, offersTls);
      Thread.ofVirtual().start(smtp::listen);
      return smtp;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// Makes a key and a certificate for a host.
  static Path keyStore(Path folder, String host) {
    Path file = folder.resolve(host + ".p12");
    try {
      Process keytool =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                      "-genkeypair",
                      "-alias",
                      "mail",
                      "-keyalg",
                      "EC",
                      "-dname",
                      "CN=" + host,
                      "-ext",
                      "san=dns:" + host,
                      "-validity",
                      "2",
                      "-storetype",
                      "PKCS12",
                      "-keystore",
                      file.toString(),
                      "-storepass",
                      new String(STORE_PASSWORD)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (keytool.waitFor() != 0 || !Files.exists(file)) {
        throw new AssertionError("keytool made no key");
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  int port() {
    return server.getLocalPort();
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
      say(socket, "220 secure ESMTP");
      dialogue(socket, false);
    } catch (IOException e) {
      // the client went away, which is often what the test is about
    }
  }

  private void dialogue(Socket socket, boolean encrypted) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1), 1);
    boolean known = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String command = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
      received.add((encrypted ? "tls " : "plain ") + command);
      switch (command) {
        case "EHLO" ->
            say(
                socket,
                "250-secure\r\n" + (encrypted || !offersTls ? "250 AUTH PLAIN" : "250 STARTTLS"));
        case "STARTTLS" -> {
          say(socket, "220 go ahead");
          try (var secure =
              (SSLSocket)
                  tls.getSocketFactory()
                      .createSocket(
                          socket, socket.getInetAddress().getHostAddress(), port(), true)) {
            secure.setUseClientMode(false);
            secure.startHandshake();
            dialogue(secure, true);
          }
          return;
        }
        case "AUTH" -> {
          known = isKnown(line);
          say(socket, known ? "235 welcome" : "535 5.7.8 Bad credentials for " + USER);
        }
        case "MAIL", "RCPT" -> say(socket, known ? "250 ok" : "530 authenticate first");
        case "DATA" -> {
          say(socket, "354 go ahead");
          String data = in.readLine();
          while (data != null && !data.equals(".")) {
            data = in.readLine();
          }
          received.add("kept");
          say(socket, "250 queued");
        }
        case "QUIT" -> {
          say(socket, "221 bye");
          return;
        }
        default -> say(socket, "250 ok");
      }
    }
  }

  private static boolean isKnown(String line) {
    String given = line.substring(line.lastIndexOf(' ') + 1);
    String expected = "\0" + USER + "\0" + PASSWORD;
    return Base64.getEncoder()
        .encodeToString(expected.getBytes(StandardCharsets.UTF_8))
        .equals(given);
  }

  private static void say(Socket socket, String reply) throws IOException {
    socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
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
