package dev.quittance.fulfillment.access;

import dev.quittance.fulfillment.access.OpenIdProvider.Kind;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A service where people sign in: some from a file, some at an OpenID provider, behind a proxy on
/// this machine.
public class WithUsers implements QuarkusTestResourceLifecycleManager {

  static final String TOKEN = "token-for-tests";
  static final String VIEWER_TOKEN = "viewer-token-for-tests";
  static final String ADMIN_TOKEN = "admin-token-for-tests";
  static final String RETURN_PAGE_TOKEN = "return-page-token-for-tests";
  static final String PASSWORD = "correct horse";

  /// As few iterations as a file may have: what a check costs is no concern of most tests.
  static final String HASH =
      "pbkdf2-sha256:100000:00000000000000000000000000000000:"
          + "61e83ce234494b7c3119c1178560dbe8c7a05e8b96645df70729c6605444db1e";

  private static final String ORDINARY =
      "# for tests\nvera viewer %1$s\notto operator %1$s\nada admin %1$s\n".formatted(HASH);

  private static @Nullable OpenIdProvider provider;
  private static @Nullable Path file;

  private final Kind kind;

  public WithUsers() {
    this(Kind.KEYCLOAK);
  }

  WithUsers(Kind kind) {
    this.kind = kind;
  }

  /// Where app roles stand in ID tokens.
  public static class AtEntra extends WithUsers {
    public AtEntra() {
      super(Kind.ENTRA);
    }
  }

  /// Where no token names a role.
  public static class AtGoogle extends WithUsers {
    public AtGoogle() {
      super(Kind.GOOGLE);
    }
  }

  static OpenIdProvider provider() {
    return Objects.requireNonNull(provider, "not started");
  }

  /// Puts the file of users, with these lines beside the ordinary ones, in the old one's place.
  static void usersAre(String more) {
    try {
      Path next = Files.createTempFile("users", ".next");
      Files.writeString(next, ORDINARY + more);
      Files.move(next, Objects.requireNonNull(file, "not started"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, String> start() {
    try {
      OpenIdProvider started = new OpenIdProvider(kind);
      provider = started;
      Path users = Files.createTempFile("users", ".txt");
      users.toFile().deleteOnExit();
      file = users;
      usersAre(kind == Kind.GOOGLE ? "grace@example.com operator openid\n" : "");
      Map<String, String> settings = new HashMap<>();
      settings.put("quittance.console.users", users.toString());
      settings.put("quittance.operator-token", TOKEN);
      settings.put("quittance.viewer-token", VIEWER_TOKEN);
      settings.put("quittance.return-page-token", RETURN_PAGE_TOKEN);
      settings.put("quittance.admin-token", ADMIN_TOKEN);
      settings.put("quarkus.http.proxy.proxy-address-forwarding", "true");
      settings.put("quarkus.http.proxy.trusted-proxies", "127.0.0.0/8,::1");
      settings.put("quarkus.oidc.tenant-enabled", "true");
      settings.put("quarkus.oidc.auth-server-url", started.address());
      settings.put("quarkus.oidc.client-id", OpenIdProvider.CLIENT);
      settings.put("quarkus.oidc.credentials.secret", "a secret of more than 32 characters");
      switch (kind) {
        case KEYCLOAK -> {
          settings.put("quarkus.oidc.roles.role-claim-path", "resource_access/quittance/roles");
          settings.put("quarkus.oidc.roles.source", "accesstoken");
        }
        case ENTRA -> settings.put("quarkus.oidc.roles.role-claim-path", "roles");
        case GOOGLE -> settings.put("quarkus.oidc.authentication.scopes", "email");
      }
      return settings;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop() {
    if (provider != null) {
      provider.stop();
    }
  }
}
