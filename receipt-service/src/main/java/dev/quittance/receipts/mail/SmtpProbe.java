package dev.quittance.receipts.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Asks a mail server what it is: greeting, capabilities, encryption. It logs in nowhere and sends
/// nothing, so it need not trust the server, and tells of servers whose certificate the mail client
/// refuses.
public final class SmtpProbe {

  /// More lines, or longer ones, are no mail server's.
  private static final int LINES_MAX = 100;

  private static final int LINE_MAX = 1_000;

  private final String host;
  private final int port;
  private final boolean tlsFromTheStart;
  private final boolean startTls;
  private final Duration limit;

  /// @param limit for the connection, and for each reply
  public SmtpProbe(
      String host, int port, boolean tlsFromTheStart, boolean startTls, Duration limit) {
    this.host = host;
    this.port = port;
    this.tlsFromTheStart = tlsFromTheStart;
    this.startTls = startTls;
    this.limit = limit;
  }

  /// What the server said.
  ///
  /// @param greeting its first words; null when it never spoke
  /// @param capabilities after encryption, where there is one
  /// @param tls protocol and cipher, or null for a connection that everybody on the way can read
  /// @param fault why the conversation ended early, or null
  public record Found(
      @Nullable String greeting,
      List<String> capabilities,
      @Nullable String tls,
      @Nullable String fault) {}

  /// Asks. It never fails: what goes wrong is part of the answer.
  public Found ask() {
    try (var plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), (int) limit.toMillis());
      plain.setSoTimeout((int) limit.toMillis());
      return tlsFromTheStart ? encrypted(plain, null) : conversation(plain);
    } catch (IOException | GeneralSecurityException e) {
      String words = e.getMessage();
      return new Found(null, List.of(), null, words == null ? e.getClass().getSimpleName() : words);
    }
  }

  private Found conversation(Socket socket) throws IOException, GeneralSecurityException {
    var dialogue = new Dialogue(socket);
    String greeting = String.join(" ", dialogue.reply());
    List<String> capabilities = capabilities(dialogue.ask("EHLO quittance"));
    boolean offered = capabilities.stream().anyMatch(line -> line.equalsIgnoreCase("STARTTLS"));
    if (!startTls || !offered) {
      dialogue.ask("QUIT");
      return new Found(greeting, capabilities, null, null);
    }
    List<String> go = dialogue.ask("STARTTLS");
    if (!go.getFirst().startsWith("220")) {
      return new Found(greeting, capabilities, null, String.join(" ", go));
    }
    try {
      return encrypted(socket, greeting);
    } catch (IOException e) {
      return new Found(greeting, capabilities, null, String.valueOf(e.getMessage()));
    }
  }

  /// @param greeted the greeting, if it came before the encryption
  private Found encrypted(Socket plain, @Nullable String greeted)
      throws IOException, GeneralSecurityException {
    try (var socket =
        (SSLSocket) trusting().getSocketFactory().createSocket(plain, host, port, true)) {
      socket.startHandshake();
      var dialogue = new Dialogue(socket);
      String greeting = greeted == null ? String.join(" ", dialogue.reply()) : greeted;
      List<String> capabilities = capabilities(dialogue.ask("EHLO quittance"));
      String tls = socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite();
      dialogue.ask("QUIT");
      return new Found(greeting, capabilities, tls, null);
    }
  }

  private static List<String> capabilities(List<String> reply) {
    return reply.stream()
        .skip(1)
        .filter(line -> line.length() > 4)
        .map(line -> line.substring(4))
        .toList();
  }

  private static SSLContext trusting() throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
    return context;
  }

  /// Whom nothing is told needs no proof of who they are.
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static final class Dialogue {
    private final BufferedReader in;
    private final OutputStream out;

    Dialogue(Socket socket) throws IOException {
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 1);
      out = socket.getOutputStream();
    }

    List<String> ask(String command) throws IOException {
      out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return reply();
    }

    List<String> reply() throws IOException {
      var lines = new ArrayList<String>();
      String line;
      do {
        line = line();
        lines.add(line);
      } while (line.length() > 3 && line.charAt(3) == '-' && lines.size() < LINES_MAX);
      return lines;
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the server closed the connection");
        }
        if (line.length() < LINE_MAX && c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }
  }
}
