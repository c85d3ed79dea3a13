/// Sends mails: claims those that are due, writes them and hands them to the mail server.
@NullMarked
package dev.quittance.receipts.mail;

import org.jspecify.annotations.NullMarked;
