package dev.quittance.fulfillment.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

/// All payments, and how the orders behind them stand.
@Path("/console/transactions")
@Produces("text/html; charset=utf-8")
public class TransactionsPage {

  @GET
  public TemplateInstance show() {
    return Templates.transactions();
  }

  @CheckedTemplate(basePath = "console", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance transactions();
  }
}
