/// What people do with mails: have them sent again, discard codes, correct receipts, plan again.
@NullMarked
package dev.quittance.receipts.actions;

import org.jspecify.annotations.NullMarked;
