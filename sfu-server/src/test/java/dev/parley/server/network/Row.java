package dev.parley.server.network;

import dev.parley.server.browser.DistantCaller;
import java.util.Locale;

/** One row of the matrix: Ann and Ben in a room of their own, and what is printed of it. */
record Row(String name, Lab lab, Site site) {
  /** Both enter, and wait until each sees and hears the other. */
  static Row meet(String name, Lab lab, Site site) {
    Row row = new Row(name, lab, site);
    String room = Lab.newRoom();
    try {
      row.ann().enter(Lab.page(Lab.IPV4), room);
      row.ben().enter(site.page(), room);
      row.seeEachOther();
    } catch (RuntimeException | AssertionError failure) {
      row.ben().keep(Lab.FOLDER, name);
      row.ann().keep(Lab.FOLDER, name);
      throw failure;
    }
    row.tell(
        "first picture after %d ms, %s".formatted(row.ben().firstPictureMs(), row.ben().way()));
    return row;
  }

  DistantCaller ann() {
    return lab.ann();
  }

  DistantCaller ben() {
    return site.ben();
  }

  void seeEachOther() {
    ben().seesAndHears(ann());
    ann().seesAndHears(ben());
  }

  /** Begins to measure how long pictures stand still, on both sides. */
  void watch() {
    ann().watch();
    ben().watch();
  }

  double longestGapMs() {
    return Math.max(ann().longestGapMs(), ben().longestGapMs());
  }

  void tell(String what) {
    System.out.printf(Locale.ROOT, "network: %s: %s%n", name, what);
  }
}
