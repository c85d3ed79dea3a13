/// A pretended system of the shop's own, which tells of its payments by Standard Webhooks.
@NullMarked
package dev.quittance.sandbox.standard;

import org.jspecify.annotations.NullMarked;
