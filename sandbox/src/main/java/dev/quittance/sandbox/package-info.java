/// A payment provider to play with, and a mailbox to read the receipts in.
@NullMarked
package dev.quittance.sandbox;

import org.jspecify.annotations.NullMarked;
