package dev.quittance.fulfillment.door;

/// Who is asking.
///
/// @param name as it stands in the audit
/// @param way how they came in
public record Caller(String name, Role role, Way way) {

  /// How somebody comes in. Browsers add some of it by themselves, also when another site makes
  /// them ask: such requests must prove that they come from our own pages.
  public enum Way {
    /// The operator's token, or a provider's: sent on purpose.
    TOKEN(false),
    /// Signed in with a name of the users' file.
    PASSWORD(true),
    /// Signed in at the OpenID provider.
    PROVIDER(true),
    /// From this very machine, without credentials.
    LOOPBACK(true);

    private final boolean ambient;

    Way(boolean ambient) {
      this.ambient = ambient;
    }

    /// Whether a browser adds it by itself.
    boolean ambient() {
      return ambient;
    }
  }

  /// Whether they may what asks for this role.
  public boolean may(Role role) {
    return this.role.includes(role);
  }
}
