package dev.quittance.fulfillment.access;

import dev.quittance.access.Role;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may sign in, from a file: a line each of `{name} {role} {hash of the password}`, or of
/// `{e-mail address} {role} openid` for those whom an OpenID provider signs in without a role.
///
/// A line that says nothing stops the start. Read again when it changes, a file with such a line
/// lets in whom the others name, and one that can't be read lets in nobody: whoever was taken out
/// must not stay because of a slip elsewhere.
@ApplicationScoped
@Startup // a slip stops the start, not the first request
class Users {

  private static final Logger LOG = LoggerFactory.getLogger(Users.class);

  /// A thousand users are no small installation.
  private static final long FILE_BYTES_MAX = 262_144;

  /// An e-mail address of a large organization fits.
  static final int NAME_LENGTH_MAX = 100;

  /// Stands instead of a hash.
  private static final String OPENID = "openid";

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern NAME =
      Pattern.compile("[\\p{Alnum}._@+-]{1," + NAME_LENGTH_MAX + "}");

  private final @Nullable Path file;
  private @Nullable State readOf;
  private Map<String, User> users = Map.of();

  /// Somebody of the file.
  ///
  /// @param password null for those whom the OpenID provider signs in
  record User(String name, Role role, @Nullable Passwords password) {

    /// @throws NullPointerException for those who have none
    Passwords hash() {
      return Objects.requireNonNull(password);
    }
  }

  /// By what a changed file is known.
  private record State(FileTime modified, long bytes, @Nullable Object key) {

    static State of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new State(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
  }

  /// What a file says, and which of its lines say nothing.
  private record Parsed(Map<String, User> users, List<String> faults) {}

  Users(@ConfigProperty(name = "quittance.console.users") Optional<String> file) {
    this.file = file.filter(path -> !path.isBlank()).map(Path::of).orElse(null);
    if (this.file != null) {
      try {
        readOf = State.of(this.file);
        Parsed parsed = read(this.file);
        if (!parsed.faults().isEmpty()) {
          throw new IllegalStateException(String.join("; ", parsed.faults()));
        }
        users = parsed.users();
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

  /// Whether somebody may sign in with a password.
  synchronized boolean havePasswords() {
    refresh();
    return users.values().stream().anyMatch(user -> user.password() != null);
  }

  /// Somebody with a password.
  synchronized Optional<User> find(String name) {
    refresh();
    return Optional.ofNullable(users.get(name)).filter(user -> user.password() != null);
  }

  /// Somebody whom the OpenID provider signs in.
  ///
  /// @param email as the provider has verified it
  synchronized Optional<User> atProvider(String email) {
    refresh();
    return Optional.ofNullable(users.get(email)).filter(user -> user.password() == null);
  }

  /// Whether a password is right. Takes as long for names that don't exist.
  Optional<User> find(String name, String password) {
    Optional<User> user = find(name);
    boolean right = user.map(User::hash).orElse(Passwords.NOBODYS).matches(password);
    return right ? user : Optional.empty();
  }

  /// Everybody with a password, as the file names them now.
  synchronized Map<String, User> withPasswords() {
    refresh();
    var now = new HashMap<>(users);
    now.values().removeIf(user -> user.password() == null);
    return now;
  }

  private void refresh() {
    if (file == null) {
      return;
    }
    try {
      State now = State.of(file);
      if (now.equals(readOf)) {
        return;
      }
      Parsed parsed = read(file);
      parsed.faults().forEach(fault -> LOG.error("users.line_unreadable fault={}", fault));
      users = parsed.users();
      readOf = now;
    } catch (IOException e) {
      if (!users.isEmpty() || readOf != null) {
        LOG.error("users.unreadable cause={}", e.getClass().getSimpleName());
      }
      users = Map.of();
      readOf = null;
    }
  }

  private static Parsed read(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException("over " + FILE_BYTES_MAX + " bytes");
    }
    // what isn't UTF-8 spoils its own line only
    String content = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    var users = new HashMap<String, User>();
    var faults = new ArrayList<String>();
    Set<String> repeated = new HashSet<>();
    int number = 0;
    for (String line : content.lines().toList()) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        Optional<User> user = user(line.strip());
        if (user.isEmpty()) {
          faults.add(
              "line "
                  + number
                  + " of the users' file isn't '{name} {viewer|operator|admin} {hash of the"
                  + " password, or openid}'");
        } else if (users.put(user.get().name(), user.get()) != null) {
          repeated.add(user.get().name());
          faults.add("line " + number + " of the users' file repeats a name");
        }
      }
    }
    users.keySet().removeAll(repeated); // which of them is meant can't be known
    return new Parsed(Map.copyOf(users), faults);
  }

  private static Optional<User> user(String line) {
    String[] parts = SPACE.split(line);
    if (parts.length != 3 || !NAME.matcher(parts[0]).matches()) {
      return Optional.empty();
    }
    Optional<Role> role = Role.read(parts[1]);
    if (role.isEmpty()) {
      return Optional.empty();
    }
    if (parts[2].equals(OPENID)) {
      return Optional.of(new User(parts[0], role.get(), null));
    }
    return Passwords.read(parts[2]).map(hash -> new User(parts[0], role.get(), hash));
  }
}
