package dev.quittance.ingest.returns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.access.Open;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
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
      @ConfigProperty(name = "quittance.returns.ask-after", defaultValue = "PT3S")
          Duration askAfter,
      @ConfigProperty(name = "quittance.returns.ask-again-after", defaultValue = "PT15S")
          Duration askAgainAfter) {
    this.orders = orders;
    this.askAfter = askAfter;
    this.registry = registry;
    this.clock = clock;
    questions =
        new ProviderQuestions(
            endpoints::all,
            providers::named,
            webhook -> verbatimTopic.publish(webhook, null),
            new AskingLimits(askAgainAfter, clock.instant()),
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
    Visit visit = Visit.of(since, clock.instant());
    Optional<SessionId> session = SessionId.parse(sessionId);
    Finding finding = session.isPresent() ? orders.find(session.get()) : new Finding.Unknown();
    OrderSeen order = null;
    Chapter chapter;
    switch (finding) {
      case Finding.Found(var found) -> {
        order = found;
        chapter = Chapter.of(found);
      }
      case Finding.Unknown() -> {
        chapter = visit.pause(false).isPresent() ? Chapter.CHECKING : Chapter.NOT_FOUND;
        if (visit.lasts().compareTo(askAfter) >= 0) {
          session.ifPresent(questions::ask);
        }
      }
      case Finding.Silent _ -> chapter = Chapter.SILENT;
    }
    registry.counter("quittance.returns.shown", "chapter", chapter.key()).increment();
    String address =
        "?session_id=" + session.map(SessionId::value).orElse("") + "&since=" + visit.since();
    return answer(
        ReturnPage.of(
            chapter, order, address, pause(chapter, order, visit), Words.of(languages), style));
  }

  private static Optional<Duration> pause(Chapter chapter, @Nullable OrderSeen order, Visit visit) {
    return switch (chapter.until()) {
      case SOON -> visit.pause(false);
      case LATER -> visit.pause(true);
      case NEVER ->
          order != null && chapter == Chapter.PAID && order.itemsComing()
              ? visit.pause(false)
              : Optional.empty();
    };
  }

  private Response answer(ReturnPage page) {
    return Response.ok(Templates.afterPayment(page).render(), "text/html; charset=utf-8")
        .header("Content-Security-Policy", policy)
        .header("Cache-Control", "no-store")
        .header("X-Robots-Tag", "noindex")
        .header("X-Content-Type-Options", "nosniff")
        // the address holds the session's id
        .header("Referrer-Policy", "no-referrer")
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
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      // every JDK has it: the platform's specification requires it
      throw new IllegalStateException(e);
    }
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
