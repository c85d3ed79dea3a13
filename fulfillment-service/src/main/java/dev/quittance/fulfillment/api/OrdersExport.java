package dev.quittance.fulfillment.api;

import dev.quittance.access.Caller;
import dev.quittance.access.Problem;
import dev.quittance.access.Role;
import dev.quittance.contracts.OrderView;
import dev.quittance.fulfillment.access.PageFrame;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.persistence.OrderFilter;
import dev.quittance.fulfillment.persistence.OrderQueries;
import dev.quittance.fulfillment.persistence.OrderSlice;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A filtered list of orders as CSV: as long as it is, read page by page while it is written, so
/// that neither its length nor a slow reader costs memory or holds a transaction open.
@Path("/orders.csv")
@Produces(OrdersExport.CSV)
public class OrdersExport {

  private static final Logger LOG = LoggerFactory.getLogger(OrdersExport.class);

  static final String CSV = "text/csv";

  /// What is in memory at a time: some 2 MB, and a query each is cheap.
  private static final int PAGE = 500;

  /// Each holds a thread for as long as its reader takes.
  private static final int AT_ONCE_MAX = 8;

  private static final int RETRY_AFTER_SECONDS = 30;

  private static final int BROKEN_OFF = -1;

  private final OrderQueries orders;
  private final Audit audit;
  private final PageFrame shell;
  private final CurrentVertxRequest current;
  private final Semaphore places = new Semaphore(AT_ONCE_MAX);

  OrdersExport(OrderQueries orders, Audit audit, PageFrame shell, CurrentVertxRequest current) {
    this.orders = orders;
    this.audit = audit;
    this.shell = shell;
    this.current = current;
  }

  @GET
  public Response export(
      @BeanParam ListRequest request, @QueryParam("personal") @Nullable String personal)
      throws SQLException {
    boolean inFull = wantsPersonal(personal, shell.known());
    PersonalData seen = inFull ? PersonalData.SHOWN : PersonalData.MASKED;
    OrderFilter filter = request.filter(shell.personalData());
    if (!places.tryAcquire()) {
      return Problem.of(503, "too_many_exports", "Too many lists are being exported.")
          .response(RETRY_AFTER_SECONDS);
    }
    // Whatever ends the answer: its last page, a first page that fails, a HEAD, a reader who is
    // gone.
    releasedAtTheEnd(current.getCurrent());
    // The first page is read before the answer begins: what is wrong can still be told then.
    OrderSlice first = orders.page(filter, null, PAGE);
    Long entry =
        inFull
            ? audit.begin(shell.person(), "customers.exported", "orders", request.inWords())
            : null;
    return Response.ok(
            (StreamingOutput)
                output -> {
                  int written = BROKEN_OFF;
                  try {
                    written = write(output, seen, filter, first);
                  } finally {
                    ended(entry, written);
                  }
                })
        .header("Content-Type", CSV + "; charset=UTF-8; header=present")
        .header("Content-Disposition", "attachment; filename=\"orders.csv\"")
        .header("Cache-Control", "no-store")
        .build();
  }

  /// A connection that is closed already tells nobody of its end.
  private void releasedAtTheEnd(RoutingContext request) {
    var held = new AtomicBoolean(true);
    Runnable release =
        () -> {
          if (held.compareAndSet(true, false)) {
            places.release();
          }
        };
    request.addEndHandler(_ -> release.run());
    if (request.response().closed() || request.response().ended()) {
      release.run();
    }
  }

  /// Whom a payment came from is asked for expressly, and only by those who act on orders.
  static boolean wantsPersonal(@Nullable String personal, Caller caller) {
    if (personal == null || personal.isBlank() || personal.equals("false")) {
      return false;
    }
    if (!personal.equals("true")) {
      throw Problem.badRequest("personal is true or false.");
    }
    if (!caller.may(Role.OPERATOR)) {
      throw Problem.of(403, "forbidden", "Personal data is for operators.").exception();
    }
    return true;
  }

  /// What a reader breaks off stays `begun`: how much they have of it can't be known.
  private void ended(@Nullable Long entry, int written) {
    if (entry == null || written == BROKEN_OFF) {
      return;
    }
    try {
      audit.end(entry, Audit.DONE + ", " + written + " orders");
    } catch (SQLException e) {
      LOG.warn("export.not_written_down sqlState={}", e.getSQLState());
    }
  }

  /// @return how many orders
  private int write(OutputStream output, PersonalData seen, OrderFilter filter, OrderSlice first)
      throws IOException {
    List<OrderColumn> columns = OrderColumn.of(seen);
    output.write(OrderColumn.titles(columns).getBytes(StandardCharsets.UTF_8));
    OrderSlice page = first;
    int written = 0;
    while (true) {
      var lines = new StringBuilder();
      for (OrderView order : page.orders()) {
        lines.append(OrderColumn.line(columns, seen.in(order)));
      }
      output.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      written += page.orders().size();
      OrderSlice.Place next = page.next();
      if (next == null) {
        return written;
      }
      page = orders.page(filter, next, PAGE);
    }
  }
}
