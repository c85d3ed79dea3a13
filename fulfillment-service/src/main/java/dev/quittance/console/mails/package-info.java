/// The pages of mails that failed and of receipts that are wrong.
@NullMarked
package dev.quittance.console.mails;

import org.jspecify.annotations.NullMarked;
