package dev.parley.server.browser;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import dev.onvoid.webrtc.media.audio.AudioDeviceModule;
import dev.onvoid.webrtc.media.audio.AudioDeviceModuleBase;
import dev.onvoid.webrtc.media.audio.AudioLayer;
import dev.onvoid.webrtc.media.audio.AudioTrack;
import dev.onvoid.webrtc.media.audio.CustomAudioSource;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.I420Buffer;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import dev.onvoid.webrtc.media.video.VideoTrack;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The other side of {@link NativePeer}: libwebrtc in a process of its own. Writes {@code offer} and
 * the SDP (Base64), reads {@code answer} and the SDP, then writes a {@link NativePeer.Report} as
 * JSON five times a second until its input ends.
 */
final class NativePeerProcess {
  /** What a publisher sends: a bright bar that moves over a darker ramp, and a tone. */
  static final int WIDTH = 640;

  static final int HEIGHT = 360;

  private static final int PICTURE_INTERVAL_MS = 40;
  private static final int AUDIO_RATE = 48_000;
  private static final int AUDIO_INTERVAL_MS = 10;
  private static final int TONE_HZ = 440;
  private static final int TONE_AMPLITUDE = 8000;
  private static final int REPORT_INTERVAL_MS = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream out;
  private final RTCPeerConnection connection;
  private final PeerConnectionFactory factory;
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
  private final Reception reception = new Reception();
  private volatile RTCPeerConnectionState state = RTCPeerConnectionState.NEW;

  private NativePeerProcess(AudioDeviceModuleBase audio, PrintStream out) {
    this.out = out;
    this.factory = new PeerConnectionFactory(audio);
    this.connection = factory.createPeerConnection(new RTCConfiguration(), new Events());
  }

  public static void main(String[] args) throws Exception {
    // The protocol has the real output for itself; whatever else is printed goes to the log.
    PrintStream out = System.out;
    System.setOut(System.err);
    boolean publishes = args[0].equals("publish");
    // With a recording device a publisher would send its silence between the tone; without a
    // playing one a viewer would decode nothing.
    NativePeerProcess peer =
        new NativePeerProcess(
            publishes
                ? new AudioDeviceModule(AudioLayer.kDummyAudio)
                : new HeadlessAudioDeviceModule(),
            out);
    peer.addSections(
        publishes ? RTCRtpTransceiverDirection.SEND_ONLY : RTCRtpTransceiverDirection.RECV_ONLY);
    peer.run();
    // Tearing libwebrtc down piece by piece has nothing to show here.
    Runtime.getRuntime().halt(0);
  }

  private void addSections(RTCRtpTransceiverDirection direction) {
    CustomAudioSource audioSource = new CustomAudioSource();
    CustomVideoSource videoSource = new CustomVideoSource();
    RTCRtpTransceiverInit init = new RTCRtpTransceiverInit();
    init.direction = direction;
    init.streamIds = List.of("native");
    connection.addTransceiver(factory.createAudioTrack("native-audio", audioSource), init);
    connection.addTransceiver(factory.createVideoTrack("native-video", videoSource), init);
    if (direction == RTCRtpTransceiverDirection.SEND_ONLY) {
      every(PICTURE_INTERVAL_MS, new Picture(videoSource)::push);
      every(AUDIO_INTERVAL_MS, new Tone(audioSource)::push);
    }
  }

  private void run() throws Exception {
    RTCSessionDescription offer = createOffer();
    setDescription(offer, true);
    say("offer " + Base64.getEncoder().encodeToString(offer.sdp.getBytes(StandardCharsets.UTF_8)));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = in.readLine();
    if (line == null || !line.startsWith("answer ")) {
      throw new IOException("Expected an answer, got " + line);
    }
    String answer =
        new String(
            Base64.getDecoder().decode(line.substring("answer ".length())), StandardCharsets.UTF_8);
    setDescription(new RTCSessionDescription(RTCSdpType.ANSWER, answer), false);
    every(REPORT_INTERVAL_MS, this::report);
    while (in.readLine() != null) {
      // Anything more is ignored; the end of the input is the end of the peer.
    }
  }

  private RTCSessionDescription createOffer() throws Exception {
    CompletableFuture<RTCSessionDescription> offer = new CompletableFuture<>();
    connection.createOffer(
        new RTCOfferOptions(),
        new CreateSessionDescriptionObserver() {
          @Override
          public void onSuccess(RTCSessionDescription description) {
            offer.complete(description);
          }

          @Override
          public void onFailure(String error) {
            offer.completeExceptionally(new IOException(error));
          }
        });
    return offer.get(10, TimeUnit.SECONDS);
  }

  private void setDescription(RTCSessionDescription description, boolean local) throws Exception {
    CompletableFuture<@Nullable Void> set = new CompletableFuture<>();
    SetSessionDescriptionObserver observer =
        new SetSessionDescriptionObserver() {
          @Override
          public void onSuccess() {
            set.complete(null);
          }

          @Override
          public void onFailure(String error) {
            set.completeExceptionally(new IOException(error));
          }
        };
    if (local) {
      connection.setLocalDescription(description, observer);
    } else {
      connection.setRemoteDescription(description, observer);
    }
    set.get(10, TimeUnit.SECONDS);
  }

  private void every(int intervalMs, Runnable action) {
    Runnable guarded =
        () -> {
          try {
            action.run();
          } catch (RuntimeException | Error failure) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
          }
        };
    ScheduledFuture<?> unused =
        clock.scheduleAtFixedRate(guarded, 0, intervalMs, TimeUnit.MILLISECONDS);
  }

  private void report() {
    try {
      say(JSON.writeValueAsString(reception.report(state.name())));
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private synchronized void say(String line) {
    out.println(line);
    out.flush();
  }

  private final class Events implements PeerConnectionObserver {
    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
      // The server learns this side's addresses from the checks.
    }

    @Override
    public void onConnectionChange(RTCPeerConnectionState now) {
      state = now;
    }

    @Override
    public void onTrack(RTCRtpTransceiver transceiver) {
      MediaStreamTrack track = transceiver.getReceiver().getTrack();
      if (track instanceof VideoTrack video) {
        video.addSink(reception::video);
      } else if (track instanceof AudioTrack audio) {
        audio.addSink((data, bits, rate, channels, frames) -> reception.audio(data));
      }
    }
  }

  /** What was received so far. Any thread. */
  private static final class Reception {
    private long frames;
    private long changes;
    private int width;
    private int height;
    private int brightness;
    private int digest;
    private long samples;
    private int peak;

    synchronized void video(VideoFrame frame) {
      I420Buffer picture = frame.buffer.toI420();
      ByteBuffer luma = picture.getDataY();
      width = picture.getWidth();
      height = picture.getHeight();
      int sum = 0;
      int sampled = 0;
      int newDigest = 0;
      for (int y = 0; y < height; y += 8) {
        for (int x = 0; x < width; x += 8) {
          int value = luma.get(y * picture.getStrideY() + x) & 0xff;
          sum += value;
          sampled++;
          newDigest = 31 * newDigest + value;
        }
      }
      picture.release();
      frames++;
      changes += newDigest == digest ? 0 : 1;
      digest = newDigest;
      brightness = sum / sampled;
    }

    synchronized void audio(byte[] data) {
      samples += data.length / 2;
      for (int i = 0; i + 1 < data.length; i += 2) {
        peak = Math.max(peak, Math.abs((short) ((data[i] & 0xff) | data[i + 1] << 8)));
      }
    }

    /** The loudest sample is the one since the report before. */
    synchronized Map<String, Object> report(String state) {
      Map<String, Object> report =
          Map.of(
              "state", state,
              "frames", frames,
              "changes", changes,
              "width", width,
              "height", height,
              "brightness", brightness,
              "samples", samples,
              "peak", peak);
      peak = 0;
      return report;
    }
  }

  private static final class Picture {
    private final CustomVideoSource source;
    private int number;

    Picture(CustomVideoSource source) {
      this.source = source;
    }

    private void push() {
      NativeI420Buffer picture = NativeI420Buffer.allocate(WIDTH, HEIGHT);
      int bar = number++ * 8 % WIDTH;
      byte[] row = new byte[WIDTH];
      for (int x = 0; x < WIDTH; x++) {
        row[x] = (byte) (Math.floorMod(x - bar, WIDTH) < 48 ? 235 : 40 + x * 100 / WIDTH);
      }
      for (int y = 0; y < HEIGHT; y++) {
        picture.getDataY().put(y * picture.getStrideY(), row);
      }
      fill(picture.getDataU(), picture.getStrideU(), (byte) 110);
      fill(picture.getDataV(), picture.getStrideV(), (byte) 150);
      VideoFrame frame = new VideoFrame(picture, System.nanoTime());
      source.pushFrame(frame);
      frame.release();
    }

    private static void fill(ByteBuffer plane, int stride, byte value) {
      for (int y = 0; y < HEIGHT / 2; y++) {
        for (int x = 0; x < WIDTH / 2; x++) {
          plane.put(y * stride + x, value);
        }
      }
    }
  }

  private static final class Tone {
    private static final int SAMPLES = AUDIO_RATE * AUDIO_INTERVAL_MS / 1000;

    private final CustomAudioSource source;
    private long sample;

    Tone(CustomAudioSource source) {
      this.source = source;
    }

    private void push() {
      byte[] data = new byte[2 * SAMPLES];
      for (int i = 0; i < SAMPLES; i++, sample++) {
        int value = (int) (TONE_AMPLITUDE * Math.sin(2 * Math.PI * TONE_HZ * sample / AUDIO_RATE));
        data[2 * i] = (byte) value;
        data[2 * i + 1] = (byte) (value >> 8);
      }
      source.pushAudio(data, 16, AUDIO_RATE, 1, SAMPLES);
    }
  }
}
