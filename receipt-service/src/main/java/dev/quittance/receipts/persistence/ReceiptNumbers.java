package dev.quittance.receipts.persistence;

/// Gives receipts their numbers, `{series}-{year}-{n}`: without gaps, since the counter is part of
/// the transaction, and in the order in which they were due. The counter's row is locked until the
/// commit, and another one's numbers of the same series wait for that.
final class ReceiptNumbers {

  /// Part of a `WITH`, behind `unnumbered (id, series, due)`: makes `given (id, number)`. Takes the
  /// year.
  static final String GIVEN =
      """
      counters AS (
             INSERT INTO receipt_numbers AS counter (series, year, last)
             SELECT series, ?, count(*) FROM unnumbered GROUP BY series ORDER BY series
             ON CONFLICT (series, year) DO UPDATE SET last = counter.last + excluded.last
             RETURNING series, year, last),
           given AS (
             SELECT id,
                    concat_ws('-', series, year, last + 1 - row_number() OVER (PARTITION BY series ORDER BY due DESC, id DESC)) AS number
               FROM unnumbered JOIN counters USING (series))\
      """;

  private ReceiptNumbers() {}
}
