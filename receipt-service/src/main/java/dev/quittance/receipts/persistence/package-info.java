/// The only room that knows the database: facts, receipts, numbers and leases. Batches are one
/// statement each, with arrays.
@NullMarked
package dev.quittance.receipts.persistence;

import org.jspecify.annotations.NullMarked;
