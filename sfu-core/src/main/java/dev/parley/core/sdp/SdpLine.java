package dev.parley.core.sdp;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaException.Code;
import java.util.ArrayList;
import java.util.List;

/**
 * One line {@code type=value} of a description, with its number for error messages.
 *
 * @param number from 1
 */
record SdpLine(int number, char type, String value) {
  private static final int MAX_TEXT = 512 * 1024;
  private static final int MAX_LINE = 8 * 1024;
  private static final int SHOWN = 80;

  /**
   * Lines end with CRLF, or LF alone (RFC 8866 section 5); empty lines may follow the last one.
   *
   * @throws MediaException {@code SDP_INVALID}
   */
  static List<SdpLine> split(String text) {
    if (text.length() > MAX_TEXT) {
      throw new MediaException(
          Code.SDP_INVALID,
          "the description has %d characters; at most %d are read"
              .formatted(text.length(), MAX_TEXT));
    }
    List<SdpLine> lines = new ArrayList<>();
    int emptyLine = 0;
    int number = 0;
    for (int start = 0; start < text.length(); ) {
      int newline = text.indexOf('\n', start);
      int next = newline < 0 ? text.length() : newline + 1;
      int end = newline < 0 ? text.length() : newline;
      if (end > start && text.charAt(end - 1) == '\r') {
        end--;
      }
      number++;
      if (start == end) {
        emptyLine = emptyLine == 0 ? number : emptyLine;
      } else if (emptyLine != 0) {
        throw new MediaException(Code.SDP_INVALID, "line " + emptyLine + " is empty");
      } else {
        lines.add(line(number, text.substring(start, Math.min(end, start + MAX_LINE + 1))));
      }
      start = next;
    }
    return lines;
  }

  private static SdpLine line(int number, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' && text.charAt(i) != '\t') {
        throw new MediaException(
            Code.SDP_INVALID,
            "line %d has the control character 0x%02x".formatted(number, (int) text.charAt(i)));
      }
    }
    if (text.length() < 2
        || text.charAt(1) != '='
        || text.charAt(0) < 'a'
        || text.charAt(0) > 'z') {
      throw new MediaException(
          Code.SDP_INVALID,
          "line %d is not of the form x=value: \"%s\"".formatted(number, shown(text)));
    }
    SdpLine line = new SdpLine(number, text.charAt(0), text.substring(2));
    if (text.length() > MAX_LINE) {
      throw line.invalid("longer than " + MAX_LINE + " characters");
    }
    return line;
  }

  /** Of {@code a=name:argument} the name. */
  String attribute() {
    int colon = value.indexOf(':');
    return colon < 0 ? value : value.substring(0, colon);
  }

  /**
   * Of {@code a=name:argument} the argument without surrounding spaces; empty when there is none.
   */
  String argument() {
    int colon = value.indexOf(':');
    return colon < 0 ? "" : value.substring(colon + 1).strip();
  }

  /** The argument's words, at least {@code least}. */
  List<String> words(int least, String form) {
    List<String> words = split(argument(), ' ');
    if (words.size() < least) {
      throw invalid("expected " + form);
    }
    return words;
  }

  /** The non-empty parts of a text. */
  static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    for (int start = 0; start <= text.length(); ) {
      int end = text.indexOf(separator, start);
      if (end < 0) {
        end = text.length();
      }
      String part = text.substring(start, end).strip();
      if (!part.isEmpty()) {
        parts.add(part);
      }
      start = end + 1;
    }
    return parts;
  }

  /** A decimal number of a line, checked. */
  int integer(String text, int least, int most, String what) {
    return (int) number(text, least, most, what);
  }

  /** A decimal number of a line, checked. */
  long number(String text, long least, long most, String what) {
    long n = decimal(text);
    if (n < least || n > most) {
      throw invalid("%s is not a number from %d to %d".formatted(what, least, most));
    }
    return n;
  }

  /** A decimal number that may be longer than a {@code long}. */
  String digits(String text, String what) {
    if (text.length() > 64 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw invalid(what + " is not a number");
    }
    return text;
  }

  /** {@code -1} for what is no decimal number below 10^18. */
  static long decimal(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return -1;
    }
    long n = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      n = n * 10 + digit;
    }
    return n;
  }

  /** A word of RFC 8866's {@code token} characters. */
  String token(String text, int most, String what) {
    boolean good = !text.isEmpty() && text.length() <= most;
    for (int i = 0; good && i < text.length(); i++) {
      char c = text.charAt(i);
      good = c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]".indexOf(c) < 0;
    }
    if (!good) {
      throw invalid("%s is not a token of 1 to %d characters".formatted(what, most));
    }
    return text;
  }

  /** Adds to a list that has a limit. */
  <T> void add(List<T> list, T item, int most, String what) {
    if (list.size() >= most) {
      throw invalid("more than %d %s".formatted(most, what));
    }
    list.add(item);
  }

  /** The error for this line. */
  MediaException invalid(String reason) {
    return new MediaException(
        Code.SDP_INVALID,
        "line %d: %s: \"%s\"".formatted(number, reason, shown(type + "=" + value)));
  }

  /** Passwords stay out of messages, which end up in logs. */
  private static String shown(String text) {
    if (text.startsWith("a=ice-pwd")) {
      return "a=ice-pwd:…";
    }
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
