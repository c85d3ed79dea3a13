package dev.quittance.console.transactions;

import dev.quittance.fulfillment.access.PageFrame;
import dev.quittance.fulfillment.api.ListRequest;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.persistence.OrderFigures;
import dev.quittance.fulfillment.persistence.OrderFigures.Takings;
import dev.quittance.fulfillment.persistence.OrderFigures.Unit;
import dev.quittance.fulfillment.persistence.OrderFilter;
import dev.quittance.fulfillment.persistence.OrderQueries;
import dev.quittance.fulfillment.persistence.OrderSlice;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// All payments, and how the orders behind them stand.
@Path("/console/transactions")
@Produces("text/html; charset=utf-8")
@Blocking // also the templates: the gate asks the database who is signed in
public class TransactionsPage {

  /// Two screens.
  private static final int ROWS = 50;

  /// What the chart shows when nobody asks for another period.
  private static final Duration CHARTED = Duration.ofDays(30);

  private final OrderQueries orders;
  private final OrderFigures figures;
  private final KnownChoices choices;
  private final LiveUpdates live;
  private final Clock clock;
  private final PageFrame shell;

  TransactionsPage(
      OrderQueries orders,
      OrderFigures figures,
      KnownChoices choices,
      LiveUpdates live,
      Clock clock,
      PageFrame shell) {
    this.orders = orders;
    this.figures = figures;
    this.choices = choices;
    this.live = live;
    this.clock = clock;
    this.shell = shell;
  }

  /// A run of rows, and where the next begins.
  record Rows(List<ShownOrder> orders, String next) {

    static final Rows NONE = new Rows(List.of(), "");

    static Rows of(OrderSlice page, RequestedFilters asked, PersonalData personal) {
      OrderSlice.Place next = page.next();
      return new Rows(
          page.orders().stream().map(personal::in).map(ShownOrder::of).toList(),
          next == null
              ? ""
              : (asked.isFiltered() ? asked.query() + "&" : "")
                  + "next="
                  + RequestedFilters.encode(next.text()));
    }
  }

  /// A filter that can't be understood is said so, beside the filters as they were given: nothing
  /// is left out in silence.
  @GET
  public Response show(@BeanParam ListRequest request, @Context UriInfo uri) {
    RequestedFilters asked = RequestedFilters.of(uri.getQueryParameters());
    String complaint =
        shell.isPage() ? request.complaint().map(RequestedFilters::labeled).orElse("") : "";
    Rows rows = Rows.NONE;
    if (complaint.isEmpty()) {
      PersonalData personal = shell.personalData();
      OrderSlice page = orders.page(request.filter(personal), request.after(), ROWS);
      rows = Rows.of(page, asked, personal);
    }
    return Response.status(complaint.isEmpty() ? 200 : 400)
        .entity(
            Templates.transactions(
                    asked,
                    Selection.all(choices.now(), asked),
                    rows,
                    complaint.isEmpty() && request.after() == null,
                    complaint)
                .render())
        .build();
  }

  /// More rows, for a page that is there already.
  @GET
  @Path("/rows")
  public TemplateInstance more(@BeanParam ListRequest request, @Context UriInfo uri) {
    RequestedFilters asked = RequestedFilters.of(uri.getQueryParameters());
    PersonalData personal = shell.personalData();
    OrderSlice page = orders.page(request.filter(personal), request.after(), ROWS);
    return Templates.rows(Rows.of(page, asked, personal));
  }

  /// The chart and the figures, which need not be there at once.
  @GET
  @Path("/overview")
  public TemplateInstance overview(@BeanParam ListRequest request) {
    OrderFilter filter = request.filter(shell.personalData());
    Instant now = clock.instant();
    Instant to = filter.to() == null || filter.to().isAfter(now) ? now : filter.to();
    Instant wanted = filter.from() == null ? to.minus(CHARTED) : filter.from();
    Instant earliest = Chart.earliest(to);
    Instant from = wanted.isBefore(earliest) ? earliest : wanted;
    Unit unit = Chart.unit(from, to);
    Chart chart = Chart.of(figures.counts(filter.between(from, to), unit), unit, from, to);
    Instant today = now.truncatedTo(ChronoUnit.DAYS);
    List<Takings> takings = figures.takings(filter.between(today, now.plus(1, ChronoUnit.DAYS)));
    return Templates.overview(chart, takings);
  }

  /// Rows that are new or have changed, as they do.
  @GET
  @Path("/live")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public void live(@BeanParam ListRequest request, @Context SseEventSink sink, @Context Sse sse) {
    live.listen(request.filter(shell.personalData()), sink, sse);
  }

  /// A row by itself.
  static String row(ShownOrder order) {
    return Templates.row(order).render();
  }

  @CheckedTemplate(basePath = "console/transactions", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance transactions(
        RequestedFilters asked,
        List<Selection> selections,
        Rows rows,
        boolean live,
        String complaint);

    static native TemplateInstance rows(Rows rows);

    static native TemplateInstance row(ShownOrder order);

    static native TemplateInstance overview(Chart chart, List<Takings> takings);
  }
}
