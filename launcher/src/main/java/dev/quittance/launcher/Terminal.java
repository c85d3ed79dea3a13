package dev.quittance.launcher;

import java.io.Console;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whoever sits before the program, if anybody does.
interface Terminal {

  /// That of this process.
  static Terminal ofProcess() {
    return new Terminal() {
      @Override
      public boolean isThere() {
        return Terminal.console().isPresent();
      }

      @Override
      public @Nullable String ask(String question) {
        return Terminal.console().orElseThrow().readLine("%s ", question);
      }

      @Override
      public @Nullable String askSecret(String question) {
        char[] typed = Terminal.console().orElseThrow().readPassword("%s ", question);
        return typed == null ? null : new String(typed);
      }
    };
  }

  /// Whether anybody can be asked: neither what they type nor what they see is a pipe or a file.
  boolean isThere();

  /// What they type, or null where they end it.
  @Nullable String ask(String question);

  /// The same, and nobody sees it.
  @Nullable String askSecret(String question);

  /// One is there also where a program reads what it would show.
  private static Optional<Console> console() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }
}
