package dev.quittance.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/// Stands between a service and PostgreSQL and counts how often the service waits for an answer: a
/// `Sync`, or a simple `Query` that comes alone, of the frontend/backend protocol 3.0 each
/// (<https://www.postgresql.org/docs/18/protocol-message-formats.html>), but for a `BEGIN`, which
/// the driver sends with the statement behind it. It passes on every message as it came, and takes
/// time for that: nothing else is measured meanwhile.
public final class RoundTrips implements AutoCloseable {

  private static final int BUFFER_BYTES = 64 * 1024;

  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;

  /// A batch of five hundred events with all their texts is a hundredth of this.
  private static final int MESSAGE_BYTES_MAX = 256 * 1024 * 1024;

  private final int database;
  private final AtomicLong count = new AtomicLong();
  private final LoopbackServer server;

  /// @param database PostgreSQL's port on 127.0.0.1
  public RoundTrips(int database) {
    this.database = database;
    this.server = new LoopbackServer(this::connect);
  }

  /// What the service connects to on 127.0.0.1.
  public int port() {
    return server.port();
  }

  /// How many there were so far.
  public long count() {
    return count.get();
  }

  private void connect(Socket client) {
    try {
      var behind = new Socket(InetAddress.getLoopbackAddress(), database);
      behind.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> answer(client, behind));
      ask(client, behind);
    } catch (IOException _) {
      close(client); // as it would be without somebody between
    }
  }

  private void ask(Socket client, Socket behind) {
    try (client;
        behind) {
      var in = new DataInputStream(new BufferedInputStream(client.getInputStream(), BUFFER_BYTES));
      OutputStream out = behind.getOutputStream();
      byte[] first = message(in, 0, 0);
      // a client may ask for encryption before it begins, which a local server declines
      while (asksForEncryption(first)) {
        out.write(first);
        first = message(in, 0, 0);
      }
      out.write(first);
      for (int type = in.read(); type >= 0; type = in.read()) {
        byte[] message = message(in, 1, type);
        if (type == 'S' || (type == 'Q' && !begins(message))) {
          count.incrementAndGet();
        }
        out.write(message);
      }
    } catch (IOException _) {
      // one of the two went away
    }
  }

  private static boolean begins(byte[] query) {
    return new String(query, 1 + Integer.BYTES, query.length - 1 - Integer.BYTES, US_ASCII)
        .startsWith("BEGIN");
  }

  /// `SSLRequest` and `GSSENCRequest`: a message without a type, like the one that begins.
  private static boolean asksForEncryption(byte[] message) {
    if (message.length != 2 * Integer.BYTES) {
      return false;
    }
    int code = ByteBuffer.wrap(message).getInt(Integer.BYTES);
    return code == SSL_REQUEST || code == GSS_REQUEST;
  }

  /// @param head the bytes before the length
  private static byte[] message(DataInputStream in, int head, int type) throws IOException {
    int length = in.readInt();
    if (length < Integer.BYTES // it counts itself
        || length > MESSAGE_BYTES_MAX) {
      throw new IOException("no message of PostgreSQL's protocol: " + length + " bytes");
    }
    var message = new byte[head + length];
    if (head > 0) {
      message[0] = (byte) type;
    }
    ByteBuffer.wrap(message).putInt(head, length);
    in.readFully(message, head + Integer.BYTES, length - Integer.BYTES);
    return message;
  }

  private static void answer(Socket client, Socket behind) {
    try (client;
        behind) {
      behind.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException _) {
      // one of the two went away
    }
  }

  private static void close(Socket client) {
    try {
      client.close();
    } catch (IOException _) {
      // it is gone either way
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
