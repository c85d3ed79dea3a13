/// The page that customers return to after the checkout: shows how their order stands.
@NullMarked
package dev.quittance.ingest.afterpayment;

import org.jspecify.annotations.NullMarked;
