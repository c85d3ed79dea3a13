package dev.quittance.receipts.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Receipt numbers: `{merchant}-{year}-{n}`, without gaps. The counter is part of the transaction
/// that uses its numbers: rolled back, they are given again.
final class Numbers {

  private static final String TAKE =
      """
      INSERT INTO receipt_numbers AS counter (series, year, last)
      SELECT series, ?, taken
        FROM unnest(?::text[], ?::bigint[]) AS batch (series, taken)
       ORDER BY series
      ON CONFLICT (series, year) DO UPDATE SET last = counter.last + excluded.last
      RETURNING series, last
      """;

  private Numbers() {}

  /// Takes a number for each.
  ///
  /// @param series one entry for each number wanted
  /// @return the numbers, in the same order
  static List<String> take(Connection transaction, List<String> series, int year)
      throws SQLException {
    var wanted = new TreeMap<String, Long>();
    series.forEach(one -> wanted.merge(one, 1L, Long::sum));
    Map<String, Long> next = next(transaction, wanted, year);
    var numbers = new ArrayList<String>(series.size());
    for (String one : series) {
      long number = next.merge(one, 1L, Long::sum) - 1;
      numbers.add(one + "-" + year + "-" + number);
    }
    return numbers;
  }

  private static Map<String, Long> next(Connection transaction, Map<String, Long> wanted, int year)
      throws SQLException {
    var next = new HashMap<String, Long>();
    try (PreparedStatement statement = transaction.prepareStatement(TAKE)) {
      statement.setInt(1, year);
      statement.setArray(
          2, transaction.createArrayOf("text", wanted.keySet().toArray(String[]::new)));
      statement.setArray(
          3, transaction.createArrayOf("int8", wanted.values().toArray(Long[]::new)));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String series = rows.getString(1);
          next.put(series, rows.getLong(2) - wanted.getOrDefault(series, 0L) + 1);
        }
      }
    }
    return next;
  }
}
