/// The page of webhooks: endpoints, deliveries, a tester, the going-live checklist.
@NullMarked
package dev.quittance.console.webhooks;

import org.jspecify.annotations.NullMarked;
