package dev.quittance.sandbox.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// JSON documents by id, in the order in which they first came, kept in a file of one line per
/// change. What a crash cut off in the middle of a line is forgotten.
public final class DocumentStore implements AutoCloseable {

  /// Some 10,000 payments with their events; at 4 KB each they fit the heap of a small process.
  static final int DOCUMENTS_MAX = 100_000;

  private final Path file;
  private final int documentsMax;
  private final SequencedMap<String, byte[]> documents = new LinkedHashMap<>();
  private OutputStream journal;

  /// Opens the documents, and writes them anew without what was overwritten since.
  public DocumentStore(Path file) {
    this(file, DOCUMENTS_MAX);
  }

  DocumentStore(Path file, int documentsMax) {
    this.file = file;
    this.documentsMax = documentsMax;
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      read(file, documents);
      forgetOldest();
      rewrite(file, documents);
      journal = append(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Keeps a document, in place of the one of the same id if there is one.
  public synchronized void put(String id, ObjectNode document) {
    byte[] bytes = JsonText.compact(document);
    try {
      journal.write(line(id, bytes));
      journal.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    documents.put(id, bytes);
    forgetOldest();
  }

  /// A copy of the document of an id.
  public synchronized Optional<ObjectNode> find(String id) {
    return Optional.ofNullable(documents.get(id)).map(DocumentStore::parse);
  }

  /// Copies of the documents whose ids start with a prefix, newest first.
  public synchronized List<ObjectNode> newest(
      String prefix, int max, Predicate<ObjectNode> wanted) {
    var found = new ArrayList<ObjectNode>();
    for (Map.Entry<String, byte[]> entry : documents.sequencedEntrySet().reversed()) {
      if (found.size() == max) {
        break;
      }
      if (entry.getKey().startsWith(prefix)) {
        ObjectNode document = parse(entry.getValue());
        if (wanted.test(document)) {
          found.add(document);
        }
      }
    }
    return found;
  }

  /// The ids that start with a prefix, newest first.
  public synchronized List<String> ids(String prefix) {
    return documents.sequencedKeySet().reversed().stream()
        .filter(id -> id.startsWith(prefix))
        .toList();
  }

  /// Forgets all.
  public synchronized void clear() {
    documents.clear();
    try {
      journal.close();
      rewrite(file, documents);
      journal = append(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      journal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void forgetOldest() {
    var oldest = documents.keySet().iterator();
    while (documents.size() > documentsMax) {
      oldest.next();
      oldest.remove();
    }
  }

  private static void read(Path file, Map<String, byte[]> documents) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (Stream<String> lines = Files.lines(file)) {
      lines.forEach(line -> {
        try {
          ObjectNode entry = JsonText.read(line.getBytes(StandardCharsets.UTF_8));
          JsonNode document = entry.path("document");
          if (document.isObject()) {
            documents.put(entry.path("id").asText(), JsonText.compact(document));
          }
        } catch (IOException cutOff) {
          // the process died while it wrote this line
        }
      });
    }
  }

  private static void rewrite(Path file, Map<String, byte[]> documents) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (var out = new BufferedOutputStream(Files.newOutputStream(next))) {
      for (Map.Entry<String, byte[]> document : documents.entrySet()) {
        out.write(line(document.getKey(), document.getValue()));
      }
    }
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static OutputStream append(Path file) throws IOException {
    return new BufferedOutputStream(
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  private static byte[] line(String id, byte[] document) {
    var line = new ByteArrayOutputStream(document.length + id.length() + 24);
    line.writeBytes("{\"id\":".getBytes(StandardCharsets.UTF_8));
    line.writeBytes(JsonText.compact(JsonText.tree(id)));
    line.writeBytes(",\"document\":".getBytes(StandardCharsets.UTF_8));
    line.writeBytes(document);
    line.write('}');
    line.write('\n');
    return line.toByteArray();
  }

  private static ObjectNode parse(byte[] document) {
    try {
      return JsonText.read(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
