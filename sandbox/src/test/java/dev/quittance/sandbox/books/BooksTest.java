package dev.quittance.sandbox.books;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BooksTest {

  @TempDir Path directory;

  @Test
  void rememberAcrossARestart() {
    try (var books = new Books(file())) {
      books.put("pi_1", document("first"));
      books.put("pi_1", document("second"));
      books.put("pi_2", document("Grüße, \u2028 ☃"));
    }

    try (var books = new Books(file())) {
      assertThat(books.find("pi_1")).hasValue(document("second"));
      assertThat(books.find("pi_2")).hasValue(document("Grüße, \u2028 ☃"));
      assertThat(books.find("pi_3")).isEmpty();
    }
  }

  @Test
  void forgetOnlyWhatACrashCutOff() throws IOException {
    try (var books = new Books(file())) {
      books.put("pi_1", document("whole"));
    }
    Files.writeString(file(), "{\"id\":\"pi_2\",\"docum", StandardOpenOption.APPEND);

    try (var books = new Books(file())) {
      assertThat(books.find("pi_1")).isPresent();
      assertThat(books.find("pi_2")).isEmpty();
      books.put("pi_3", document("after the crash"));
    }

    try (var books = new Books(file())) {
      assertThat(books.find("pi_3")).isPresent();
    }
  }

  @Test
  void listTheNewestOfAPrefixFirst() {
    try (var books = new Books(file())) {
      books.put("evt_1", document("1"));
      books.put("pi_1", document("x"));
      books.put("evt_2", document("2"));
      books.put("evt_3", document("3"));

      assertThat(books.newest("evt_", 2, document -> true))
          .containsExactly(document("3"), document("2"));
      assertThat(books.newest("evt_", 9, document -> document.get("is").asText().equals("1")))
          .containsExactly(document("1"));
    }
  }

  @Test
  void forgetTheOldestWhenFull() {
    try (var books = new Books(file(), 2)) {
      books.put("pi_1", document("1"));
      books.put("pi_2", document("2"));
      books.put("pi_3", document("3"));

      assertThat(books.find("pi_1")).isEmpty();
      assertThat(books.find("pi_3")).isPresent();
    }
  }

  @Test
  void handOutCopies() {
    try (var books = new Books(file())) {
      books.put("pi_1", document("kept"));

      books.find("pi_1").orElseThrow().put("is", "changed");

      assertThat(books.find("pi_1")).hasValue(document("kept"));
    }
  }

  private Path file() {
    return directory.resolve("books.jsonl");
  }

  private static ObjectNode document(String is) {
    return JsonText.object().put("is", is);
  }
}
