package dev.quittance.receipts.intake;

import dev.quittance.receipts.persistence.KnownReceipts;
import dev.quittance.receipts.persistence.OrderBatches;
import dev.quittance.receipts.receipt.Grant;
import dev.quittance.receipts.receipt.ReceiptPolicy;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Plans the receipts of stored orders again, which a changed plan or fold reaches by nothing else.
/// What went out stays as it is: where the facts don't support it, it is noted for an operator.
public final class ReplanReceipts implements OrderBatches.Walk {

  private final OrderBatches orders;
  private final PlanReceipts planning;
  private final Runnable mailsAdded;

  /// @param mailsAdded is run when there may be new work for it
  public ReplanReceipts(
      OrderBatches orders, ReceiptPolicy policy, Clock clock, Runnable mailsAdded) {
    this.orders = orders;
    this.planning = new PlanReceipts(policy, clock);
    this.mailsAdded = mailsAdded;
  }

  /// Plans for the orders that come next by their ids. Repeating it changes nothing.
  ///
  /// @param after the last one of the batch before; absent to begin
  /// @param dryRun whether nothing is changed
  @Override
  public OrderBatches.Batch next(@Nullable String after, int limit, boolean dryRun) {
    OrderBatches.Batch batch =
        orders.next(
            after,
            limit,
            dryRun,
            (exchange, ids) ->
                planning
                    .plan(exchange, ids, KnownReceipts.of(exchange, ids), Map.of(), Grant.NONE)
                    .changed());
    if (!dryRun && batch.changed() > 0) {
      mailsAdded.run();
    }
    return batch;
  }
}
