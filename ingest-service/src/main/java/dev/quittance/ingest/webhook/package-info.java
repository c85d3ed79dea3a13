/// Takes a delivery, has its signature checked and its bytes published, and answers.
@NullMarked
package dev.quittance.ingest.webhook;

import org.jspecify.annotations.NullMarked;
