package dev.quittance.launcher;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/// Examines the mail server, as far as one can without sending anything.
record MailExam(String host, int port) {

  private static final String MAIL = "mail server";

  private static final int ANSWER_MS_MAX = 5_000;

  /// RFC 5321 allows 512; more is no mail server.
  private static final int LINE_LENGTH_MAX = 512;

  Finding finding() {
    String where = host + ":" + port;
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), ANSWER_MS_MAX);
      socket.setSoTimeout(ANSWER_MS_MAX);
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      String greeting = line(in);
      if (greeting.startsWith("220")) {
        socket.getOutputStream().write("EHLO doctor.invalid\r\n".getBytes(US_ASCII));
        String answer = line(in);
        socket.getOutputStream().write("QUIT\r\n".getBytes(US_ASCII));
        if (answer.startsWith("250")) {
          return Finding.ok(MAIL, "it greets at " + where);
        }
        greeting = answer;
      }
      return Finding.fault(
          MAIL,
          "it refuses us at %s: %s".formatted(where, Output.plain(greeting)),
          "Ask whoever runs it: this machine may not be allowed to send, or is on a list. Receipts"
              + " wait, and go out by themselves once it takes mail.");
    } catch (IOException e) {
      return Finding.fault(
          MAIL,
          "it doesn't answer at %s (%s)".formatted(where, trouble(e)),
          "On a laptop: ./quittance up, whose sandbox is the mail server. Elsewhere: check --smtp,"
              + " the relay, the firewall. Receipts wait, and go out by themselves once it is"
              + " back.");
    }
  }

  private static String trouble(IOException e) {
    return switch (e) {
      case ConnectException _ -> "connection refused";
      case SocketTimeoutException _ -> "no answer in time";
      case UnknownHostException _ -> "no such host";
      default -> "it broke off";
    };
  }

  private static String line(BufferedReader in) throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException("it hung up");
    }
    return line.substring(0, Math.min(line.length(), LINE_LENGTH_MAX));
  }
}
