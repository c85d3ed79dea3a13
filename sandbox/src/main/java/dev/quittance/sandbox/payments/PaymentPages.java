package dev.quittance.sandbox.payments;

import dev.quittance.sandbox.delivery.Deliveries;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.page.Pages;
import dev.quittance.sandbox.stripe.StripeRecords;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;

/// The payments of both providers, and what can be done about each.
@Path("/payments")
@RunOnVirtualThread
public final class PaymentPages {

  /// What fits a page that one scrolls.
  private static final int SHOWN_MAX = 200;

  /// So long a click waits for the shop's answers, to show what came of it.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  private final StripePayments stripe;
  private final PaySuperPayments paySuper;
  private final StripeRecords records;
  private final Deliveries deliveries;

  @Inject
  PaymentPages(
      StripePayments stripe,
      PaySuperPayments paySuper,
      StripeRecords records,
      Deliveries deliveries) {
    this.stripe = stripe;
    this.paySuper = paySuper;
    this.records = records;
    this.deliveries = deliveries;
  }

  /// The newest payments.
  @GET
  public Response list() {
    List<PaymentRow> rows =
        records.ids("").stream().map(this::row).flatMap(Optional::stream).limit(SHOWN_MAX).toList();
    return Pages.page(Templates.payments(rows));
  }

  /// One payment.
  @GET
  @Path("/{id}")
  public Response one(@RestPath String id) {
    return Pages.page(Templates.payment(isPaySuper(id) ? paySuper.detail(id) : stripe.detail(id)));
  }

  /// Presses the Test button of PaySuper's dashboard, and shows what was delivered.
  @POST
  @Path("/test")
  public Response test() throws InterruptedException {
    deliveries.awaitAnswers(deliveries.announce(List.of(paySuper.pressTest())), ANSWER_MAX);
    return Pages.to("/deliveries");
  }

  /// Lets something happen to a payment.
  @POST
  @Path("/{id}/{action}")
  public Response act(
      @RestPath String id,
      @RestPath String action,
      @RestForm @DefaultValue("") String amount,
      @RestForm @DefaultValue("requested_by_customer") String reason,
      @RestForm @DefaultValue("succeeded") String status,
      @RestForm @DefaultValue("") String target)
      throws InterruptedException {
    var requested = new RequestedOutcome(amount, reason, status, target);
    List<ProviderEvent> told =
        isPaySuper(id) ? paySuper.act(id, action, requested) : stripe.act(id, action, requested);
    deliveries.awaitAnswers(deliveries.announce(told), ANSWER_MAX);
    return Pages.to("/payments/" + id);
  }

  private Optional<PaymentRow> row(String id) {
    if (isPaySuper(id)) {
      return Optional.of(paySuper.row(id));
    }
    return stripe.knows(id) ? stripe.row(id) : Optional.empty();
  }

  private static boolean isPaySuper(String id) {
    return id.startsWith(PaySuperPayments.PREFIX);
  }

  @CheckedTemplate(basePath = "", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance payments(List<PaymentRow> payments);

    static native TemplateInstance payment(PaymentDetail payment);
  }
}
