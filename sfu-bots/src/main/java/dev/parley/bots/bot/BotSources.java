package dev.parley.bots.bot;

import dev.parley.bots.client.RtpSource;
import dev.parley.bots.media.CameraSource;
import dev.parley.bots.media.ClipSource;
import dev.parley.bots.media.TransportNumbers;
import dev.parley.bots.media.VoiceSource;
import dev.parley.bots.scenario.Profile;
import dev.parley.core.api.TrackSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a bot publishes, and which of it is on. The places in the list are the sections' MIDs.
 * Loop's thread only.
 */
final class BotSources {
  private final List<RtpSource> sources = new ArrayList<>();
  private final List<Boolean> on = new ArrayList<>();

  /**
   * @param stampKey of the run
   */
  BotSources(Profile profile, int stampKey, SplittableRandom random) {
    TransportNumbers numbers = new TransportNumbers();
    profile
        .microphone()
        .ifPresent(m -> {
          SplittableRandom own = random.split();
          RtpSource voice =
              m.clip().isPresent()
                  ? new ClipSource(m.clip().get(), TrackSource.MICROPHONE, numbers, own)
                  : new VoiceSource(m.talk(), stampKey, numbers, own);
          add(voice, !m.muted());
        });
    profile
        .camera()
        .ifPresent(
            c -> add(video(c, TrackSource.CAMERA, stampKey, numbers, random.split()), !c.muted()));
    // A screen is shown when an action says so.
    profile
        .screen()
        .ifPresent(
            s -> add(video(s, TrackSource.SCREEN, stampKey, numbers, random.split()), false));
  }

  private static RtpSource video(
      Profile.Video video,
      TrackSource source,
      int stampKey,
      TransportNumbers numbers,
      SplittableRandom random) {
    return video.clip().isPresent()
        ? new ClipSource(video.clip().get(), source, numbers, random)
        : new CameraSource(source, video.format(), video.encodings(), stampKey, numbers, random);
  }

  private void add(RtpSource source, boolean isOn) {
    sources.add(source);
    on.add(isOn);
  }

  List<RtpSource> all() {
    return sources;
  }

  /** The place of a source, or -1. */
  int find(TrackSource source) {
    for (int i = 0; i < sources.size(); i++) {
      if (sources.get(i).trackSource() == source) {
        return i;
      }
    }
    return -1;
  }

  TrackSource at(int index) {
    return sources.get(index).trackSource();
  }

  boolean isOn(int index) {
    return on.get(index);
  }

  void set(int index, boolean isOn) {
    on.set(index, isOn);
  }
}
