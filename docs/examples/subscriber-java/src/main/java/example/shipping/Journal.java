package example.shipping;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was handled, in a file: a line per change, of which the last of an order holds. A database
/// does the same with a row per order and a transaction; this keeps the example small.
///
/// One process per file. For several, use a database.
final class Journal implements AutoCloseable {

  private final FileChannel file;
  private final Map<String, Shipment> shipments = new LinkedHashMap<>();

  Journal(Path path) throws IOException {
    file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (file.tryLock() == null) {
      throw new IOException(path + " is in use by another process");
    }
    var content = ByteBuffer.allocate((int) file.size());
    while (content.hasRemaining() && file.read(content) >= 0) {}
    byte[] bytes = content.array();
    // what a crash left unfinished was never answered for: cut it off
    int whole = bytes.length;
    while (whole > 0 && bytes[whole - 1] != '\n') {
      whole--;
    }
    file.truncate(whole);
    file.position(whole);
    String lines = new String(Arrays.copyOf(bytes, whole), StandardCharsets.UTF_8);
    for (String line : lines.lines().toList()) {
      Shipment shipment = OrderEvent.JSON.readValue(line, Shipment.class);
      shipments.put(shipment.order(), shipment);
    }
  }

  Shipment of(String order) {
    return shipments.getOrDefault(order, Shipment.unknown(order));
  }

  /// What has left without Quittance being told.
  List<Shipment> unreported() {
    return shipments.values().stream()
        .filter(shipment -> shipment.status() == Shipment.Status.SENT)
        .toList();
  }

  /// Returns when the changes are on the disk.
  void write(Collection<Shipment> changes) throws IOException {
    if (changes.isEmpty()) {
      return;
    }
    var lines = new StringBuilder();
    for (Shipment shipment : changes) {
      lines.append(OrderEvent.JSON.writeValueAsString(shipment)).append('\n');
    }
    var bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    file.force(false);
    changes.forEach(shipment -> shipments.put(shipment.order(), shipment));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
