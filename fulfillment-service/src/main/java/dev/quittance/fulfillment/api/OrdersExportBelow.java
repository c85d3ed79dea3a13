package dev.quittance.fulfillment.api;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// The export below the path that gateways route: they compare whole segments, and `/orders.csv` is
/// not below `/orders`.
@Path("/orders/export.csv")
@Produces(OrdersExport.CSV)
public class OrdersExportBelow {

  private final OrdersExport export;

  OrdersExportBelow(OrdersExport export) {
    this.export = export;
  }

  @GET
  public Response export(
      @BeanParam ListRequest request, @QueryParam("personal") @Nullable String personal)
      throws SQLException {
    return export.export(request, personal);
  }
}
