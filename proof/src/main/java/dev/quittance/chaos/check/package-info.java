/// The judge: knows the history and the documents, and nothing of the services' code.
@NullMarked
package dev.quittance.chaos.check;

import org.jspecify.annotations.NullMarked;
