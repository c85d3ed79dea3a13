package dev.quittance.receipts.receipt;

import java.util.List;

/// Whoever sends mails, as those see it who write them. What it has room for goes to it at once,
/// claimed by the transaction that wrote it; what waits in the table, it has to look for.
@FunctionalInterface
public interface DirectDispatch {

  /// Says that there may be new mails in the table.
  void wake();

  /// How many receipts may be claimed right now by those who write them.
  default Grant grant() {
    return Grant.NONE;
  }

  /// Takes over what was claimed under a grant, once that is committed. Whoever dies before leaves
  /// the mails to whoever looks when their lease has run out.
  default void take(List<ClaimedMail> claimed) {
    throw new IllegalStateException("nothing was granted");
  }
}
