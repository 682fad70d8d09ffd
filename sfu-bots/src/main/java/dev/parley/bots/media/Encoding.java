package dev.parley.bots.media;

/**
 * One quality of a camera.
 *
 * @param rid its name, up to 16 characters; the smallest picture comes first
 * @param width and {@code height} in pixels
 * @param framesPerSecond 1 to 120
 * @param bitsPerSecond on average, headers not counted
 */
public record Encoding(
    String rid, int width, int height, double framesPerSecond, long bitsPerSecond) {
  private static final int MOST_FRAMES_PER_SECOND = 120;

  public Encoding {
    if (framesPerSecond < 1 || framesPerSecond > MOST_FRAMES_PER_SECOND || bitsPerSecond < 1_000) {
      throw new IllegalArgumentException(
          "%s frames and %d bits a second: use 1 to %d frames and 1000 bits or more"
              .formatted(framesPerSecond, bitsPerSecond, MOST_FRAMES_PER_SECOND));
    }
  }
}
