/// Real Kafka and real PostgreSQL as embedded processes, and the launcher's commands.
@NullMarked
package dev.quittance.localstack;

import org.jspecify.annotations.NullMarked;
