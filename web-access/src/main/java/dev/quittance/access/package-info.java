/// Who may, for every REST resource of every service: the one place that decides, and the problem
/// documents that say so.
@NullMarked
package dev.quittance.access;

import org.jspecify.annotations.NullMarked;
