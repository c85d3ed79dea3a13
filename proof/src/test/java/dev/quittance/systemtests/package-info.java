/// The whole system from outside: packaged services as processes, a real broker, a real database
/// and a real mail dialogue, asked through HTTP, topics and the mailbox only.
@NullMarked
package dev.quittance.systemtests;

import org.jspecify.annotations.NullMarked;
