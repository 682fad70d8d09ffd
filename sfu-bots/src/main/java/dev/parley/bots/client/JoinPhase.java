package dev.parley.bots.client;

/** The steps from an offer to a picture, in the order in which they happen. */
public enum JoinPhase {
  ANSWER("answer"),
  ICE("ICE up"),
  DTLS("DTLS up"),
  FIRST_PACKET("first packet"),
  FIRST_KEY_FRAME("first whole key frame");

  private final String title;

  JoinPhase(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
