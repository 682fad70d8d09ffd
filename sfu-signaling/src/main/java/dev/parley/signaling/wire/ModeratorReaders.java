package dev.parley.signaling.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the requests of moderators. */
final class ModeratorReaders {
  private static final Pattern TICKET = Pattern.compile("^qt_[A-Za-z0-9]{1,61}$");
  static final int MAX_TEXT = 200;
  private static final int MOST_TICKETS = 1000;
  static final int LONGEST_SEC = 7 * 86_400;

  private static final Map<String, Role> ROLES = roles();

  private ModeratorReaders() {}

  static void addTo(Map<String, Function<Fields, Request>> readers) {
    readers.put(
        "mod.mute",
        fields ->
            new Moderation.Mute(participant(fields), fields.word("source", RequestCodec.SOURCES)));
    readers.put(
        "mod.muteAll",
        fields -> new Moderation.MuteAll(fields.word("source", RequestCodec.SOURCES)));
    readers.put(
        "mod.kick",
        fields ->
            new Moderation.Kick(
                participant(fields),
                fields.integer("banSec", 0, LONGEST_SEC).orElse(0),
                text(fields, "reason")));
    readers.put("mod.lock", fields -> new Moderation.Lock(requiredFlag(fields, "locked")));
    readers.put(
        "mod.role",
        fields ->
            new Moderation.ChangeRole(
                participant(fields), fields.requiredWord("role", ROLES).orElse(Role.VIEWER)));
    readers.put("mod.end", fields -> new Moderation.End(text(fields, "reason")));
    readers.put("mod.admit", ModeratorReaders::admit);
    readers.put(
        "mod.deny",
        fields ->
            new Moderation.Deny(fields.requiredMatch("ticketId", TICKET), text(fields, "text")));
    readers.put(
        "mod.hold",
        fields ->
            new Moderation.Hold(
                fields.requiredMatch("ticketId", TICKET), requiredFlag(fields, "held")));
    readers.put("mod.priority", ModeratorReaders::reorder);
    readers.put(
        "mod.toQueue",
        fields -> new Moderation.ToQueue(participant(fields), fields.flag("head").orElse(false)));
    readers.put(
        "timer.set",
        fields -> new TimerControl.Set(fields.requiredInteger("durationSec", 1, LONGEST_SEC)));
    readers.put("timer.start", fields -> new TimerControl.Start());
    readers.put("timer.pause", fields -> new TimerControl.Pause(requiredFlag(fields, "paused")));
    readers.put(
        "timer.extend",
        fields -> new TimerControl.Extend(fields.requiredInteger("sec", 1, LONGEST_SEC)));
  }

  private static Request admit(Fields fields) {
    OptionalInt count = fields.integer("count", 1, MOST_TICKETS);
    boolean next = fields.flag("next").orElse(false);
    boolean all = fields.flag("all").orElse(false);
    boolean one = fields.has("ticketId");
    int ways = (count.isPresent() ? 1 : 0) + (next ? 1 : 0) + (all ? 1 : 0) + (one ? 1 : 0);
    if (ways != 1) {
      fields.complain("ticketId", "a ticket, or one of next, all and count instead");
    }
    if (one) {
      return new Moderation.Admit(
          new Moderation.Admit.Who.Ticket(fields.requiredMatch("ticketId", TICKET)));
    }
    return new Moderation.Admit(
        all ? new Moderation.Admit.Who.All() : new Moderation.Admit.Who.Count(count.orElse(1)));
  }

  private static Request reorder(Fields fields) {
    OptionalInt priority = fields.integer("priority", 0, 9);
    OptionalInt position = fields.integer("position", 1, MOST_TICKETS);
    if (priority.isPresent() == position.isPresent()) {
      fields.complain("priority", "an integer from 0 to 9, or position instead");
    }
    return new Moderation.Reorder(fields.requiredMatch("ticketId", TICKET), priority, position);
  }

  private static String participant(Fields fields) {
    return fields.requiredMatch("participantId", RequestCodec.PARTICIPANT_ID);
  }

  private static String text(Fields fields, String name) {
    return fields.plainText(name, MAX_TEXT).orElse("");
  }

  private static boolean requiredFlag(Fields fields, String name) {
    if (!fields.has(name)) {
      fields.complain(name, "true or false");
    }
    return fields.flag(name).orElse(false);
  }

  private static Map<String, Role> roles() {
    Map<String, Role> roles = new LinkedHashMap<>();
    for (Role role : Role.values()) {
      roles.put(role.wireName(), role);
    }
    return roles;
  }
}
