package dev.quittance.fulfillment.console.desk;

import dev.quittance.access.Needs;
import dev.quittance.access.Role;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.deadletters.DeadLetterDesk;
import dev.quittance.deadletters.DeskUnavailable;
import dev.quittance.deadletters.LetterFilter;
import dev.quittance.deadletters.LetterId;
import dev.quittance.deadletters.Settlement;
import dev.quittance.deadletters.Tally;
import dev.quittance.fulfillment.console.desk.Confirmation.Field;
import dev.quittance.fulfillment.door.Shell;
import dev.quittance.fulfillment.store.Audit;
import dev.quittance.fulfillment.store.Audit.Person;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/// What could not be processed: to look at, to send back, or to discard. The desk itself is the one
/// that the command line uses.
@Path("/console/dead-letters")
@Produces("text/html; charset=utf-8")
@Blocking // a method that returns a template is otherwise thought not to wait for anything
public class DeadLettersPage {

  private static final int PAGE = 50;

  /// As many as a page shows, twice: more are meant by a filter, not by ticks.
  private static final int TICKED_MAX = 100;

  private static final String PATH = "/console/dead-letters";

  private static final Pattern ENTRY = Pattern.compile("[0-9]{1,18}");

  /// In the outcome, where some could not be settled.
  private static final String STAY = " stay: ";

  /// The audit's subject of what is done to many at once.
  private static final String MANY = "dead letters";

  private static final List<String> TOPICS = DeadLetterDesk.topics();

  private static final List<String> REASONS =
      Arrays.stream(DeadLetter.Why.values()).map(DeadLetter.Why::wireName).toList();

  private final DeadLetterDesk desk;
  private final Audit audit;
  private final Shell shell;

  DeadLettersPage(DeadLetterDesk desk, Audit audit, Shell shell) {
    this.desk = desk;
    this.audit = audit;
    this.shell = shell;
  }

  /// @param did the audit's entry of what was just done, whose outcome is told
  @GET
  public Response show(
      @QueryParam("topic") @Nullable String topic,
      @QueryParam("reason") @Nullable String reason,
      @QueryParam("settled") @Nullable String settled,
      @QueryParam("after") @Nullable String after,
      @QueryParam("did") @Nullable String did)
      throws SQLException {
    Optional<Asked> asked = Asked.of(topic, reason, settled);
    Optional<LetterId> from = after == null ? Optional.empty() : LetterId.parse(after);
    if (asked.isEmpty() || (after != null && from.isEmpty())) {
      return page(400, Asked.ALL, null, "There is no such topic, reason or page.", "bad");
    }
    String notice =
        did != null && ENTRY.matcher(did).matches()
            ? audit.outcome(Long.parseLong(did), MANY).orElse("")
            : "";
    return page(
        200, asked.get(), from.orElse(null), notice, notice.contains(STAY) ? "wait" : "good");
  }

  /// What was filtered for.
  private record Asked(String topic, String reason, boolean settledToo) {

    static final Asked ALL = new Asked("", "", false);

    /// Absent for what can't be filtered for.
    static Optional<Asked> of(
        @Nullable String topic, @Nullable String reason, @Nullable String settled) {
      String ofTopic = Objects.requireNonNullElse(topic, "");
      String forReason = Objects.requireNonNullElse(reason, "");
      return (ofTopic.isEmpty() || TOPICS.contains(ofTopic))
              && (forReason.isEmpty() || REASONS.contains(forReason))
          ? Optional.of(new Asked(ofTopic, forReason, "yes".equals(settled)))
          : Optional.empty();
    }

    /// The page's address with this filter.
    String address() {
      return PATH + "?topic=" + topic + "&reason=" + reason + (settledToo ? "&settled=yes" : "");
    }

    List<Field> fields() {
      return List.of(
          new Field("topic", topic),
          new Field("reason", reason),
          new Field("settled", settledToo ? "yes" : ""));
    }

    LetterFilter filter() {
      return new LetterFilter(
          topic.isEmpty() ? null : topic, reason.isEmpty() ? null : reason, null, null, settledToo);
    }

    /// Of these, what can still be settled.
    LetterFilter open() {
      return new Asked(topic, reason, false).filter();
    }

    String inWords() {
      return (topic.isEmpty() ? "all topics" : topic)
          + ", "
          + (reason.isEmpty() ? "all reasons" : "reason " + Words.plain(reason));
    }
  }

  /// Shows what a letter holds; who looked is written down.
  @POST
  @Path("/reveal")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response reveal(
      @RestForm @Nullable String one,
      @RestForm @Nullable String topic,
      @RestForm @Nullable String reason,
      @RestForm @Nullable String settled)
      throws SQLException {
    LetterId id = id(one);
    Asked asked = Asked.of(topic, reason, settled).orElse(Asked.ALL);
    try {
      var content = desk.show(id).orElseThrow(NotFoundException::new);
      audit.note(person(), "dead letter.read", id.toString(), "");
      return Response.ok(
              Templates.letter(LettersModel.whole(content), asked.address(), asked.fields())
                  .render())
          .build();
    } catch (DeskUnavailable e) {
      return page(503, asked, null, String.valueOf(e.getMessage()), "bad");
    }
  }

  @POST
  @Path("/redrive")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response redrive(
      @RestForm List<String> letter,
      @RestForm @Nullable String all,
      @RestForm @Nullable String topic,
      @RestForm @Nullable String reason,
      @RestForm @Nullable String settled,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    return settle(
        How.REDRIVE,
        letter,
        "yes".equals(all),
        Asked.of(topic, reason, settled),
        Confirmation.key(confirmed, key) != null);
  }

  @POST
  @Path("/discard")
  @Needs(Role.ADMIN)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response discard(
      @RestForm List<String> letter,
      @RestForm @Nullable String all,
      @RestForm @Nullable String topic,
      @RestForm @Nullable String reason,
      @RestForm @Nullable String settled,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    return settle(
        How.DISCARD,
        letter,
        "yes".equals(all),
        Asked.of(topic, reason, settled),
        Confirmation.key(confirmed, key) != null);
  }

  /// What is done to letters.
  private enum How {
    REDRIVE(
        "redrive",
        "Send back",
        "Each goes back to the topic and partition that it came from, and is tried again. What was"
            + " done already isn't done twice."),
    DISCARD(
        "discard",
        "Discard",
        "They'll be marked as resolved. Their content stays until the topic forgets it.");

    private final String path;
    private final String button;
    private final String sentence;

    How(String path, String button, String sentence) {
      this.path = path;
      this.button = button;
      this.sentence = sentence;
    }
  }

  private Response settle(
      How how, List<String> letters, boolean all, Optional<Asked> filter, boolean confirmed)
      throws SQLException {
    if (filter.isEmpty()) {
      return page(400, Asked.ALL, null, "There is no such topic or reason.", "bad");
    }
    Asked asked = filter.get();
    if (!all && (letters.isEmpty() || letters.size() > TICKED_MAX)) {
      return page(
          422, asked, null, "Select from 1 to " + TICKED_MAX + " messages, or take all.", "bad");
    }
    List<LetterId> ids = all ? List.of() : letters.stream().map(DeadLettersPage::id).toList();
    try {
      if (!confirmed) {
        return ask(how, ids, all, asked);
      }
      return all ? settleAll(how, asked) : settleSome(how, ids, asked);
    } catch (DeskUnavailable e) {
      return page(503, asked, null, String.valueOf(e.getMessage()), "bad");
    }
  }

  private Response ask(How how, List<LetterId> ids, boolean all, Asked asked) {
    var fields = new ArrayList<Field>();
    String count;
    if (all) {
      count = Words.number(desk.list(asked.open(), 1, null).total());
      fields.add(new Field("all", "yes"));
    } else {
      count = Words.number(ids.size());
      ids.forEach(id -> fields.add(new Field("letter", id.toString())));
    }
    fields.addAll(asked.fields());
    String letters = count + (count.equals("1") ? " failed message" : " failed messages");
    var confirmation =
        new Confirmation(
            how.button + " " + letters + "?",
            List.of(
                all ? "All that are open: " + asked.inWords() + "." : "Those you selected.",
                how.sentence),
            PATH + "/" + how.path,
            Confirmation.with(fields),
            how.button,
            how == How.DISCARD,
            asked.address());
    return Response.ok(
            OrderPage.Templates.confirm(all ? asked.inWords() : "", confirmation).render())
        .build();
  }

  private Response settleSome(How how, List<LetterId> ids, Asked asked) throws SQLException {
    long all = audit.begin(person(), "dead letters." + how.path, MANY, ids.size() + " selected");
    int settled = 0;
    int before = 0;
    var refused = new ArrayList<String>();
    String by = person().name();
    for (LetterId id : ids) {
      long entry = audit.begin(person(), "dead letter." + how.path, id.toString(), "");
      Settlement settlement =
          switch (how) {
            case REDRIVE -> desk.redrive(id, by);
            case DISCARD -> desk.discard(id, by);
          };
      switch (settlement) {
        case Settlement.Redriven _, Settlement.Discarded _ -> {
          settled++;
          audit.end(entry, Audit.DONE);
        }
        case Settlement.SettledBefore _, Settlement.Unknown _ -> {
          before++;
          audit.end(entry, "settled before");
        }
        case Settlement.Refused(var why) -> {
          refused.add(why);
          audit.end(entry, "refused: " + why);
        }
      }
    }
    return told(how, all, settled, before, refused, asked);
  }

  private Response settleAll(How how, Asked asked) throws SQLException {
    long entry = audit.begin(person(), "dead letters." + how.path, MANY, asked.inWords());
    String by = person().name();
    Tally tally =
        switch (how) {
          case REDRIVE -> desk.redriveAll(asked.open(), by, Tally.Progress.UNSEEN);
          case DISCARD -> desk.discardAll(asked.open(), by, Tally.Progress.UNSEEN);
        };
    return told(
        how,
        entry,
        tally.settled(),
        tally.before(),
        tally.refused().stream().map(Tally.Refusal::why).toList(),
        asked);
  }

  /// Goes back to the list as it was filtered, where a reload only looks again. What is told there
  /// is the audit's own word.
  private Response told(
      How how, long entry, int settled, int before, List<String> refused, Asked asked)
      throws SQLException {
    String done =
        switch (how) {
          case REDRIVE -> Words.number(settled) + " sent back.";
          case DISCARD -> Words.number(settled) + " discarded.";
        };
    String others = before == 0 ? "" : " " + Words.number(before) + " were resolved before.";
    String rest =
        refused.isEmpty() ? "" : " " + Words.number(refused.size()) + STAY + refused.getFirst();
    audit.end(entry, done + others + rest);
    return Response.seeOther(URI.create(asked.address() + "&did=" + entry)).build();
  }

  private Response page(
      int status, Asked asked, @Nullable LetterId after, String notice, String noticeTone) {
    LettersModel model;
    try {
      model =
          LettersModel.of(
              desk.list(asked.filter(), PAGE, after),
              asked.topic(),
              asked.reason(),
              asked.settledToo(),
              TOPICS,
              REASONS);
    } catch (DeskUnavailable e) {
      model = LettersModel.away(String.valueOf(e.getMessage()));
    }
    return Response.status(status)
        .entity(Templates.letters(model, notice, noticeTone).render())
        .build();
  }

  private Person person() {
    return shell.person();
  }

  private static LetterId id(@Nullable String text) {
    return LetterId.parse(Objects.requireNonNullElse(text, ""))
        .filter(id -> TOPICS.contains(id.topic()))
        .orElseThrow(NotFoundException::new);
  }

  @CheckedTemplate(basePath = "desk", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance letters(LettersModel model, String notice, String noticeTone);

    static native TemplateInstance letter(
        LettersModel.Whole whole, String back, List<Field> filter);
  }
}
