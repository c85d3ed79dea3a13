package dev.quittance.chaos.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.chaos.history.Entry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailServerTest {

  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(7), ZoneOffset.UTC);

  private final List<Entry> history = new CopyOnWriteArrayList<>();
  private final MailServer server = new MailServer(CLOCK, history::add, 1);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void takenLetterIsWrittenDownUnderItsMessageId() throws IOException {
    assertThat(letter("jenny@example.com")).isEqualTo("250 2.0.0 taken");

    assertThat(history).containsExactly(new Entry.Mailed(7, "rcp_1@shop", "jenny@example.com"));
  }

  @Test
  void letterThatIsCutOffIsNotTaken() throws IOException {
    try (var client = new Client()) {
      client.says("EHLO us", "MAIL FROM:<shop@x>", "RCPT TO:<jenny@example.com>", "DATA");
      client.send("Message-ID: <rcp_1@shop>\r\n\r\nHello");
    }

    assertThat(letter("eve@example.com")).startsWith("250");
    assertThat(history).containsExactly(new Entry.Mailed(7, "rcp_1@shop", "eve@example.com"));
  }

  @Test
  void awayMeansThatNobodyListens() throws IOException {
    server.turn(MailServer.Mood.AWAY);

    assertThatThrownBy(() -> letter("jenny@example.com")).isInstanceOf(IOException.class);

    server.turn(MailServer.Mood.GOOD);
    assertThat(letter("jenny@example.com")).startsWith("250");
  }

  @Test
  void bouncesSomeForGoodAndSaysSo() throws IOException {
    server.turn(MailServer.Mood.BOUNCES);
    List<String> recipients =
        IntStream.range(0, 20).mapToObj(n -> "jenny-" + n + "@example.com").toList();

    for (String recipient : recipients) {
      String answer = letter(recipient);
      assertThat(history.getLast())
          .isEqualTo(
              answer.startsWith("550")
                  ? new Entry.Bounced(7, recipient)
                  : new Entry.Mailed(7, "rcp_1@shop", recipient));
    }

    assertThat(history).hasSize(20).hasAtLeastOneElementOfType(Entry.Bounced.class);
    assertThat(history).hasAtLeastOneElementOfType(Entry.Mailed.class);
  }

  @Test
  void refusesForReasonsOfItsOwn() throws IOException {
    server.turn(MailServer.Mood.REFUSES);

    assertThat(letter("jenny@example.com")).startsWith("55");
    assertThat(history).isEmpty();
  }

  @Test
  void deniesEverybodyAtTheRecipientOrTheLetterAndMeansUs() throws IOException {
    server.turn(MailServer.Mood.DENIES);
    var answers = new CopyOnWriteArrayList<String>();
    for (int i = 0; i < 30; i++) {
      answers.add(letter("jenny@example.com"));
    }

    assertThat(answers)
        .allMatch(answer -> answer.startsWith("55"))
        .noneMatch(answer -> answer.contains(" 5.1.1 "))
        .anyMatch(answer -> answer.contains("Relay access denied"))
        .anyMatch(answer -> answer.contains("quota"));
    assertThat(history).isEmpty();
  }

  @Test
  void laterIsLaterNowAndThen() throws IOException {
    server.turn(MailServer.Mood.LATER);
    var answers = new CopyOnWriteArrayList<String>();
    for (int i = 0; i < 30; i++) {
      answers.add(letter("jenny@example.com").substring(0, 1));
    }

    assertThat(answers).contains("4", "2");
    assertThat(history).hasSameSizeAs(answers.stream().filter("2"::equals).toList());
  }

  /// The answer that ends it.
  private String letter(String to) throws IOException {
    try (var client = new Client()) {
      if (!client.greeting.startsWith("220")) {
        return client.greeting;
      }
      String answer = client.says("EHLO us", "MAIL FROM:<shop@x>", "RCPT TO:<" + to + ">", "DATA");
      return answer.startsWith("354")
          ? client.says("From: <shop@x>\r\nMessage-ID:\r\n <rcp_1@shop>\r\n\r\nHello\r\n.")
          : answer;
    }
  }

  private final class Client implements AutoCloseable {

    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    private final BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    private final String greeting = in.readLine();

    Client() throws IOException {
      if (greeting == null) {
        throw new IOException("There was no greeting");
      }
    }

    /// Says one line after the other until one is refused; the last answer.
    String says(String... lines) throws IOException {
      String answer = greeting;
      for (String line : lines) {
        send(line + "\r\n");
        answer = in.readLine();
        while (answer.startsWith("250-")) {
          answer = in.readLine();
        }
        String first = answer.substring(0, 1);
        if (Stream.of("4", "5").anyMatch(first::equals)) {
          return answer;
        }
      }
      return answer;
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
