package dev.parley.admin.quality;

import java.util.Locale;
import java.util.Map;

/** Findings in English sentences; pages have their own in each language. */
final class PlainWords {
  private PlainWords() {}

  static String of(Blame blame, int sharePercent, Map<String, Double> values) {
    String time = sharePercent >= 95 ? "All the time" : "For " + sharePercent + " % of the time";
    return time
        + " "
        + switch (blame.cause()) {
          case SERVER_OVERLOAD ->
              "the server had more to do than it can. Look at its load: fewer people on it, or more"
                  + " processors.";
          case INTERRUPTED ->
              "nothing came through: the connection was gone. A change of network or a dead Wi-Fi"
                  + " looks like this.";
          case LOSS_DOWN ->
              "%s %% of what the server sent was lost on the way to this person (%s %% at worst). Weak Wi-Fi or a crowded line: cable, or nearer to the router."
                  .formatted(number(values, "lossPercent"), number(values, "lossMostPercent"));
          case LOSS_UP ->
              "%s %% of what this person sent was lost on the way to the server (%s %% at worst). Weak Wi-Fi or a crowded line: cable, or nearer to the router."
                  .formatted(number(values, "lossPercent"), number(values, "lossMostPercent"));
          case LOW_BANDWIDTH_DOWN ->
              "this person's line took %s Mbit/s, and what was to be shown needs %s. Somebody else may use the line; fewer or smaller pictures help."
                  .formatted(megabits(values, "estimateBps"), megabits(values, "wantedBps"));
          case LOW_BANDWIDTH_UP ->
              "this person's line was too slow for its own video: %s Mbit/s arrived."
                  .formatted(megabits(values, "receivedBps"));
          case SENDER_CPU ->
              "this person's device was too slow for the video that it sends. Close other programs,"
                  + " turn off background effects, or send a smaller picture.";
          case SOURCE ->
              "what %s sent was bad already: %s."
                  .formatted(blame.participantId().orElse(""), theirs(blame));
          case HIGH_DELAY ->
              "there and back took %s ms: people talk into each other. A VPN, a distant server, or a line with full buffers."
                  .formatted(number(values, "roundTripMs"));
          case JITTER ->
              "sound came unevenly, by %s ms. Wi-Fi, or a line that others use."
                  .formatted(number(values, "jitterMs"));
          case TCP_PATH ->
              "media went by TCP, since no UDP came through: each loss holds up all that follows."
                  + " Open UDP to this server in the firewall.";
          case RELAY_PATH ->
              "media went over a relay, since no direct way came through. It works, with some delay"
                  + " more.";
        };
  }

  private static String theirs(Blame blame) {
    return switch (blame.theirs().orElse(Cause.INTERRUPTED)) {
      case LOSS_UP -> "it was lost on the way to the server";
      case LOW_BANDWIDTH_UP -> "the line there is too slow for it";
      case SENDER_CPU -> "the device there is too slow for it";
      case INTERRUPTED,
          SERVER_OVERLOAD,
          LOSS_DOWN,
          LOW_BANDWIDTH_DOWN,
          SOURCE,
          HIGH_DELAY,
          JITTER,
          TCP_PATH,
          RELAY_PATH ->
          "the connection there was gone";
    };
  }

  private static String number(Map<String, Double> values, String name) {
    double value = values.getOrDefault(name, 0.0);
    return value == Math.rint(value)
        ? Long.toString(Math.round(value))
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private static String megabits(Map<String, Double> values, String name) {
    return String.format(Locale.ROOT, "%.1f", values.getOrDefault(name, 0.0) / 1e6);
  }
}
