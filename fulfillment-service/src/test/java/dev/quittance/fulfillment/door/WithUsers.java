package dev.quittance.fulfillment.door;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A service where people sign in: some from a file, some at an OpenID provider.
public class WithUsers implements QuarkusTestResourceLifecycleManager {

  static final String TOKEN = "token-for-tests";
  static final String VIEWER_TOKEN = "viewer-token-for-tests";
  static final String RETURN_PAGE_TOKEN = "return-page-token-for-tests";
  static final String PASSWORD = "correct horse";

  private static @Nullable OpenIdProvider provider;

  static OpenIdProvider provider() {
    if (provider == null) {
      throw new IllegalStateException("not started");
    }
    return provider;
  }

  @Override
  public Map<String, String> start() {
    try {
      OpenIdProvider started = new OpenIdProvider();
      provider = started;
      Path users = Files.createTempFile("users", ".txt");
      users.toFile().deleteOnExit();
      String hash = Passwords.of(PASSWORD, new byte[16]).text();
      Files.writeString(
          users,
          "# for tests\nvera viewer %1$s\notto operator %1$s\nada admin %1$s\n".formatted(hash));
      return Map.of(
          "quittance.console.users",
          users.toString(),
          "quittance.operator-token",
          TOKEN,
          "quittance.viewer-token",
          VIEWER_TOKEN,
          "quittance.return-page-token",
          RETURN_PAGE_TOKEN,
          "quarkus.oidc.tenant-enabled",
          "true",
          "quarkus.oidc.auth-server-url",
          started.address(),
          "quarkus.oidc.client-id",
          OpenIdProvider.CLIENT,
          "quarkus.oidc.credentials.secret",
          "a secret of more than 32 characters",
          "quarkus.oidc.roles.role-claim-path",
          "roles");
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
