package dev.quittance.ingest.afterpayment;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.access.CustomerPages;
import dev.quittance.access.Open;
import dev.quittance.contracts.Sha256;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.publish.VerbatimTopic;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `GET /after-payment?session_id=…`, where the checkout sends the customer on to. It answers 200
/// with a page whatever is asked: an id that is none, or that nobody knows, looks like one whose
/// webhook is still on its way.
@Path("/after-payment")
@Open
@Singleton
@RunOnVirtualThread
public final class AfterPaymentResource {

  private final FulfillmentOrders orders;
  private final ProviderQuestions questions;
  private final Duration askAfter;
  private final MeterRegistry registry;
  private final Clock clock;
  private final String style = style();
  private final String policy =
      "default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
          .formatted(sha256(style));

  @Inject
  AfterPaymentResource(
      FulfillmentOrders orders,
      Endpoints endpoints,
      Providers providers,
      VerbatimTopic verbatimTopic,
      MeterRegistry registry,
      Clock clock,
      ReturnsSettings settings) {
    this.orders = orders;
    this.askAfter = settings.askAfter();
    this.registry = registry;
    this.clock = clock;
    questions =
        new ProviderQuestions(
            endpoints::all,
            providers,
            webhook -> verbatimTopic.publish(webhook, null),
            new AskingLimits(settings.askAgainAfter(), clock.instant()),
            registry,
            clock);
  }

  /// @param sessionId the checkout
  /// @param since when the customer first looked, in seconds; the page's own address carries it on
  @GET
  public Response show(
      @QueryParam("session_id") @Nullable String sessionId,
      @QueryParam("since") @Nullable String since,
      @HeaderParam("Accept-Language") @Nullable String languages)
      throws InterruptedException {
    PageView view = PageView.of(since, clock.instant());
    Optional<SessionId> session = SessionId.parse(sessionId);
    OrderLookup found =
        session.isPresent() ? orders.find(session.get()) : new OrderLookup.Unknown();
    OrderSeen order = null;
    Section section;
    switch (found) {
      case OrderLookup.Found(var known) -> {
        order = known;
        section = Section.of(known);
      }
      case OrderLookup.Unknown() -> {
        section = view.pause(false).isPresent() ? Section.CHECKING : Section.NOT_FOUND;
        if (view.lasts().compareTo(askAfter) >= 0) {
          session.ifPresent(questions::ask);
        }
      }
      case OrderLookup.Silent _ -> section = Section.SILENT;
    }
    registry.counter("quittance.returns.shown", "chapter", section.key()).increment();
    String address =
        "?session_id=" + session.map(SessionId::value).orElse("") + "&since=" + view.since();
    return answer(
        ReturnPage.of(
            section, order, address, pause(section, order, view), PageTexts.of(languages), style));
  }

  private static Optional<Duration> pause(
      Section section, @Nullable OrderSeen order, PageView view) {
    return switch (section.until()) {
      case SOON -> view.pause(false);
      case LATER -> view.pause(true);
      case NEVER ->
          order != null && section == Section.PAID && order.itemsComing()
              ? view.pause(false)
              : Optional.empty();
    };
  }

  private Response answer(ReturnPage page) {
    return CustomerPages.seal(
            Response.ok(Templates.afterPayment(page).render(), "text/html; charset=utf-8"), policy)
        .header("Content-Language", page.language())
        .header("Vary", "Accept-Language")
        .build();
  }

  private static String style() {
    try (InputStream file =
        AfterPaymentResource.class.getResourceAsStream("/returns/after-payment.css")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    return Base64.getEncoder().encodeToString(Sha256.of(text));
  }

  @PreDestroy
  void close() {
    questions.close();
  }

  @CheckedTemplate(basePath = "", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance afterPayment(ReturnPage page);
  }
}
