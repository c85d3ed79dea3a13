package dev.quittance.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Certificates as an operator hands them out: one for the servers at 127.0.0.1, one for a client,
/// each its own authority.
final class Certificates {

  static final String PASSWORD = "for-this-test-only";

  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final Path folder;

  Certificates(Path folder) {
    this.folder = folder;
    make("server", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1");
  }

  /// A client's certificate; its common name is the user's.
  Path client(String user) {
    return make(user, "CN=" + user);
  }

  Path server() {
    return folder.resolve("server.p12");
  }

  /// What clients trust the servers by.
  Path serverAuthority() {
    return folder.resolve("server.crt");
  }

  /// What the servers trust a client by.
  Path authorityOf(String user) {
    return folder.resolve(user + ".crt");
  }

  /// The server's private key as PostgreSQL reads it: for its owner's eyes only.
  Path serverKey() {
    try {
      Path key = folder.resolve("server.key");
      Files.writeString(
          key, pem("PRIVATE KEY", store("server").getKey("server", secret()).getEncoded()));
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      return key;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path make(String name, String subject, String... more) {
    Path file = folder.resolve(name + ".p12");
    if (Files.exists(file)) {
      return file;
    }
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                subject,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString()));
    command.addAll(List.of(more));
    try {
      Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
      Files.writeString(
          folder.resolve(name + ".crt"),
          pem("CERTIFICATE", store(name).getCertificate(name).getEncoded()));
      return file;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private KeyStore store(String name) throws IOException, GeneralSecurityException {
    try (InputStream file = Files.newInputStream(folder.resolve(name + ".p12"))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(file, secret());
      return store;
    }
  }

  private static char[] secret() {
    return PASSWORD.toCharArray();
  }

  private static String pem(String kind, byte[] content) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + PEM.encodeToString(content)
        + "\n-----END "
        + kind
        + "-----\n";
  }
}
