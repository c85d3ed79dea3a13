/// Who may, for every HTTP door of every service: the one place that decides, and the problem
/// documents that say so.
@NullMarked
package dev.quittance.access;

import org.jspecify.annotations.NullMarked;
