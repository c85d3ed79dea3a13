/// Who comes in, and what they may: signing in, roles, protection against forged requests. The one
/// place that decides.
@NullMarked
package dev.quittance.fulfillment.access;

import org.jspecify.annotations.NullMarked;
