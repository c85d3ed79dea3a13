/// A small shop, and the hosted checkouts where its customers pay with test cards.
@NullMarked
package dev.quittance.sandbox.shop;

import org.jspecify.annotations.NullMarked;
