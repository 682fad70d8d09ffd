package dev.parley.server.config;

import dev.parley.server.config.ConfigType.Bytes;
import dev.parley.server.config.ConfigType.Choice;
import dev.parley.server.config.ConfigType.Flag;
import dev.parley.server.config.ConfigType.IceServers;
import dev.parley.server.config.ConfigType.OptionalText;
import dev.parley.server.config.ConfigType.SecretText;
import dev.parley.server.config.ConfigType.SigningSecrets;
import dev.parley.server.config.ConfigType.Text;
import dev.parley.server.config.ConfigType.TextList;
import dev.parley.server.config.ConfigType.WholeNumber;
import dev.parley.server.config.ParleyConfig.LogFormat;
import dev.parley.server.config.ParleyConfig.LogLevel;
import dev.parley.server.config.ParleyConfig.MediaIo;
import dev.parley.signaling.config.OnDuplicate;
import dev.parley.signaling.token.TokenRules;
import dev.parley.signaling.token.TokenSecret;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** The table of all keys, in the order of the documentation. */
public final class ConfigKeys {
  /** The token secret of the commented configuration file; refused outside {@code --dev}. */
  public static final Secret SAMPLE_SECRET = new Secret(TokenSecret.SAMPLE);

  /** Shorter secrets are refused outside {@code --dev}: HS256 needs 256 bits (RFC 7518, 3.2). */
  public static final int SECRET_MIN_BYTES = 32;

  private static final WholeNumber PORT = new WholeNumber(0, 65535);
  private static final Text ADDRESS = new Text("an IP address or host name");

  public static final ConfigKey<String> HTTP_HOST =
      ConfigKey.of(
              "http.host",
              ADDRESS,
              "address",
              "0.0.0.0",
              "Where the call page, the signalling WebSocket, WHIP and WHEP listen.",
              "Browsers give camera and microphone to https pages and to localhost only: put a TLS"
                  + " proxy in front when other machines are to join.")
          .inDev("127.0.0.1");

  public static final ConfigKey<Integer> HTTP_PORT =
      ConfigKey.of(
          "http.port",
          PORT,
          "port",
          8080,
          "The TCP port of the above; 0 lets the system choose.",
          "Above 1024, so that no privilege is needed.");

  public static final ConfigKey<List<String>> HTTP_ALLOWED_ORIGINS =
      ConfigKey.of(
          "http.allowedOrigins",
          new TextList(
              "origins such as \"https://app.example.org\", or \"*\" for any",
              origin -> origin.equals("*") || origin.matches("https?://[^/?#@]+")),
          "list of origins",
          List.of(),
          "Web origins, besides the server's own, whose pages may use it.",
          "Empty: a foreign page cannot act with a visitor's token.");

  public static final ConfigKey<String> HTTP_CLIENT_ADDRESS_HEADER =
      ConfigKey.of(
          "http.clientAddressHeader",
          new Text("the name of a header, or none"),
          "header name",
          "none",
          "The header in which your proxy names the client's address, for instance"
              + " X-Forwarded-For; the last entry of a list counts.",
          "none: the address of the TCP connection counts, and loopback, where proxies are, never"
              + " does. Name it only behind a proxy that sets it: clients can write it too.");

  public static final ConfigKey<String> ADMIN_HOST =
      ConfigKey.of(
          "admin.host",
          ADDRESS,
          "address",
          "127.0.0.1",
          "Where health, metrics and debug pages listen.",
          "Loopback: they tell much about the people in the rooms.");

  public static final ConfigKey<Integer> ADMIN_PORT =
      ConfigKey.of(
          "admin.port",
          PORT,
          "port",
          8081,
          "The TCP port of the above; 0 lets the system choose.",
          "Apart from http.port, so that a firewall can tell them apart.");

  public static final ConfigKey<List<String>> ADMIN_ALLOWED_HOSTS =
      ConfigKey.of(
          "admin.allowedHosts",
          new TextList("host names", name -> name.matches("[\\w.:\\[\\]-]+")),
          "list of host names",
          List.of(),
          "Host names, besides loopback and admin.host, under which the admin port answers.",
          "A page that points its own name at 127.0.0.1 (DNS rebinding) is refused.");

  public static final ConfigKey<Integer> MEDIA_UDP_PORT =
      ConfigKey.of(
          "media.udp.port",
          PORT,
          "port",
          10000,
          "The UDP port of the first worker; worker n uses this port plus n.",
          "One port a worker lets a packet arrive on the thread that owns its room. Open them all"
              + " in the firewall. 0 lets the system choose.");

  public static final ConfigKey<String> MEDIA_UDP_BIND_ADDRESS =
      ConfigKey.of(
          "media.udp.bindAddress",
          ADDRESS,
          "address",
          "0.0.0.0",
          "The address the media sockets are bound to.",
          "All of them: which ones clients are told is decided by media.announcedAddresses.");

  public static final ConfigKey<Integer> MEDIA_UDP_RECEIVE_BUFFER_BYTES =
      ConfigKey.of(
          "media.udp.receiveBufferBytes",
          new Bytes(65_536, 268_435_456),
          "bytes",
          4_194_304,
          "The receive buffer asked of the kernel for each media socket.",
          "Holds 30 ms of 1 Gbit/s while a worker is busy. The kernel caps it at"
              + " net.core.rmem_max; ./sfu doctor compares.");

  public static final ConfigKey<Integer> MEDIA_UDP_SEND_BUFFER_BYTES =
      ConfigKey.of(
          "media.udp.sendBufferBytes",
          new Bytes(65_536, 268_435_456),
          "bytes",
          4_194_304,
          "The send buffer asked of the kernel for each media socket.",
          "A key frame to hundreds of viewers leaves in one burst. The kernel caps it at"
              + " net.core.wmem_max; ./sfu doctor compares.");

  public static final ConfigKey<List<String>> MEDIA_ANNOUNCED_ADDRESSES =
      ConfigKey.of(
          "media.announcedAddresses",
          new TextList("IP addresses", ConfigKeys::isAddress),
          "list of addresses",
          List.of(),
          "The addresses clients are told to send media to.",
          "Empty: those of the machine's interfaces (with --dev also loopback). Name the public"
              + " address where the machine sits behind NAT, as in most clouds.");

  public static final ConfigKey<Integer> MEDIA_WORKERS =
      ConfigKey.of(
          "media.workers",
          new WholeNumber(0, 256),
          "threads",
          0,
          "How many workers forward media, each with its own thread and port.",
          "0: one for each core.");

  public static final ConfigKey<MediaIo> MEDIA_IO =
      ConfigKey.of(
          "media.io",
          new Choice<>(MediaIo.class),
          "",
          MediaIo.AUTO,
          "How datagrams are read and written.",
          "auto takes epoll (batched system calls, Linux) where it loads, else nio.");

  public static final ConfigKey<Integer> MEDIA_ICE_CONNECT_TIMEOUT_SEC =
      ConfigKey.of(
          "media.ice.connectTimeoutSec",
          new WholeNumber(1, 120),
          "seconds",
          15,
          "How long a joining client may take until its first valid ICE check.",
          "Longer than any path that will ever work; the client then says why it failed.");

  public static final ConfigKey<Integer> MEDIA_ICE_CONSENT_TIMEOUT_SEC =
      ConfigKey.of(
          "media.ice.consentTimeoutSec",
          new WholeNumber(5, 300),
          "seconds",
          30,
          "How long a connected client may be silent before it is sent nothing more.",
          "RFC 7675's value; a change of network needs less.");

  public static final ConfigKey<Integer> MEDIA_ICE_RESUME_GRACE_SEC =
      ConfigKey.of(
          "media.ice.resumeGraceSec",
          new WholeNumber(0, 3600),
          "seconds",
          60,
          "How long the media of a client that fell silent waits for its return, by a check or an ICE"
              + " restart, before it ends.",
          "Its seat waits as long for its next socket.");

  public static final ConfigKey<Integer> MEDIA_DTLS_MAX_HANDSHAKES =
      ConfigKey.of(
          "media.dtls.maxHandshakes",
          new WholeNumber(1, 65_536),
          "handshakes",
          256,
          "How many DTLS handshakes may run at once; more have to wait for their turn.",
          "Bounds the memory and processor time of a flood of joins. While others wait, a client that"
              + " is silent for 2 s loses its turn.");

  public static final ConfigKey<Integer> MEDIA_KEY_FRAME_MIN_INTERVAL_MS =
      ConfigKey.of(
          "media.keyFrame.minIntervalMs",
          new WholeNumber(0, 10_000),
          "milliseconds",
          500,
          "The least time between two key-frame requests to one track.",
          "A key frame costs as much as a second of video; joins in a row share one.");

  public static final ConfigKey<Integer> MEDIA_SLOTS_AUDIO =
      ConfigKey.of(
          "media.slots.audio",
          new WholeNumber(0, 64),
          "slots",
          3,
          "How many audio slots a client is told to offer.",
          "More than three people at once are not understood; the loudest are heard.");

  public static final ConfigKey<Integer> MEDIA_SLOTS_VIDEO =
      ConfigKey.of(
          "media.slots.video",
          new WholeNumber(0, 256),
          "slots",
          9,
          "How many video slots a client is told to offer.",
          "A three by three grid; each slot costs a section in the offer.");

  public static final ConfigKey<Integer> MEDIA_SLOTS_MAX_AUDIO =
      ConfigKey.of(
          "media.slots.maxAudio",
          new WholeNumber(0, 64),
          "slots",
          8,
          "The most audio slots one client may offer.",
          "Bounds what one client can ask of the server.");

  public static final ConfigKey<Integer> MEDIA_SLOTS_MAX_VIDEO =
      ConfigKey.of(
          "media.slots.maxVideo",
          new WholeNumber(0, 256),
          "slots",
          49,
          "The most video slots one client may offer.",
          "A seven by seven grid.");

  public static final ConfigKey<Secret> AUTH_SECRET =
      ConfigKey.of(
              "auth.secret",
              new SecretText("a text of at least " + SECRET_MIN_BYTES + " bytes"),
              "text of 32 bytes or more",
              SAMPLE_SECRET,
              "Signs and checks join tokens (HS256).",
              "This sample is public and therefore refused without --dev. Make your own:"
                  + " openssl rand -base64 48")
          .asSecret();

  public static final ConfigKey<List<SigningSecret>> AUTH_SECRETS =
      ConfigKey.of(
              "auth.secrets",
              new SigningSecrets(),
              "list of secrets",
              List.of(),
              "Several secrets with names, instead of auth.secret, each { kid, secret } of 32 bytes"
                  + " or more: the first signs, any of them checks.",
              "For a change without an interruption: put the new one first, and remove the old one"
                  + " when its last token has expired.")
          .asSecret();

  public static final ConfigKey<Optional<String>> AUTH_ISSUER =
      ConfigKey.of(
          "auth.issuer",
          new OptionalText("a name", name -> true),
          "text",
          Optional.of("parley"),
          "The issuer (iss) that a join token must carry; empty: not looked at.",
          "Tokens made for another service with the same secret are refused.");

  public static final ConfigKey<Optional<String>> AUTH_AUDIENCE =
      ConfigKey.of(
          "auth.audience",
          new OptionalText("a name", name -> true),
          "text",
          Optional.empty(),
          "The audience (aud) that a join token must name; empty: not looked at.",
          "Set it where the issuer makes tokens for other services too: theirs are then refused.");

  public static final ConfigKey<Integer> AUTH_LEEWAY_SEC =
      ConfigKey.of(
          "auth.leewaySec",
          new WholeNumber(0, 300),
          "seconds",
          5,
          "How far the clock of the issuer may be off, for exp and nbf.",
          "Clocks of servers differ by a little; every second more is one that a token lives"
              + " longer.");

  public static final ConfigKey<Optional<String>> AUTH_KEY_SET_FILE =
      ConfigKey.of(
          "auth.keySet.file",
          new OptionalText("the path of a JSON Web Key Set", path -> true),
          "path",
          Optional.empty(),
          "Public keys that check RS256 and EdDSA tokens, as a JSON Web Key Set in a file.",
          "This server then needs no secret. It is read again like the one below.");

  public static final ConfigKey<Optional<String>> AUTH_KEY_SET_URL =
      ConfigKey.of(
          "auth.keySet.url",
          new OptionalText("an https URL, or http on the loopback", ConfigKeys::isKeySetUrl),
          "URL",
          Optional.empty(),
          "The same from an identity provider, often …/.well-known/jwks.json.",
          "https, since whoever can change the answer on its way can make tokens. Redirects are not"
              + " followed.");

  public static final ConfigKey<Integer> AUTH_KEY_SET_REFRESH_SEC =
      ConfigKey.of(
          "auth.keySet.refreshSec",
          new WholeNumber(10, 86_400),
          "seconds",
          600,
          "How old the known keys may be when a token is checked.",
          "So long may a removed key still open rooms. When the source fails, the known ones"
              + " stay.");

  public static final ConfigKey<Integer> AUTH_KEY_SET_RETRY_SEC =
      ConfigKey.of(
          "auth.keySet.retrySec",
          new WholeNumber(1, 3_600),
          "seconds",
          30,
          "The least time between two readings, also for tokens that name an unknown key.",
          "Or anybody could make this server ask the identity provider at will.");

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
          "A room lives on one worker, so this is a question of one core.");

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

  public static final ConfigKey<List<IceServer>> ICE_SERVERS =
      ConfigKey.of(
              "iceServers",
              new IceServers(),
              "list of servers",
              List.of(),
              "STUN and TURN servers that clients are told to use, each { urls, username,"
                  + " credential }.",
              "Empty: the server is public, so clients need none unless UDP is blocked. No"
                  + " third-party server by default: it would learn who calls.")
          .asSecret();

  public static final ConfigKey<LogFormat> LOG_FORMAT =
      ConfigKey.of(
          "log.format",
          new Choice<>(LogFormat.class),
          "",
          LogFormat.PLAIN,
          "How an event is written: plain for people, json for collectors.",
          "Either way one line an event, with event=, room= and session=.");

  public static final ConfigKey<LogLevel> LOG_LEVEL =
      ConfigKey.of(
          "log.level",
          new Choice<>(LogLevel.class),
          "",
          LogLevel.INFO,
          "The least important level that is written.",
          "info tells every join, every leave and its reason.");

  public static final ConfigKey<Boolean> LOG_REDACT_ADDRESSES =
      ConfigKey.of(
          "log.redactAddresses",
          new Flag(),
          "",
          false,
          "Writes network addresses as tags such as addr-3fa91c.",
          "An address is personal data. A tag stays the same until the server restarts, so lines"
              + " can still be matched. Tokens are never written in full.");

  /** Every key, in the order of the documentation. */
  public static final List<ConfigKey<?>> ALL =
      List.of(
          HTTP_HOST,
          HTTP_PORT,
          HTTP_ALLOWED_ORIGINS,
          HTTP_CLIENT_ADDRESS_HEADER,
          ADMIN_HOST,
          ADMIN_PORT,
          ADMIN_ALLOWED_HOSTS,
          MEDIA_ANNOUNCED_ADDRESSES,
          MEDIA_WORKERS,
          MEDIA_IO,
          MEDIA_UDP_PORT,
          MEDIA_UDP_BIND_ADDRESS,
          MEDIA_UDP_RECEIVE_BUFFER_BYTES,
          MEDIA_UDP_SEND_BUFFER_BYTES,
          MEDIA_ICE_CONNECT_TIMEOUT_SEC,
          MEDIA_ICE_CONSENT_TIMEOUT_SEC,
          MEDIA_ICE_RESUME_GRACE_SEC,
          MEDIA_DTLS_MAX_HANDSHAKES,
          MEDIA_KEY_FRAME_MIN_INTERVAL_MS,
          MEDIA_SLOTS_AUDIO,
          MEDIA_SLOTS_VIDEO,
          MEDIA_SLOTS_MAX_AUDIO,
          MEDIA_SLOTS_MAX_VIDEO,
          AUTH_SECRET,
          AUTH_SECRETS,
          AUTH_ISSUER,
          AUTH_AUDIENCE,
          AUTH_LEEWAY_SEC,
          AUTH_KEY_SET_FILE,
          AUTH_KEY_SET_URL,
          AUTH_KEY_SET_REFRESH_SEC,
          AUTH_KEY_SET_RETRY_SEC,
          LIMITS_CONNECTIONS,
          LIMITS_CONNECTIONS_PER_USER,
          LIMITS_MESSAGES_PER_SEC,
          LIMITS_MESSAGE_BURST,
          LIMITS_SDP_BYTES,
          LIMITS_ROOM_PARTICIPANTS,
          LIMITS_HELLO_TIMEOUT_SEC,
          LIMITS_CONNECTIONS_PER_ADDRESS,
          LIMITS_PRE_HELLO_FRAME_BYTES,
          LIMITS_FRAME_BYTES,
          LIMITS_WRITE_QUEUE_BYTES,
          LIMITS_SLOW_CONSUMER_TIMEOUT_SEC,
          ROOMS_SETTINGS_FILE,
          ROOMS_STATE_FILE,
          SIGNALING_PING_INTERVAL_MS,
          SIGNALING_PING_TIMEOUT_MS,
          SIGNALING_SILENCE_TIMEOUT_SEC,
          SIGNALING_RESUME_GRACE_SEC,
          SIGNALING_RESUME_EVENTS,
          SIGNALING_RESUME_CHARS,
          SIGNALING_REMEMBERED_REPLIES,
          SIGNALING_ON_DUPLICATE,
          ICE_SERVERS,
          LOG_FORMAT,
          LOG_LEVEL,
          LOG_REDACT_ADDRESSES);

  private ConfigKeys() {}

  private static boolean isKeySetUrl(String text) {
    try {
      return TokenRules.KeySetSource.isSafe(new URI(text));
    } catch (URISyntaxException malformed) {
      return false;
    }
  }

  private static boolean isAddress(String text) {
    try {
      return !InetAddress.ofLiteral(text).isAnyLocalAddress();
    } catch (IllegalArgumentException notALiteral) {
      return false;
    }
  }
}
