package dev.quittance.fulfillment.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.access.Role;
import io.quarkus.runtime.ShutdownEvent;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Passwords, the users' file, and how often somebody may guess.
class AccessTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  /// As `openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt pass:secret -kdfopt
  /// hexsalt:00112233445566778899aabbccddeeff -kdfopt iter:600000 PBKDF2` prints it.
  private static final String BY_OPENSSL =
      "pbkdf2-sha256:600000:00112233445566778899aabbccddeeff:96666a043e8f5c98df6e3babfd926c3bf48788e81ed82927b71dd7ece1da7d6a";

  @TempDir Path directory;

  @Test
  void aHashMadeByOpensslIsUnderstood() {
    Passwords hash = Passwords.read(BY_OPENSSL).orElseThrow();

    assertThat(hash.matches("secret")).isTrue();
    assertThat(hash.matches("Secret")).isFalse();
    assertThat(hash.matches("x".repeat(Passwords.PASSWORD_LENGTH_MAX + 1))).isFalse();
    assertThat(hash.text()).isEqualTo(BY_OPENSSL);
    assertThat(hash.toString()).doesNotContain("0011");
  }

  @Test
  void weakOrBrokenHashesAreNone() {
    String salt = "00112233445566778899aabbccddeeff";
    for (String text :
        List.of(
            "",
            "secret",
            "pbkdf2-sha256:1000:" + salt + ":" + "00".repeat(32),
            "pbkdf2-sha256:99999999:" + salt + ":" + "00".repeat(32),
            "pbkdf2-sha256:600000:" + salt + "0:" + "00".repeat(32),
            "pbkdf2-sha256:600000:" + salt + ":" + "00".repeat(31))) {
      assertThat(Passwords.read(text)).as(text).isEmpty();
    }
  }

  @Test
  void theUsersFileIsReadAgainWhenItChanges() throws Exception {
    Path file = directory.resolve("users");
    Files.writeString(file, "# people\n\notto operator " + BY_OPENSSL + "\n");
    var users = new Users(Optional.of(file.toString()));
    assertThat(users.find("otto").orElseThrow().role()).isEqualTo(Role.OPERATOR);
    assertThat(users.find("vera")).isEmpty();
    assertThat(users.find("vera", "secret")).isEmpty();

    Files.writeString(file, "vera viewer " + BY_OPENSSL + "\n");
    Files.setLastModifiedTime(file, FileTime.from(NOW));
    assertThat(users.find("otto")).isEmpty();
    assertThat(users.find("vera", "secret")).isPresent();
  }

  @Test
  void aSlipInTheRunningFileKeepsNobodyWhoWasTakenOut() throws Exception {
    Path file = directory.resolve("users");
    Files.writeString(
        file, "otto operator %1$s\nvera viewer %1$s\nada admin %1$s\n".formatted(BY_OPENSSL));
    var users = new Users(Optional.of(file.toString()));

    Files.writeString(file, "vera viewer %1$s\nada admn %1$s\n".formatted(BY_OPENSSL));
    assertThat(users.find("otto")).as("taken out").isEmpty();
    assertThat(users.find("ada")).as("a line that says nothing").isEmpty();
    assertThat(users.find("vera")).isPresent();

    Files.writeString(file, "vera viewer %1$s\nvera admin %1$s\n".formatted(BY_OPENSSL));
    assertThat(users.find("vera")).as("which of them can't be known").isEmpty();

    Files.write(file, new byte[] {(byte) 0xff, '\n'});
    assertThat(users.withPasswords()).isEmpty();
    Files.delete(file);
    assertThat(users.find("vera")).isEmpty();
    Files.writeString(file, "vera viewer " + BY_OPENSSL + "\n");
    assertThat(users.find("vera")).isPresent();
  }

  @Test
  void whomTheProviderSignsInHasNoPassword() throws Exception {
    Path file = directory.resolve("users");
    Files.writeString(file, "grace@example.com operator openid\notto viewer " + BY_OPENSSL);
    var users = new Users(Optional.of(file.toString()));

    assertThat(users.atProvider("grace@example.com").orElseThrow().role()).isEqualTo(Role.OPERATOR);
    assertThat(users.find("grace@example.com")).isEmpty();
    assertThat(users.find("grace@example.com", "openid")).isEmpty();
    assertThat(users.atProvider("otto")).isEmpty();
    assertThat(users.withPasswords()).containsOnlyKeys("otto");
  }

  @Test
  void aUsersFileThatSaysNothingStopsTheStart() throws Exception {
    Path file = directory.resolve("users");
    for (String line :
        List.of("otto", "otto boss " + BY_OPENSSL, "otto admin secret", "o\u00f6 admin x")) {
      Files.write(file, line.getBytes(UTF_8));
      assertThatThrownBy(() -> new Users(Optional.of(file.toString())))
          .as(line)
          .hasMessageContaining("line 1")
          .hasMessageNotContaining("secret");
    }
    assertThatThrownBy(() -> new Users(Optional.of(directory.resolve("none").toString())))
        .hasMessageContaining("QUITTANCE_CONSOLE_USERS");
    assertThat(new Users(Optional.empty()).exist()).isFalse();
  }

  @Test
  void rolesIncludeThoseBelow() {
    assertThat(Role.ADMIN.includes(Role.OPERATOR)).isTrue();
    assertThat(Role.OPERATOR.includes(Role.OPERATOR)).isTrue();
    assertThat(Role.VIEWER.includes(Role.OPERATOR)).isFalse();
    assertThat(Role.read("Admin")).isEmpty();
  }

  private static SignInThrottle.Attempt from(String address, String name) {
    return new SignInThrottle.Attempt(name, address, null);
  }

  private static SignInThrottle.Attempt by(String browser, String name) {
    return new SignInThrottle.Attempt(name, "203.0.113.1", browser);
  }

  @Test
  void guessesAreCountedPerNameAndAddressForAWhile() {
    var now = new AtomicReference<>(NOW);
    var throttle = new SignInThrottle(clock(now::get));
    for (int i = 0; i < SignInThrottle.FAILURES_PER_NAME_AND_ADDRESS_MAX; i++) {
      assertThat(throttle.begin(from("192.0.2.1", "otto"))).isTrue();
    }
    assertThat(throttle.begin(from("192.0.2.1", "otto"))).isFalse();
    assertThat(throttle.begin(from("192.0.2.2", "otto"))).as("otto, from elsewhere").isTrue();
    assertThat(throttle.begin(from("192.0.2.1", "vera"))).as("a colleague").isTrue();
    for (int i = 0; i < SignInThrottle.FAILURES_PER_ADDRESS_MAX; i++) {
      throttle.begin(from("198.51.100.1", "name" + i));
    }
    assertThat(throttle.begin(from("198.51.100.1", "ada"))).isFalse();

    now.set(NOW.plus(SignInThrottle.WINDOW).plus(Duration.ofSeconds(1)));
    assertThat(throttle.begin(from("192.0.2.1", "otto"))).isTrue();
    assertThat(throttle.begin(from("198.51.100.1", "ada"))).isTrue();
  }

  @Test
  void guessersFromManyAddressesStopBeforeTheRightOneDoes() {
    var throttle = new SignInThrottle(Clock.fixed(NOW, ZoneOffset.UTC));
    int tried = 0;
    while (throttle.begin(from("192.0.2." + tried, "otto"))) {
      tried++;
    }

    assertThat(tried).isEqualTo(SignInThrottle.FAILURES_PER_NAME_MAX);
    assertThat(throttle.begin(by("a browser of his", "otto"))).isTrue();
    assertThat(throttle.begin(from("192.0.2.1", "vera"))).isTrue();
    for (int i = 1; i < SignInThrottle.FAILURES_PER_NAME_AND_ADDRESS_MAX; i++) {
      assertThat(throttle.begin(by("a browser of his", "otto"))).isTrue();
    }
    assertThat(throttle.begin(by("a browser of his", "otto"))).as("stolen with it").isFalse();
  }

  @Test
  void whoSucceedsIsForgivenAndGuessersAreNot() {
    var throttle = new SignInThrottle(Clock.fixed(NOW, ZoneOffset.UTC));
    for (int i = 0; i < 3 * SignInThrottle.FAILURES_PER_NAME_MAX; i++) {
      assertThat(throttle.begin(from("192.0.2.1", "otto"))).isTrue();
      throttle.succeeded(from("192.0.2.1", "otto"));
    }
    for (int i = 0; i < SignInThrottle.FAILURES_PER_NAME_AND_ADDRESS_MAX; i++) {
      assertThat(throttle.begin(from("192.0.2.9", "otto"))).isTrue();
    }
    throttle.begin(from("192.0.2.1", "otto"));
    throttle.succeeded(from("192.0.2.1", "otto"));
    assertThat(throttle.begin(from("192.0.2.9", "otto"))).isFalse();
    throttle.untried(from("192.0.2.9", "otto"));
    assertThat(throttle.begin(from("192.0.2.9", "otto"))).as("one that wasn't tried").isTrue();
  }

  @Test
  void aBrowserIsKnownByWhoeverSignedInByItUntilThePasswordChanges() {
    var otto = new Users.User("otto", Role.OPERATOR, Passwords.read(BY_OPENSSL).orElseThrow());
    var vera = new Users.User("vera", Role.VIEWER, otto.password());
    var changed = new Users.User("otto", Role.OPERATOR, Passwords.of("other", new byte[16]));
    String cookie = DeviceCookie.of(otto, NOW);

    assertThat(DeviceCookie.browser(otto, cookie, NOW)).isNotNull();
    assertThat(DeviceCookie.browser(otto, cookie, NOW.plus(DeviceCookie.LIFETIME))).isNull();
    assertThat(DeviceCookie.browser(vera, cookie, NOW)).isNull();
    assertThat(DeviceCookie.browser(changed, cookie, NOW)).isNull();
    assertThat(DeviceCookie.browser(otto, "9" + cookie, NOW)).isNull();
    assertThat(DeviceCookie.browser(otto, null, NOW)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.1   | 10.0.0.1, 192.0.2.7        | 203.0.113.1",
        "10.0.0.1      | 192.0.2.7                  | 192.0.2.7",
        "10.0.0.1      | 127.0.0.1, 192.0.2.7       | 192.0.2.7",
        "10.0.0.1      | 192.0.2.7, 10.0.0.9        | 192.0.2.7",
        "10.0.0.1      | 192.0.2.7:4711             | 192.0.2.7",
        "10.0.0.1      | [2001:db8::7]:4711         | 20010db800000000",
        "10.0.0.1      | 2001:db8::1:2:3:4          | 20010db800000000",
        "10.0.0.1      | 192.0.2.7, nonsense        | 10.0.0.1",
        "10.0.0.1      | ''                         | 10.0.0.1",
        "::ffff:10.0.0.1 | 192.0.2.7                | 192.0.2.7",
        "11.0.0.1      | 192.0.2.7                  | 11.0.0.1",
      })
  void whatTheLastTrustedProxySaysCounts(String peer, String forwardedFor, String counted) {
    TrustedProxies proxies = TrustedProxies.of(true, List.of("10.0.0.0/8", "::1"));

    InetAddress client =
        proxies.client(InetAddress.ofLiteral(peer), List.of(forwardedFor.split(";", -1)));

    assertThat(TrustedProxies.network(client)).isEqualTo(counted);
  }

  @Test
  void nobodyIsBelievedUnlessNamed() {
    assertThatThrownBy(() -> TrustedProxies.of(true, List.of()))
        .hasMessageContaining("QUARKUS_HTTP_PROXY_TRUSTED_PROXIES");
    for (String wrong : List.of("proxy.example.com", "10.0.0.0/33", "10.0.0.0/x", "/8")) {
      assertThatThrownBy(() -> TrustedProxies.of(true, List.of(wrong)))
          .as(wrong)
          .hasMessageContaining(wrong);
    }
    assertThat(
            TrustedProxies.of(false, List.of("10.0.0.0/8"))
                .client(InetAddress.ofLiteral("10.0.0.1"), List.of("192.0.2.7")))
        .isEqualTo(InetAddress.ofLiteral("10.0.0.1"));
  }

  @Test
  void noMoreChecksWaitThanSomebodyLooksAtAForm() throws Exception {
    var checks = new PasswordChecks();
    var open = new CountDownLatch(1);
    int taken = 0;
    while (checks.check(() -> waited(open)).isPresent()) {
      taken++;
    }
    assertThat(taken).isEqualTo(PasswordChecks.AT_ONCE_MAX + PasswordChecks.WAITING_MAX);

    open.countDown();
    checks.stop(new ShutdownEvent());
  }

  private static boolean waited(CountDownLatch open) {
    try {
      return open.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Clock clock(InstantSource source) {
    return source.withZone(ZoneId.of("UTC"));
  }
}
