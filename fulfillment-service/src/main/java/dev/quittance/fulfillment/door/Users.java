package dev.quittance.fulfillment.door;

import dev.quittance.access.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may sign in, from a file: a line each of `{name} {role} {hash of the password}`. Read again
/// when it changes; a file that can't be read any more changes nothing.
@ApplicationScoped
class Users {

  private static final Logger LOG = LoggerFactory.getLogger(Users.class);

  /// A thousand users are no small installation.
  private static final long FILE_BYTES_MAX = 262_144;

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern NAME = Pattern.compile("[\\p{Alnum}._@-]{1,100}");

  private final @Nullable Path file;
  private @Nullable FileTime readOf;
  private Map<String, User> users = Map.of();

  /// Somebody of the file.
  record User(String name, Role role, Passwords password) {}

  Users(@ConfigProperty(name = "quittance.console.users") Optional<String> file) {
    this.file = file.filter(path -> !path.isBlank()).map(Path::of).orElse(null);
    if (this.file != null) {
      try {
        readOf = Files.getLastModifiedTime(this.file);
        users = read(this.file);
      } catch (IOException e) {
        throw new IllegalStateException(
            "QUITTANCE_CONSOLE_USERS names a file that can't be read", e);
      }
    }
  }

  /// Whether there is a file at all.
  boolean exist() {
    return file != null;
  }

  synchronized Optional<User> find(String name) {
    refresh();
    return Optional.ofNullable(users.get(name));
  }

  /// Whether a password is right. Takes as long for names that don't exist.
  Optional<User> find(String name, String password) {
    Optional<User> user = find(name);
    boolean right = user.map(User::password).orElse(Passwords.NOBODYS).matches(password);
    return right ? user : Optional.empty();
  }

  private void refresh() {
    if (file == null) {
      return;
    }
    try {
      FileTime now = Files.getLastModifiedTime(file);
      if (!now.equals(readOf)) {
        readOf = now;
        users = read(file);
      }
    } catch (IOException | IllegalStateException e) {
      LOG.warn("users.unreadable cause={}", e.getMessage());
    }
  }

  private static Map<String, User> read(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IllegalStateException("the users' file is over " + FILE_BYTES_MAX + " bytes");
    }
    var users = new HashMap<String, User>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        User user = user(line.strip(), number);
        if (users.put(user.name(), user) != null) {
          throw new IllegalStateException("line " + number + " of the users' file repeats a name");
        }
      }
    }
    return Map.copyOf(users);
  }

  private static User user(String line, int number) {
    String[] parts = SPACE.split(line);
    if (parts.length == 3 && NAME.matcher(parts[0]).matches()) {
      Optional<Role> role = Role.read(parts[1]);
      Optional<Passwords> password = Passwords.read(parts[2]);
      if (role.isPresent() && password.isPresent()) {
        return new User(parts[0], role.get(), password.get());
      }
    }
    throw new IllegalStateException(
        "line "
            + number
            + " of the users' file isn't '{name} {viewer|operator|admin} {hash of the password}'");
  }
}
