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
      case "ice-ufrag" -> iceUfrag = Optional.of(iceText(line, 4));
      case "ice-pwd" -> icePwd = Optional.of(iceText(line, 22));
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

  /** Browsers and other stacks use a few characters beyond RFC 8839's ice-char. */
  private static String iceText(SdpLine line, int least) {
    String text = line.argument();
    boolean good = text.length() >= least && text.length() <= 256;
    for (int i = 0; good && i < text.length(); i++) {
      char c = text.charAt(i);
      good = c < 0x7f && (Character.isLetterOrDigit(c) || "+/-_=#".indexOf(c) >= 0);
    }
    if (!good) {
      throw line.invalid("not %d to 256 ICE characters".formatted(least));
    }
    return text;
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
