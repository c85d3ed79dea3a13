/// The console: pages for support staff, each subject in a package of its own. It knows the service
/// only by its queries and commands; what callers may is decided before a page is asked.
@NullMarked
package dev.quittance.console;

import org.jspecify.annotations.NullMarked;
