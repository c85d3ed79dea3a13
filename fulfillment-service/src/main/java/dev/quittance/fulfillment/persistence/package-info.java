/// The database: orders under their locks, what pages and REST read, and the tables beside them.
@NullMarked
package dev.quittance.fulfillment.persistence;

import org.jspecify.annotations.NullMarked;
