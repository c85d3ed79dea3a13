@NullMarked
package dev.quittance.access.connection;

import org.jspecify.annotations.NullMarked;
