package dev.parley.signaling.rules;

import dev.parley.signaling.wire.Refusal;

/** A setting of a room that is out of its bounds. Nothing was changed. */
public final class InvalidSetting extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String field;
  private final String expected;

  InvalidSetting(String field, String expected, Object value) {
    super(field + ": expected " + expected + ", not " + value);
    this.field = field;
    this.expected = expected;
  }

  /** The setting's name as in a room's JSON, for instance {@code queue.maxLength}. */
  public String field() {
    return field;
  }

  /** What it may be, for people. */
  public String expected() {
    return expected;
  }

  /** {@code bad_request}, for whoever asked for the setting. */
  public Refusal refusal() {
    return Refusal.badField(field, expected);
  }

  static void check(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InvalidSetting(field, least + ".." + most, value);
    }
  }
}
