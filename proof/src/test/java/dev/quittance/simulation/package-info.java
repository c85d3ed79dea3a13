/// A deterministic simulation of the pipeline's core: the services' own fold and receipt plan, run
/// against models of the brokers, the databases and the mail server, one step at a time, with
/// crashes, stalls, cuts, redelivery and rebalances chosen by a seed.
///
/// What the models simplify: a partition is one list without replicas, so what is acknowledged is
/// never lost by the brokers themselves; a transaction sees what is committed plus its own writes
/// (PostgreSQL's "read committed"), and blocks on rows and on inserts of the same key as PostgreSQL
/// does; the protocols of intake, relay and mail room are written down a second time here, so the
/// simulation proves the protocol and the folds, and the crash tests on real servers prove the
/// code.
@NullMarked
package dev.quittance.simulation;

import org.jspecify.annotations.NullMarked;
