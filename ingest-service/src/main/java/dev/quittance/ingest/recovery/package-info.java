/// Asks the providers for events that never reached us and puts them on the way that webhooks take.
@NullMarked
package dev.quittance.ingest.recovery;

import org.jspecify.annotations.NullMarked;
