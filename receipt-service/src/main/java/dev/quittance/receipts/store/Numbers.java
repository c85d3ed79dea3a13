package dev.quittance.receipts.store;

import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
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
  static List<String> take(Exchange exchange, List<String> series, int year) throws SQLException {
    var wanted = new TreeMap<String, Long>();
    series.forEach(one -> wanted.merge(one, 1L, Long::sum));
    Map<String, Long> next = next(exchange, wanted, year);
    var numbers = new ArrayList<String>(series.size());
    for (String one : series) {
      long number = next.merge(one, 1L, Long::sum) - 1;
      numbers.add(one + "-" + year + "-" + number);
    }
    return numbers;
  }

  private static Map<String, Long> next(Exchange exchange, Map<String, Long> wanted, int year)
      throws SQLException {
    Parameters parameters =
        Parameters.none()
            .number(year)
            .column(wanted.entrySet())
            .text(Map.Entry::getKey)
            .longs(Map.Entry::getValue)
            .end();
    var next = new HashMap<String, Long>();
    for (Map.Entry<String, Long> last :
        exchange.ask(TAKE, parameters, row -> Map.entry(row.getString(1), row.getLong(2))).rows()) {
      String series = last.getKey();
      next.put(series, last.getValue() - wanted.getOrDefault(series, 0L) + 1);
    }
    return next;
  }
}
