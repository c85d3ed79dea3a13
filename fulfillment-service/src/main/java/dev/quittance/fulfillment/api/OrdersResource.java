package dev.quittance.fulfillment.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.access.Caller;
import dev.quittance.access.Needs;
import dev.quittance.access.Problem;
import dev.quittance.access.RequestReader;
import dev.quittance.access.Role;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.access.PageFrame;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.persistence.OrderQueries;
import dev.quittance.fulfillment.persistence.OrderSlice;
import dev.quittance.fulfillment.persistence.StoredAnswer;
import dev.quittance.fulfillment.persistence.TimelineEntry;
import dev.quittance.fulfillment.usecase.CommandResult;
import dev.quittance.fulfillment.usecase.EraseCustomer;
import dev.quittance.fulfillment.usecase.HandleCommand;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The orders: to find, to follow, and to act on.
@Path("/orders")
@Produces(MediaType.APPLICATION_JSON)
public class OrdersResource {

  private static final Logger LOG = LoggerFactory.getLogger(OrdersResource.class);

  private static final String KEY = "Idempotency-Key";

  private final OrderQueries orders;
  private final HandleCommand commands;
  private final EraseCustomer customers;
  private final Audit audit;
  private final PageFrame shell;

  OrdersResource(
      OrderQueries orders,
      HandleCommand commands,
      EraseCustomer customers,
      Audit audit,
      PageFrame shell) {
    this.orders = orders;
    this.commands = commands;
    this.customers = customers;
    this.audit = audit;
    this.shell = shell;
  }

  /// A page of orders.
  ///
  /// @param next where the next page begins; absent on the last one
  record OrderList(List<OrderView> orders, @Nullable String next) {}

  /// What happened to an order.
  record Timeline(List<TimelineEntry> events) {}

  /// The return page's token may ask for one checkout's order, and for nothing else.
  @GET
  @Needs(Role.RETURN_PAGE)
  public Response list(@BeanParam ListRequest request) throws SQLException {
    Caller caller = shell.known();
    if (!caller.may(Role.VIEWER) && !request.isOneCheckout()) {
      throw Problem.of(
              403, "forbidden", "This token may look up the order of one checkout, no more.")
          .exception();
    }
    PersonalData personal = shell.personalData();
    OrderSlice page = orders.page(request.filter(personal), request.after(), request.limit());
    noteInFull("customers.read", "orders", page.orders().size() + " orders");
    String next = page.next() == null ? null : page.next().text();
    List<OrderView> seen = page.orders().stream().map(personal::in).toList();
    return json(200, WireFormat.write(new OrderList(seen, next)));
  }

  @GET
  @Path("/{id}")
  public Response order(@PathParam("id") String id, @QueryParam("asOf") @Nullable String asOf)
      throws SQLException {
    OrderId orderId = Requests.orderId(id);
    Instant moment = Requests.instant("asOf", asOf);
    OrderView view =
        (moment == null ? orders.view(orderId) : orders.view(orderId, moment))
            .orElseThrow(() -> Requests.noSuchOrder().exception());
    noteInFull("customer.read", orderId.value(), "");
    ObjectNode answer = WireFormat.mapper().valueToTree(shell.personalData().in(view));
    List<OrderId> duplicates = moment == null ? orders.duplicates(orderId) : List.of();
    duplicates.forEach(duplicate -> answer.withArray("duplicates").add(duplicate.value()));
    return json(200, WireFormat.write(answer));
  }

  /// Whoever may see customers in full sees them here without asking: it is written down, as on the
  /// pages. Not of what shares a token, or this machine: those are programs that ask all day.
  private void noteInFull(String action, String subject, String detail) throws SQLException {
    Caller caller = shell.known();
    if (caller.may(Role.OPERATOR) && caller.way().personal()) {
      audit.note(shell.person(), action, subject, detail);
    }
  }

  @GET
  @Path("/{id}/events")
  public Response events(@PathParam("id") String id) throws SQLException {
    OrderId orderId = Requests.orderId(id);
    List<TimelineEntry> events = orders.timeline(orderId, shell.personalData());
    if (events.isEmpty()) {
      throw Requests.noSuchOrder().exception();
    }
    noteInFull("events.read", orderId.value(), "");
    return json(200, WireFormat.write(new Timeline(events)));
  }

  @POST
  @Path("/{id}/fulfillments")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response fulfill(
      @PathParam("id") String id, @HeaderParam(KEY) @Nullable String key, byte @Nullable [] body)
      throws SQLException {
    var command = Requests.command(body, FulfillmentCommand.Complete.class);
    return perform(
        id,
        key,
        command,
        taken ->
            new StoredAnswer(
                201, WireFormat.write(Fulfillment.of(taken.command(), command, taken.order()))));
  }

  @POST
  @Path("/{id}/hold")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response hold(
      @PathParam("id") String id, @HeaderParam(KEY) @Nullable String key, byte @Nullable [] body)
      throws SQLException {
    return perform(
        id, key, Requests.command(body, FulfillmentCommand.Hold.class), OrdersResource::order);
  }

  @POST
  @Path("/{id}/release")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response release(
      @PathParam("id") String id, @HeaderParam(KEY) @Nullable String key, byte @Nullable [] body)
      throws SQLException {
    return perform(
        id, key, Requests.command(body, FulfillmentCommand.Release.class), OrdersResource::order);
  }

  @POST
  @Path("/{id}/reverse")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response reverse(
      @PathParam("id") String id, @HeaderParam(KEY) @Nullable String key, byte @Nullable [] body)
      throws SQLException {
    return perform(
        id, key, Requests.command(body, FulfillmentCommand.Reverse.class), OrdersResource::order);
  }

  /// What remains of the order is answered by reading it.
  @DELETE
  @Needs(Role.ADMIN)
  @Path("/{id}/customer")
  public Response erase(@PathParam("id") String id) throws SQLException {
    OrderId order = Requests.orderId(id);
    if (!customers.erase(shell.person(), order)) {
      throw Requests.noSuchOrder().exception();
    }
    LOG.info("customer.erased order={}", order);
    return Response.noContent().build();
  }

  private static StoredAnswer order(CommandResult.Taken taken) {
    return new StoredAnswer(200, WireFormat.write(taken.order()));
  }

  private static StoredAnswer answer(Problem problem) {
    return new StoredAnswer(problem.status(), WireFormat.write(problem));
  }

  private Response perform(
      String id,
      @Nullable String key,
      FulfillmentCommand command,
      Function<CommandResult.Taken, StoredAnswer> taken)
      throws SQLException {
    StoredAnswer answer =
        commands.perform(
            shell.person(),
            Requests.orderId(id),
            command,
            "",
            RequestReader.idempotencyKey(key),
            performed ->
                switch (performed) {
                  case CommandResult.Taken done -> taken.apply(done);
                  case CommandResult.Refused(var refusal) ->
                      answer(Problem.of(409, refusal.code(), refusal.sentence()));
                  case CommandResult.NoSuchOrder() -> answer(Requests.noSuchOrder());
                  case CommandResult.KeyReused() -> answer(RequestReader.KEY_REUSED);
                });
    return json(answer.status(), answer.body());
  }

  private static Response json(int status, byte[] body) {
    return Response.status(status)
        .type(status < 400 ? MediaType.APPLICATION_JSON_TYPE : Problem.MEDIA_TYPE)
        .entity(body)
        .build();
  }
}
