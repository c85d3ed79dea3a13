/// Any system that signs by the Standard Webhooks scheme and speaks our own documented JSON.
@NullMarked
package dev.quittance.ingest.provider.standard;

import org.jspecify.annotations.NullMarked;
