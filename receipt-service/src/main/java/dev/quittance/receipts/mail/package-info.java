/// The mail room: claims receipts that are due, puts them into letters and hands these to the mail
/// server.
@NullMarked
package dev.quittance.receipts.mail;

import org.jspecify.annotations.NullMarked;
