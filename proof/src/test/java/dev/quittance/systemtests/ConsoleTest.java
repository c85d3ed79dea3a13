package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clicks through the shop, the console and the mailbox as a customer and the support do. With
/// `-Dquittance.pictures=folder` it keeps pictures of the pages.
class ConsoleTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PICTURES = System.getProperty("quittance.pictures", "");

  private static final Map<String, int[]> SIZES =
      Map.of("desktop", new int[] {1280, 900}, "phone", new int[] {390, 844});

  private static Chromium chromium;

  private final RunningStack stack = RunningStack.get();
  private final URI sandbox = stack.stack().ports().url(Service.SANDBOX);
  private final URI fulfillment = stack.stack().ports().url(Service.FULFILLMENT);
  private final String email = "ada-" + stack.shop().id("") + "@example.com";
  private final List<String> complaints = new ArrayList<>();
  private BrowserContext context;
  private Page customer;
  private Page support;

  @BeforeAll
  static void start() {
    chromium = new Chromium();
  }

  @AfterAll
  static void stop() {
    chromium.close();
  }

  @BeforeEach
  void open() {
    context = chromium.browser().newContext();
    context.setDefaultTimeout((double) PATIENCE.toMillis());
    customer = context.newPage();
    support = context.newPage();
    support.onConsoleMessage(message -> {
      // a refused script or style, a failed request
      if (message.type().equals("error")) {
        complaints.add(message.text());
      }
    });
    support.onPageError(complaints::add);
    support.navigate(
        fulfillment.resolve("/console/transactions?q=" + Http.escaped(email)).toString());
    support.locator("#live:not([hidden])").waitFor();
    support.evaluate("window.loadedOnce = true");
  }

  @AfterEach
  void close() {
    context.close();
    assertThat(complaints).as("what the browser complained about").isEmpty();
  }

  private void checkOut(String provider, String currency) {
    customer.navigate(sandbox.resolve("/?currency=" + currency).toString());
    customer.locator("#email").fill(email);
    customer.locator("button[value=" + provider + "]").click();
  }

  private void payByCard(String number) {
    customer.locator("#number").fill(number);
    customer.locator("form:has(#number) button").click();
  }

  /// The success page, by how it feels.
  private void awaitSuccessPage(String tone) {
    customer.locator("main." + tone + " h1, h1." + tone).first().waitFor();
  }

  /// A row that came without a reload.
  private Locator awaitRow(String payment) {
    Locator row =
        support.locator("#rows tr:has(td[data-label=Payment] .badge:text-is(\"" + payment + "\"))");
    row.waitFor();
    assertThat(support.evaluate("window.loadedOnce === true")).isEqualTo(true);
    return row;
  }

  private void awaitMails(int count) {
    boolean met = Deadline.in(PATIENCE).meets(() -> stack.mailbox().of(email).size() == count);
    assertThat(met).as("%d mails to %s", count, email).isTrue();
  }

  /// Opens what hides the form, sends it, and says yes.
  private void act(String what) {
    Locator form = support.locator("details:has(> summary:text-is(\"" + what + "…\"))");
    form.locator("summary").click();
    if (what.equals("Refund")) {
      form.locator("#refund-amount").fill("10");
    }
    form.locator("button").click();
    support.locator("main form button").click();
    support.locator(".notice.good").waitFor();
  }

  @Test
  void aCardPaymentIsSeenFulfilledAndRefundedInPart() {
    checkOut("stripe", "usd");
    payByCard("4242424242424242");
    awaitSuccessPage("good");
    picture(customer, "success");

    awaitRow("paid").locator("a.open").click();
    support.locator(".badge:text-is(\"to ship\")").first().waitFor();
    awaitMails(1);
    act("Fulfill");
    support.locator(".badge:text-is(\"fulfilled\")").first().waitFor();
    act("Refund");
    awaitMails(2);
    String order = support.url();
    customer.navigate(sandbox.resolve("/mailbox?to=" + Http.escaped(email)).toString());
    assertThat(customer.locator("a.item").count()).isEqualTo(2);
    picture(customer, "mailbox");
    customer.setViewportSize(390, 844);
    assertThat(scrollsSideways(customer)).as("the mailbox on a phone").isFalse();

    support.navigate(
        fulfillment.resolve("/console/transactions?q=" + Http.escaped(email)).toString());
    support.locator("#rows .badge:text-is(\"partially refunded\")").waitFor();
    lookAround(order);
  }

  @Test
  void aDebitIsPendingAndThenPaid() {
    checkOut("stripe", "eur");
    customer.locator("summary:text-is(\"SEPA debit\")").click();
    customer.locator("form:has(#iban) button").click();

    awaitRow("pending");
    awaitRow("paid");
    awaitSuccessPage("good");
    awaitMails(1);
  }

  @Test
  void aDeclinedCardIsNoPayment() {
    checkOut("stripe", "usd");
    payByCard("4000000000000002");
    customer.locator("#complaint").waitFor();

    payByCard("4242424242424242");
    awaitSuccessPage("good");
    awaitRow("paid");
    assertThat(support.locator("#rows tr[id]").count()).isEqualTo(1);
    awaitMails(1);
  }

  @Test
  void aPaymentByPaySuperLooksLikeAnyOther() {
    checkOut("paysuper", "usd");
    payByCard("4000000000000077");

    Locator row = awaitRow("paid");
    assertThat(row.textContent()).contains("paysuper");
    awaitMails(1);
  }

  /// Every page, in each size and both schemes, judged and kept.
  private void lookAround(String order) {
    Map<String, String> pages =
        Map.of(
            "transactions", fulfillment.resolve("/console/transactions").toString(),
            "order", order,
            "webhooks", fulfillment.resolve("/console/webhooks").toString(),
            "dead-letters", fulfillment.resolve("/console/dead-letters").toString(),
            "failed-mail", fulfillment.resolve("/console/failed-mail").toString(),
            "wrong-receipts", fulfillment.resolve("/console/wrong-receipts").toString(),
            "health", fulfillment.resolve("/console/health").toString());
    for (var size : SIZES.entrySet()) {
      try (BrowserContext look =
          chromium
              .browser()
              .newContext(
                  new Browser.NewContextOptions()
                      .setBypassCSP(true) // the judge is a script of its own
                      .setViewportSize(size.getValue()[0], size.getValue()[1]))) {
        look.setDefaultTimeout((double) PATIENCE.toMillis());
        Page page = look.newPage();
        pages.forEach((name, address) -> {
          page.navigate(address);
          if (name.equals("transactions")) {
            page.locator(".chart").waitFor();
          }
          // what stands where a part of the page comes by itself
          Locator coming = page.locator("[hx-trigger*=load] > p > a:text-is('Look')");
          page.waitForCondition(() -> coming.count() == 0);
          // a scheme is a matter of styles alone
          for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            String title =
                name + "-" + size.getKey() + "-" + (scheme == ColorScheme.DARK ? "dark" : "light");
            assertThat(scrollsSideways(page)).as(title + " scrolls sideways").isFalse();
            picture(page, title);
            judge(page, title);
          }
        });
      }
    }
  }

  private static boolean scrollsSideways(Page page) {
    return (boolean)
        page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth");
  }

  private static void judge(Page page, String title) {
    var violations =
        new AxeBuilder(page)
                // without the second page that sums up what is found in frames: there are none
                .setLegacyMode(true)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
                .analyze()
                .getViolations()
                .stream()
                .map(rule ->
                    rule.getId()
                        + ": "
                        + rule.getHelp()
                        + " "
                        + rule.getNodes().stream().limit(3).map(node -> node.getHtml()).toList())
                .toList();
    assertThat(violations).as(title).isEmpty();
  }

  private static void picture(Page page, String name) {
    if (!PICTURES.isEmpty()) {
      page.screenshot(
          new Page.ScreenshotOptions().setPath(Path.of(PICTURES, name + ".png")).setFullPage(true));
    }
  }
}
