package dev.parley.core.api;

/** Where a track comes from; the wire names are those of {@code sfu.v1}. */
public enum TrackSource {
  MICROPHONE("microphone", MediaKind.AUDIO),
  CAMERA("camera", MediaKind.VIDEO),
  SCREEN("screen", MediaKind.VIDEO),
  SCREEN_AUDIO("screenAudio", MediaKind.AUDIO);

  private final String wireName;
  private final MediaKind kind;

  TrackSource(String wireName, MediaKind kind) {
    this.wireName = wireName;
    this.kind = kind;
  }

  public String wireName() {
    return wireName;
  }

  public MediaKind kind() {
    return kind;
  }
}
