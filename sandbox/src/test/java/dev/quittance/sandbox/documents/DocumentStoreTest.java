package dev.quittance.sandbox.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentStoreTest {

  @TempDir Path directory;

  @Test
  void rememberAcrossARestart() {
    try (var documents = new DocumentStore(file())) {
      documents.put("pi_1", document("first"));
      documents.put("pi_1", document("second"));
      documents.put("pi_2", document("Grüße, \u2028 ☃"));
    }

    try (var documents = new DocumentStore(file())) {
      assertThat(documents.find("pi_1")).hasValue(document("second"));
      assertThat(documents.find("pi_2")).hasValue(document("Grüße, \u2028 ☃"));
      assertThat(documents.find("pi_3")).isEmpty();
    }
  }

  @Test
  void forgetOnlyWhatACrashCutOff() throws IOException {
    try (var documents = new DocumentStore(file())) {
      documents.put("pi_1", document("whole"));
    }
    Files.writeString(file(), "{\"id\":\"pi_2\",\"docum", StandardOpenOption.APPEND);

    try (var documents = new DocumentStore(file())) {
      assertThat(documents.find("pi_1")).isPresent();
      assertThat(documents.find("pi_2")).isEmpty();
      documents.put("pi_3", document("after the crash"));
    }

    try (var documents = new DocumentStore(file())) {
      assertThat(documents.find("pi_3")).isPresent();
    }
  }

  @Test
  void listTheNewestOfAPrefixFirst() {
    try (var documents = new DocumentStore(file())) {
      documents.put("evt_1", document("1"));
      documents.put("pi_1", document("x"));
      documents.put("evt_2", document("2"));
      documents.put("evt_3", document("3"));

      assertThat(documents.newest("evt_", 2, document -> true))
          .containsExactly(document("3"), document("2"));
      assertThat(documents.newest("evt_", 9, document -> document.get("is").asText().equals("1")))
          .containsExactly(document("1"));
    }
  }

  @Test
  void forgetTheOldestWhenFull() {
    try (var documents = new DocumentStore(file(), 2)) {
      documents.put("pi_1", document("1"));
      documents.put("pi_2", document("2"));
      documents.put("pi_3", document("3"));

      assertThat(documents.find("pi_1")).isEmpty();
      assertThat(documents.find("pi_3")).isPresent();
    }
  }

  @Test
  void handOutCopies() {
    try (var documents = new DocumentStore(file())) {
      documents.put("pi_1", document("kept"));

      documents.find("pi_1").orElseThrow().put("is", "changed");

      assertThat(documents.find("pi_1")).hasValue(document("kept"));
    }
  }

  private Path file() {
    return directory.resolve("books.jsonl");
  }

  private static ObjectNode document(String is) {
    return JsonText.object().put("is", is);
  }
}
