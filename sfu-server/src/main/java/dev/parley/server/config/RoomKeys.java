package dev.parley.server.config;

import dev.parley.server.config.ConfigType.Bytes;
import dev.parley.server.config.ConfigType.Choice;
import dev.parley.server.config.ConfigType.OptionalText;
import dev.parley.server.config.ConfigType.WholeNumber;
import dev.parley.signaling.config.OnDuplicate;
import java.util.Optional;

/** Limits, rooms and the signalling connection. */
public final class RoomKeys {
  public static final ConfigKey<Integer> LIMITS_CONNECTIONS =
      ConfigKey.of(
          "limits.connections",
          new WholeNumber(1, 1_000_000),
          "connections",
          1000,
          "How many signalling connections may be open in all.",
          "A server that is full says so (server_full) instead of becoming slow for everyone.");

  public static final ConfigKey<Integer> LIMITS_CONNECTIONS_PER_USER =
      ConfigKey.of(
          "limits.connectionsPerUser",
          new WholeNumber(1, 1000),
          "connections",
          3,
          "How many connections one identity may have open.",
          "A desktop, a phone and one that is about to be replaced.");

  public static final ConfigKey<Integer> LIMITS_MESSAGES_PER_SEC =
      ConfigKey.of(
          "limits.messagesPerSec",
          new WholeNumber(1, 10_000),
          "messages per second",
          50,
          "The lasting rate of messages from one connection.",
          "A busy client sends fewer than ten.");

  public static final ConfigKey<Integer> LIMITS_MESSAGE_BURST =
      ConfigKey.of(
          "limits.messageBurst",
          new WholeNumber(1, 100_000),
          "messages",
          100,
          "How many messages may come at once before the rate counts.",
          "Room for what a client saved up while it was disconnected.");

  public static final ConfigKey<Integer> LIMITS_SDP_BYTES =
      ConfigKey.of(
          "limits.sdpBytes",
          new Bytes(16_384, 524_288),
          "bytes",
          409_600,
          "The largest session description accepted.",
          "61 sections with every codec of Chromium are 270 KB.");

  public static final ConfigKey<Integer> LIMITS_ROOM_PARTICIPANTS =
      ConfigKey.of(
          "limits.roomParticipants",
          new WholeNumber(1, 100_000),
          "participants",
          100,
          "How many people one room holds at most.",
          "Rooms of more than media.participantsPerWorker are on several cores.");

  public static final ConfigKey<Integer> LIMITS_HELLO_TIMEOUT_SEC =
      ConfigKey.of(
          "limits.helloTimeoutSec",
          new WholeNumber(1, 120),
          "seconds",
          10,
          "How long a new connection may take to introduce itself.",
          "Frees what idle or hostile connections hold.");

  public static final ConfigKey<Integer> LIMITS_CONNECTIONS_PER_ADDRESS =
      ConfigKey.of(
          "limits.connectionsPerAddress",
          new WholeNumber(1, 1_000_000),
          "connections",
          200,
          "How many signalling connections one network address may have open.",
          "An office shares one address; a flood comes from few. IPv6 counts by /64 networks.");

  public static final ConfigKey<Integer> LIMITS_PRE_HELLO_FRAME_BYTES =
      ConfigKey.of(
          "limits.preHelloFrameBytes",
          new Bytes(1024, 524_288),
          "bytes",
          16_384,
          "The largest message before a client has introduced itself.",
          "A hello with a token; strangers cost little memory.");

  public static final ConfigKey<Integer> LIMITS_FRAME_BYTES =
      ConfigKey.of(
          "limits.frameBytes",
          new Bytes(16_384, 4_194_304),
          "bytes",
          524_288,
          "The largest message after that.",
          "Above limits.sdpBytes: the offer stands in a message.");

  public static final ConfigKey<Integer> LIMITS_WRITE_QUEUE_BYTES =
      ConfigKey.of(
          "limits.writeQueueBytes",
          new Bytes(65_536, 67_108_864),
          "bytes",
          1_048_576,
          "How much may wait for a client that reads slowly; four times as much is cut off at once.",
          "Seconds of events of a large room. The client resumes.");

  public static final ConfigKey<Integer> LIMITS_SLOW_CONSUMER_TIMEOUT_SEC =
      ConfigKey.of(
          "limits.slowConsumerTimeoutSec",
          new WholeNumber(1, 600),
          "seconds",
          10,
          "How long a client may stay that slow.",
          "Bad radio recovers in less.");

  public static final ConfigKey<Integer> LIMITS_FULL_LOAD_PERCENT =
      ConfigKey.of(
          "limits.fullLoadPercent",
          new WholeNumber(0, 100),
          "percent",
          85,
          "From which load on a worker lets nobody new in (server_full); 0: never.",
          "The share of its time that a worker's thread is busy, over two seconds. Those inside,"
              + " their resumes and room switches are never refused. docs/overload.md");

  public static final ConfigKey<Integer> LIMITS_SHED_LOAD_PERCENT =
      ConfigKey.of(
          "limits.shedLoadPercent",
          new WholeNumber(0, 100),
          "percent",
          92,
          "From which load on a worker leaves video out, smaller pictures first; 0: never.",
          "A worker without a moment left delays and loses packets of everybody, voices too.");

  public static final ConfigKey<Optional<String>> ROOMS_SETTINGS_FILE =
      ConfigKey.of(
          "rooms.settingsFile",
          new OptionalText("the path of a JSON file", path -> true),
          "path",
          Optional.empty(),
          "Seats, queue, timer and password of rooms, by name and as defaults.",
          "docs/rooms.md shows the file. Without it every room is open to"
              + " limits.roomParticipants people and has neither queue nor timer.");

  public static final ConfigKey<Optional<String>> ROOMS_STATE_FILE =
      ConfigKey.of(
          "rooms.stateFile",
          new OptionalText("the path of a file", path -> true),
          "path",
          Optional.empty(),
          "Keeps rooms, queues, timers, bans and chat over a restart, at most a second behind.",
          "Set it wherever rooms have a queue or a timer. It holds identities, names and chat; its"
              + " folder must be writable.");

  public static final ConfigKey<Integer> ROOMS_ECHO_ROOMS =
      ConfigKey.of(
          "rooms.echoRooms",
          new WholeNumber(1, 100_000),
          "rooms",
          20,
          "How many echo rooms may be open at once.",
          "Each serves one connection check (docs/diagnostics.md) and costs what one call costs.");

  public static final ConfigKey<Integer> ROOMS_ECHO_SEC =
      ConfigKey.of(
          "rooms.echoSec",
          new WholeNumber(5, 3600),
          "seconds",
          30,
          "How long an echo room lasts.",
          "A check connects within 15 s and measures for 8 s.");

  public static final ConfigKey<Integer> SIGNALING_PING_INTERVAL_MS =
      ConfigKey.of(
          "signaling.pingIntervalMs",
          new WholeNumber(1000, 60_000),
          "milliseconds",
          10_000,
          "How often a client is told to send a ping.",
          "Keeps NAT bindings and proxies (often 30 s or 60 s) open.");

  public static final ConfigKey<Integer> SIGNALING_PING_TIMEOUT_MS =
      ConfigKey.of(
          "signaling.pingTimeoutMs",
          new WholeNumber(1000, 120_000),
          "milliseconds",
          15_000,
          "How long a client is told to wait for the reply before it reconnects.",
          "Long enough for a bad mobile network, short enough to be back within the grace.");

  public static final ConfigKey<Integer> SIGNALING_SILENCE_TIMEOUT_SEC =
      ConfigKey.of(
          "signaling.silenceTimeoutSec",
          new WholeNumber(2, 600),
          "seconds",
          30,
          "A connection that sent nothing for so long is closed.",
          "Three pings missed; half-open connections do not pile up.");

  public static final ConfigKey<Integer> SIGNALING_RESUME_GRACE_SEC =
      ConfigKey.of(
          "signaling.resumeGraceSec",
          new WholeNumber(0, 3600),
          "seconds",
          60,
          "How long the place of a client that lost its connection is kept.",
          "Ten attempts to reconnect take 50 s. 0: it leaves at once.");

  public static final ConfigKey<Integer> SIGNALING_RESUME_EVENTS =
      ConfigKey.of(
          "signaling.resumeEvents",
          new WholeNumber(0, 100_000),
          "events",
          500,
          "How many events are kept for a client that comes back.",
          "A minute of a busy room. A client that missed more joins anew.");

  public static final ConfigKey<Integer> SIGNALING_RESUME_CHARS =
      ConfigKey.of(
          "signaling.resumeChars",
          new WholeNumber(0, 67_108_864),
          "characters",
          262_144,
          "How large all of them together may be.",
          "Events are shared among the people of a room, so this is rarely the memory that they take.");

  public static final ConfigKey<Integer> SIGNALING_REMEMBERED_REPLIES =
      ConfigKey.of(
          "signaling.rememberedReplies",
          new WholeNumber(1, 10_000),
          "replies",
          64,
          "How many replies are kept for requests that a client repeats after a lost connection.",
          "A repeated request is answered and not carried out twice.");

  public static final ConfigKey<OnDuplicate> SIGNALING_ON_DUPLICATE =
      ConfigKey.of(
          "signaling.onDuplicate",
          new Choice<>(OnDuplicate.class),
          "",
          OnDuplicate.REPLACE,
          "What happens when somebody joins a room in which the same identity is already.",
          "replace: the new one takes over, as after a crash of the browser. reject: the new one is"
              + " refused while the other is connected. allow: both stay.");

  private RoomKeys() {}
}
