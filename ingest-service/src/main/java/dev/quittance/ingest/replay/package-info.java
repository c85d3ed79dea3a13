/// Reads a range of the verbatim topic once more, because the translation was wrong or somebody
/// wants to be sure.
@NullMarked
package dev.quittance.ingest.replay;

import org.jspecify.annotations.NullMarked;
