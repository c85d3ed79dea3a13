/// All payments, and what can still happen to them: refunds, disputes, debits on their way.
@NullMarked
package dev.quittance.sandbox.payments;

import org.jspecify.annotations.NullMarked;
