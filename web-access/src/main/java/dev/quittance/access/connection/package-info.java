/// What a connection may take before anybody knows who is behind it.
@NullMarked
package dev.quittance.access.connection;

import org.jspecify.annotations.NullMarked;
