@NullMarked
package dev.quittance.ingest.afterpayment;

import org.jspecify.annotations.NullMarked;
