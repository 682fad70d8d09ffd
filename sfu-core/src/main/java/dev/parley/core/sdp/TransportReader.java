package dev.parley.core.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the ICE and DTLS attributes of the session or of one section. */
final class TransportReader {
  private static final int MAX_CANDIDATES = 128;
  private static final int MAX_FINGERPRINTS = 16;

  private Optional<String> iceUfrag = Optional.empty();
  private Optional<String> icePwd = Optional.empty();
  private Optional<Setup> setup = Optional.empty();
  private final List<Fingerprint> fingerprints = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private boolean endOfCandidates;

  /** Is the line one of ours? */
  boolean read(SdpLine line) {
    switch (line.attribute()) {
      case "ice-ufrag" -> iceUfrag = Optional.of(iceText(line, IceText.isUfrag(line.argument())));
      case "ice-pwd" -> icePwd = Optional.of(iceText(line, IceText.isPwd(line.argument())));
      case "fingerprint" ->
          line.add(fingerprints, Fingerprint.of(line), MAX_FINGERPRINTS, "fingerprints");
      case "setup" -> {
        setup = Setup.of(line.argument());
        if (setup.isEmpty()) {
          throw line.invalid("the role is none of active, passive, actpass, holdconn");
        }
      }
      case "candidate" ->
          Candidate.of(line)
              .ifPresent(c -> line.add(candidates, c, MAX_CANDIDATES, "candidates of a section"));
      case "end-of-candidates" -> endOfCandidates = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private static String iceText(SdpLine line, boolean good) {
    if (!good) {
      throw line.invalid("too short, longer than 256, or of other than ICE characters");
    }
    return line.argument();
  }

  /** Where this level is silent, {@code session} speaks. */
  TransportDescription build(TransportReader session) {
    return new TransportDescription(
        iceUfrag.or(() -> session.iceUfrag),
        icePwd.or(() -> session.icePwd),
        fingerprints.isEmpty() ? session.fingerprints : fingerprints,
        setup.or(() -> session.setup),
        candidates,
        endOfCandidates || session.endOfCandidates);
  }
}
