package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The SDK in pages of other people: its README's example as it stands, devices, and what is in
 * sight.
 */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class SdkTest {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final int MOST_LINES = 10;
  private static final Pattern EXAMPLE = Pattern.compile("```ts\\n(.*?)```", Pattern.DOTALL);

  /** Pictures of the player that has shown the most. */
  private static final String FRAMES =
      """
      Math.max(0, ...[...document.querySelectorAll('video')]
        .map((video) => video.getVideoPlaybackQuality().totalVideoFrames))\
      """;

  private static final String SENT_SOUND =
      "(await room.stats()).encodings.find(({ source }) => source === 'microphone')?.bytes ?? 0";

  private static void awaitNumber(String what, Tab tab, String expression, IntPredicate right) {
    Await.until(
        what,
        LIMIT,
        () -> (int) Double.parseDouble(tab.evaluate(expression)),
        right::test,
        String::valueOf);
  }

  private static String join(String name, String room, String then) {
    return """
    (async () => {
      window.room = new Parley.Room({ url, room: '%s', displayName: '%s' });
      await room.join();
      %s
    })()\
    """
        .formatted(room, name, then);
  }

  @Test
  void shouldBeACallAsTheReadmeHasIt(Studio studio) throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(SdkPage.CLIENT.resolve("README.md")));
    assertTrue(example.find(), "The README has an example");
    String module = example.group(1);
    long lines = module.lines().filter(line -> !line.isBlank()).count();
    assertTrue(lines <= MOST_LINES, () -> lines + " lines");
    try (Tab ann = SdkPage.withModule(studio, module);
        Tab bob = SdkPage.withModule(studio, module)) {
      awaitNumber("Bob's moving picture", ann, FRAMES, frames -> frames > 20);
      awaitNumber("Ann's moving picture", bob, FRAMES, frames -> frames > 20);
    }
  }

  @Test
  void shouldGoOverToAnotherMicrophoneInTheCall(Studio studio) throws IOException {
    try (Tab tab = SdkPage.withGlobal(studio)) {
      String devices =
          tab.evaluate(
              join(
                  "Ann",
                  Studio.newRoom(),
                  """
                  const used = () => room.publication('microphone').track.getSettings().deviceId;
                  const changes = [];
                  room.on('device', ({ reason, device }) => changes.push(`${reason} ${device.label !== ''}`));
                  await room.turnOn('microphone');
                  const first = used();
                  const other = room.devices.list.microphones.find(({ deviceId }) => deviceId !== first);
                  await room.switchDevice('microphone', other.deviceId);
                  const { offersCreated } = room.diagnostics();
                  const same = used() === other.deviceId;
                  return [same, offersCreated, ...changes, room.publication('microphone').track.readyState].join();
                  """));
      assertEquals("true,1,chosen true,live", devices);
      awaitNumber("sound that is sent", tab, SENT_SOUND, bytes -> bytes > 0);
    }
  }

  @Test
  void shouldReceiveAsLargeAsItIsShown(Studio studio) throws IOException {
    String room = Studio.newRoom();
    try (Tab ann = SdkPage.withGlobal(studio);
        Tab bob = SdkPage.withGlobal(studio)) {
      bob.evaluate(join("Bob", room, "await room.turnOn('camera');"));
      ann.evaluate(
          join(
              "Ann",
              room,
              """
              window.video = document.body.appendChild(document.createElement('video'));
              video.style.cssText = 'display: block; width: 160px; height: 90px';
              video.autoplay = video.muted = true;
              const view = new Parley.AdaptiveView(room);
              const bob = room.participants[0].id;
              view.watch(video, { participantId: bob, source: 'camera' });
              const show = () => {
                const slot = room.slotOf(bob, 'camera');
                if (slot && video.srcObject !== slot.stream) video.srcObject = slot.stream;
                window.slot = slot;
              };
              room.on('slot', show);
              show();
              """));
      awaitNumber("a small picture", ann, "video.videoWidth", width -> width > 0 && width <= 320);
      ann.evaluate("video.style.cssText = 'display: block; width: 1200px; height: 675px'");
      awaitNumber("a large picture", ann, "video.videoWidth", width -> width >= 1280);
      // Below the window's lower edge nobody sees it.
      ann.evaluate("video.style.marginTop = '3000px'");
      awaitNumber("no picture", ann, "window.slot?.state === 'live' ? 1 : 0", live -> live == 0);
    }
  }
}
