/// Real Kafka and real PostgreSQL as embedded processes, and the launcher's commands.
@NullMarked
package dev.quittance.testkit;

import org.jspecify.annotations.NullMarked;
