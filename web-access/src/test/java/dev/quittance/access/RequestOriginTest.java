package dev.quittance.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestOriginTest {

  private static RequestOrigin asked(String address, boolean direct, String authority) {
    return new RequestOrigin(InetAddress.ofLiteral(address), direct, authority, null, null, null);
  }

  private static RequestOrigin browser(
      @Nullable String site, @Nullable String mode, @Nullable String origin) {
    return new RequestOrigin(
        InetAddress.ofLiteral("127.0.0.1"), true, "localhost:8082", site, mode, origin);
  }

  @Test
  void thisMachineIsWhoeverAsksDirectlyFromTheLoopbackUnderItsOwnName() {
    for (String host :
        List.of(
            "localhost",
            "localhost:8082",
            "LOCALHOST:1",
            "127.0.0.1:80",
            "127.9.9.9",
            "[::1]:8083")) {
      assertThat(asked("127.0.0.1", true, host).isThisMachine()).as(host).isTrue();
    }
    assertThat(asked("::1", true, "localhost").isThisMachine()).isTrue();

    assertThat(asked("192.0.2.1", true, "localhost").isThisMachine()).isFalse();
    assertThat(asked("127.0.0.1", false, "localhost").isThisMachine()).isFalse();
    assertThat(new RequestOrigin(null, true, "localhost", null, null, null).isThisMachine())
        .isFalse();
    for (String host :
        List.of(
            "",
            "localtest.me",
            "127.0.0.1.nip.io",
            "localhost.example",
            "xlocalhost",
            "localhost@x",
            "[::2]",
            "localhost:",
            "0.0.0.0")) {
      assertThat(asked("127.0.0.1", true, host).isThisMachine()).as(host).isFalse();
    }
  }

  @Test
  void anotherSitesPageIsNoneOfOurs() {
    assertThat(browser(null, null, null).isOwnPage()).isTrue();
    assertThat(browser("none", "navigate", null).isOwnPage()).isTrue();
    assertThat(browser("same-origin", "cors", "http://localhost:8082").isOwnPage()).isTrue();
    assertThat(browser(null, null, "http://localhost:8082").isOwnPage()).isTrue();

    for (String site : List.of("cross-site", "same-site", "", "SAME-ORIGIN")) {
      assertThat(browser(site, "cors", null).isOwnPage()).as(site).isFalse();
    }
    for (String origin :
        List.of(
            "null", "", "http://localhost:3000", "https://shop.example", "%%", "localhost:8082")) {
      assertThat(browser(null, null, origin).isOwnPage()).as(origin).isFalse();
      assertThat(browser("same-origin", null, origin).isForeign()).as(origin).isTrue();
    }
  }

  @Test
  void aFollowedLinkIsSeenByWhoFollowedIt() {
    assertThat(browser("cross-site", "navigate", null).isLink()).isTrue();
    assertThat(browser("cross-site", "no-cors", null).isLink()).isFalse();
    assertThat(browser("cross-site", "navigate", "https://shop.example").isLink()).isFalse();
  }
}
