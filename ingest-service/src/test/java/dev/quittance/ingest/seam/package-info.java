/// What a provider may be like, shown by made-up ones over HTTP.
@NullMarked
package dev.quittance.ingest.seam;

import org.jspecify.annotations.NullMarked;
