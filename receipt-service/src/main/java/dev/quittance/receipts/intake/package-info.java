/// Where payment events come in: the one place that acknowledges them. It writes down what they
/// call for and sends nothing, so that a mail server's bad day doesn't hold up the topic.
@NullMarked
package dev.quittance.receipts.intake;

import org.jspecify.annotations.NullMarked;
