/// The configured webhook endpoints: which provider, which account, which secrets.
@NullMarked
package dev.quittance.ingest.endpoint;

import org.jspecify.annotations.NullMarked;
