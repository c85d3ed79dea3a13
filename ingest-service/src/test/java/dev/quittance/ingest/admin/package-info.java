@NullMarked
package dev.quittance.ingest.admin;

import org.jspecify.annotations.NullMarked;
