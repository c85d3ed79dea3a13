/// Puts webhooks on the verbatim topic, byte for byte, and says truly whether they are safe there.
@NullMarked
package dev.quittance.ingest.publish;

import org.jspecify.annotations.NullMarked;
