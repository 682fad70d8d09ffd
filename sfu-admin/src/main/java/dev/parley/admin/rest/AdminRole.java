package dev.parley.admin.rest;

import java.util.Locale;

/** What the holder of a token may do on the operator's port. */
public enum AdminRole {
  /** Looks, and changes nothing. */
  READ,
  /** Looks and changes. */
  OPERATE;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }

  /** Whether somebody who may do this may do what needs the other. */
  public boolean covers(AdminRole needed) {
    return compareTo(needed) >= 0;
  }
}
