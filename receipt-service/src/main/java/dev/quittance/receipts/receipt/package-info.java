/// Receipts as such: which ones a payment's facts call for, and how each comes to its end. Plain
/// Java: no Kafka, no SQL, no HTTP, no mail.
@NullMarked
package dev.quittance.receipts.receipt;

import org.jspecify.annotations.NullMarked;
