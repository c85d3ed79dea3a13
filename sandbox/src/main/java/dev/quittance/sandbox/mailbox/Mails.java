package dev.quittance.sandbox.mailbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The mails that came, one file each, as they came. A mail to three recipients is three mails.
final class Mails {

  private static final String ENDING = ".eml";

  private final Path directory;
  private final int mailsMax;
  private final Clock clock;
  private final Deque<Kept> newestFirst = new ArrayDeque<>();
  private long lastNumber;

  /// @param directory where they are kept; what is in it already stays
  /// @param mailsMax how many are kept; the oldest go first
  Mails(Path directory, int mailsMax, Clock clock) {
    this.directory = directory;
    this.mailsMax = mailsMax;
    this.clock = clock;
    try {
      Files.createDirectories(directory);
      try (Stream<Path> files = Files.list(directory)) {
        files
            .map(file -> Kept.parse(file.getFileName().toString()))
            .flatMap(Optional::stream)
            .sorted()
            .forEach(newestFirst::addFirst);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lastNumber = newestFirst.isEmpty() ? 0 : newestFirst.getFirst().number();
  }

  /// Keeps a mail; it is in its file when this returns.
  synchronized void keep(String recipient, byte[] mail) throws IOException {
    var kept = new Kept(lastNumber + 1, clock.instant().toEpochMilli(), recipient);
    Path arriving = directory.resolve("arriving");
    Files.write(arriving, mail);
    Files.move(arriving, directory.resolve(kept.fileName()), StandardCopyOption.ATOMIC_MOVE);
    lastNumber = kept.number();
    newestFirst.addFirst(kept);
    while (newestFirst.size() > mailsMax) {
      Files.deleteIfExists(directory.resolve(newestFirst.removeLast().fileName()));
    }
  }

  /// The newest mails.
  ///
  /// @param to only those to this recipient, in any case; null for all
  synchronized List<Kept> newest(@Nullable String to, int max) {
    return wanted(to).limit(max).toList();
  }

  /// How many there are.
  synchronized long count(@Nullable String to) {
    return to == null ? newestFirst.size() : wanted(to).count();
  }

  /// The mail of a number.
  synchronized Optional<Kept> find(long number) {
    return newestFirst.stream().filter(kept -> kept.number() == number).findFirst();
  }

  /// A mail's bytes; empty when it was just thrown away.
  Optional<byte[]> bytes(Kept kept) {
    try {
      return Optional.of(Files.readAllBytes(directory.resolve(kept.fileName())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Throws all away.
  synchronized void clear() {
    for (Kept kept : new ArrayList<>(newestFirst)) {
      try {
        Files.deleteIfExists(directory.resolve(kept.fileName()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    newestFirst.clear();
  }

  private Stream<Kept> wanted(@Nullable String to) {
    return newestFirst.stream().filter(kept -> to == null || kept.to().equalsIgnoreCase(to));
  }

  /// A mail that is there.
  ///
  /// @param number counts from 1
  /// @param to the recipient that the SMTP dialogue named
  record Kept(long number, long receivedAtMillis, String to) implements Comparable<Kept> {

    /// A file's name may have 255 characters; a longer address is cut where it can't hurt.
    private static final int ADDRESS_BYTES_MAX = 150;

    Kept {
      byte[] bytes = to.getBytes(StandardCharsets.UTF_8);
      if (bytes.length > ADDRESS_BYTES_MAX) {
        to = new String(bytes, 0, ADDRESS_BYTES_MAX, StandardCharsets.UTF_8);
      }
    }

    static Optional<Kept> parse(String fileName) {
      String[] parts = fileName.split("\\.", -1);
      if (!fileName.endsWith(ENDING) || parts.length != 4) {
        return Optional.empty();
      }
      try {
        String to = new String(Base64.getUrlDecoder().decode(parts[2]), StandardCharsets.UTF_8);
        return Optional.of(new Kept(Long.parseLong(parts[0]), Long.parseLong(parts[1]), to));
      } catch (IllegalArgumentException notOurs) {
        return Optional.empty();
      }
    }

    String fileName() {
      String address =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(to.getBytes(StandardCharsets.UTF_8));
      return String.format(Locale.ROOT, "%010d.%d.%s%s", number, receivedAtMillis, address, ENDING);
    }

    Instant receivedAt() {
      return Instant.ofEpochMilli(receivedAtMillis);
    }

    @Override
    public int compareTo(Kept other) {
      return Long.compare(number, other.number);
    }
  }
}
