/// Who may do what is nobody's but the operator's.
@NullMarked
package dev.quittance.ingest.admin;

import org.jspecify.annotations.NullMarked;
