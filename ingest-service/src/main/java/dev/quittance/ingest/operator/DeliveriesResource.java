package dev.quittance.ingest.operator;

import dev.quittance.access.Problem;
import dev.quittance.ingest.journal.Journal;
import dev.quittance.ingest.journal.JournalEntry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What came in of late, and how much of it since this process started.
@Path("/deliveries")
@Produces(MediaType.APPLICATION_JSON)
public final class DeliveriesResource {

  /// Every outcome but `accepted`.
  private static final String REFUSED = "refused";

  private static final String ACCEPTED = "accepted";

  private static final int LIMIT_USUAL = 100;

  /// Endpoints' names and outcomes are shorter; whatever else is asked for is nobody's.
  private static final Pattern WORD = Pattern.compile("[a-z0-9_-]{1,64}");

  private final Journal journal;
  private final MeterRegistry registry;

  DeliveriesResource(Journal journal, MeterRegistry registry) {
    this.journal = journal;
    this.registry = registry;
  }

  /// @param deliveries the latest first
  /// @param counts what became of all deliveries since then; outcomes that never happened are left
  ///   out
  /// @param since when this process started
  record Deliveries(List<JournalEntry> deliveries, List<Count> counts, Instant since) {}

  /// How many deliveries had an outcome.
  record Count(String endpoint, String outcome, long count) {}

  @GET
  public Response list(
      @QueryParam("endpoint") @Nullable String endpoint,
      @QueryParam("outcome") @Nullable String outcome,
      @QueryParam("limit") @Nullable String limit) {
    int most = limit(limit);
    if (most == 0 || isNoWord(endpoint) || isNoWord(outcome)) {
      throw Problem.badRequest(
          "endpoint is a name, outcome a word such as accepted, refused or signature_wrong,"
              + " limit a number from 1 to "
              + Journal.ENTRIES_MAX
              + ".");
    }
    Predicate<JournalEntry> wanted =
        entry ->
            (endpoint == null || entry.endpoint().equals(endpoint))
                && (outcome == null
                    || (outcome.equals(REFUSED) && !entry.outcome().equals(ACCEPTED))
                    || entry.outcome().equals(outcome));
    return Response.ok(new Deliveries(journal.latest(wanted, most), counts(), since())).build();
  }

  private List<Count> counts() {
    return registry.find("quittance.webhooks.received").counters().stream()
        .map(DeliveriesResource::count)
        .filter(count -> count.count() > 0)
        .sorted(Comparator.comparing(Count::endpoint).thenComparing(Count::outcome))
        .toList();
  }

  private static Count count(Counter counter) {
    return new Count(
        String.valueOf(counter.getId().getTag("endpoint")),
        String.valueOf(counter.getId().getTag("outcome")),
        (long) counter.count());
  }

  private static Instant since() {
    return Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
  }

  private static boolean isNoWord(@Nullable String text) {
    return text != null && !WORD.matcher(text).matches();
  }

  /// 0 where it is no limit.
  private static int limit(@Nullable String text) {
    if (text == null) {
      return LIMIT_USUAL;
    }
    try {
      int limit = Integer.parseInt(text);
      return limit >= 1 && limit <= Journal.ENTRIES_MAX ? limit : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
