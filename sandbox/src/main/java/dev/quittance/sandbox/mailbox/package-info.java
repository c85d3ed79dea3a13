/// A post office that takes every mail, and a mailbox to read it in.
@NullMarked
package dev.quittance.sandbox.mailbox;

import org.jspecify.annotations.NullMarked;
