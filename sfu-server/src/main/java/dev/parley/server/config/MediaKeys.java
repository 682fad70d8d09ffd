package dev.parley.server.config;

import dev.parley.core.address.AddressLookup;
import dev.parley.core.address.StunServer;
import dev.parley.server.config.ConfigType.Bytes;
import dev.parley.server.config.ConfigType.Choice;
import dev.parley.server.config.ConfigType.Flag;
import dev.parley.server.config.ConfigType.Text;
import dev.parley.server.config.ConfigType.TextList;
import dev.parley.server.config.ConfigType.WholeNumber;
import dev.parley.server.config.ParleyConfig.CloudMetadata;
import dev.parley.server.config.ParleyConfig.MediaIo;
import java.net.InetAddress;
import java.util.List;

/** The media engine: ports, addresses, workers, times, slots. */
public final class MediaKeys {
  public static final ConfigKey<List<String>> MEDIA_ANNOUNCED_ADDRESSES =
      ConfigKey.of(
          "media.announcedAddresses",
          new TextList("IP addresses", MediaKeys::isAddress),
          "list of addresses",
          List.of(),
          "The addresses clients are told to send media to.",
          "Empty: those of the machine's interfaces (with --dev also loopback). Name the public"
              + " address where the machine sits behind NAT, as in most clouds, or let"
              + " media.publicAddress find it: what is found comes behind the configured ones, and"
              + " before the machine's own.");

  public static final ConfigKey<List<String>> MEDIA_PUBLIC_ADDRESS_STUN_SERVERS =
      ConfigKey.of(
          "media.publicAddress.stunServers",
          new TextList("STUN servers, each host or host:port", MediaKeys::isStunServer),
          "list of servers",
          List.of(),
          "STUN servers that are asked which address this machine has outside, from each of its"
              + " own addresses.",
          "Empty: nobody is asked. For a NAT that maps all ports one to one, or forwards those of"
              + " media.");

  public static final ConfigKey<CloudMetadata> MEDIA_PUBLIC_ADDRESS_CLOUD =
      ConfigKey.of(
          "media.publicAddress.cloud",
          new Choice<>(CloudMetadata.class),
          "",
          CloudMetadata.NONE,
          "The cloud whose metadata service is asked for this machine's public IPv4 address.",
          "none: nobody is asked. Azure tells addresses of the basic kind only.");

  public static final ConfigKey<String> MEDIA_PUBLIC_ADDRESS_METADATA_URL =
      ConfigKey.of(
          "media.publicAddress.metadataUrl",
          new Text("an http URL without a path"),
          "URL",
          AddressLookup.METADATA_URL.toString(),
          "Where the cloud's metadata service is.",
          "The address that all of them have; http://[fd00:ec2::254] where AWS has IPv6 alone.");

  public static final ConfigKey<Integer> MEDIA_PUBLIC_ADDRESS_REFRESH_SEC =
      ConfigKey.of(
          "media.publicAddress.refreshSec",
          new WholeNumber(10, 86_400),
          "seconds",
          300,
          "How long an answer is good for, until the next question.",
          "An address that changes is announced from then on; after a failure it is asked again"
              + " sooner, and the last answer stays.");

  public static final ConfigKey<Integer> MEDIA_PUBLIC_ADDRESS_START_WAIT_MS =
      ConfigKey.of(
          "media.publicAddress.startWaitMs",
          new WholeNumber(0, 10_000),
          "milliseconds",
          3_000,
          "How long the start waits for the first answers.",
          "A server that starts without them is not ready (/readyz), and asks on.");

  public static final ConfigKey<Integer> MEDIA_WORKERS =
      ConfigKey.of(
          "media.workers",
          new WholeNumber(0, 256),
          "threads",
          0,
          "How many workers forward media, each with its own thread and port.",
          "0: one for each core.");

  public static final ConfigKey<Integer> MEDIA_PARTICIPANTS_PER_WORKER =
      ConfigKey.of(
          "media.participantsPerWorker",
          new WholeNumber(0, 100_000),
          "participants",
          150,
          "When so many participants of one room are on a worker, those who come next are on another"
              + " one. 0: a room stays on one worker.",
          "A packet crosses once to each worker where somebody is shown it; a smaller room is better off"
              + " without that. Rooms get that large only if limits.roomParticipants allows it.");

  public static final ConfigKey<MediaIo> MEDIA_IO =
      ConfigKey.of(
          "media.io",
          new Choice<>(MediaIo.class),
          "",
          MediaIo.AUTO,
          "How datagrams are read and written.",
          "auto takes epoll (batched system calls, Linux) where it loads, else nio.");

  public static final ConfigKey<Integer> MEDIA_UDP_PORT =
      ConfigKey.of(
          "media.udp.port",
          WholeNumber.PORT,
          "port",
          10000,
          "The UDP port of the first worker; worker n uses this port plus n.",
          "One port a worker lets a packet arrive on the thread that owns its room. Open them all"
              + " in the firewall. 0 lets the system choose.");

  public static final ConfigKey<String> MEDIA_UDP_BIND_ADDRESS =
      ConfigKey.of(
          "media.udp.bindAddress",
          Text.ADDRESS,
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

  public static final ConfigKey<Boolean> MEDIA_TCP_ENABLED =
      ConfigKey.of(
          "media.tcp.enabled",
          new Flag(),
          "",
          true,
          "Whether clients may send and receive media by TCP (ICE-TCP, RFC 6544).",
          "For networks that let no UDP through; whoever can use UDP does.");

  public static final ConfigKey<Integer> MEDIA_TCP_PORT =
      ConfigKey.of(
          "media.tcp.port",
          WholeNumber.PORT,
          "port",
          10000,
          "The TCP port for media of the first worker; worker n uses this port plus n.",
          "At media.udp.bindAddress, and one for each worker as with UDP. 0 lets the system choose.");

  public static final ConfigKey<Integer> MEDIA_TCP_MAX_CONNECTIONS =
      ConfigKey.of(
          "media.tcp.maxConnections",
          new WholeNumber(1, 1_000_000),
          "connections",
          10_000,
          "How many TCP connections for media each worker holds at a time.",
          "Each takes an open file. When there are more, the oldest that belongs to no session makes"
              + " way.");

  public static final ConfigKey<Integer> MEDIA_TCP_MAX_UNPROVED_PER_ADDRESS =
      ConfigKey.of(
          "media.tcp.maxUnprovedPerAddress",
          new WholeNumber(1, 1_000_000),
          "connections",
          200,
          "How many TCP connections for media one IP address may hold at each worker before a valid"
              + " ICE check comes by them.",
          "A client proves itself within a round trip, so this is for many behind one NAT that join"
              + " together.");

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

  private MediaKeys() {}

  private static boolean isStunServer(String text) {
    try {
      return !new StunServer(text, List::of).name().isEmpty();
    } catch (IllegalArgumentException noServer) {
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
