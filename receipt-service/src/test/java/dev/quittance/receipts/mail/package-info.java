@NullMarked
package dev.quittance.receipts.mail;

import org.jspecify.annotations.NullMarked;
