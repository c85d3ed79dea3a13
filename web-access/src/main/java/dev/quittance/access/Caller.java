package dev.quittance.access;

import dev.quittance.contracts.CodePoints;
import java.util.Locale;
import java.util.regex.Pattern;

/// Who is asking.
///
/// @param name as it stands in the audit and in logs: one line of at most [#NAME_LENGTH_MAX]
///   characters, whatever a provider calls somebody
/// @param way how they came in
public record Caller(String name, Role role, Way way) {

  /// As long as OpenID lets the name be by which a provider knows somebody (`sub`).
  public static final int NAME_LENGTH_MAX = 255;

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

  public Caller {
    name = CodePoints.cut(CONTROL.matcher(name).replaceAll(" "), NAME_LENGTH_MAX);
  }

  /// How somebody comes in. Browsers add some of it by themselves, also when another site makes
  /// them ask: such requests must prove that they come from our own pages.
  public enum Way {
    /// One of our own tokens, shared by whoever holds it: sent on purpose.
    TOKEN(false, false),
    /// A token of the OpenID provider's, meant for us: sent on purpose.
    BEARER(false, true),
    /// Signed in with a name of the users' file.
    PASSWORD(true, true),
    /// Signed in at the OpenID provider.
    PROVIDER(true, true),
    /// From this very machine, without credentials.
    LOOPBACK(true, false);

    private final boolean ambient;
    private final boolean personal;

    Way(boolean ambient, boolean personal) {
      this.ambient = ambient;
      this.personal = personal;
    }

    /// As it stands in the audit.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Whether a browser adds it by itself.
    public boolean ambient() {
      return ambient;
    }

    /// Whether the name is one person's, or one program's.
    public boolean personal() {
      return personal;
    }
  }

  /// Whether they may what asks for this role.
  public boolean may(Role role) {
    return this.role.includes(role);
  }
}
