package dev.parley.core.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Whatever a client sends, it gets an answer of bounded size or a {@link MediaException}. */
class SdpFuzzTest {
  private static final List<Corpus.Entry> OFFERS =
      Corpus.offers().filter(e -> e.text().length() < 12_000).toList();

  private static final List<String> PIECES =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\0",
          " ",
          ":",
          ";",
          "=",
          "/",
          ",",
          "~",
          "-1",
          "0",
          "1",
          "127",
          "128",
          "255",
          "65536",
          "4294967295",
          "4294967296",
          "99999999999999999999",
          "a=",
          "m=",
          "a=mid:0",
          "m=video 0 ",
          "a=group:BUNDLE 0 1",
          "a=bundle-only",
          "a=inactive",
          "a=recvonly",
          "a=rtcp-mux",
          "a=rtpmap:96 VP8/90000",
          "a=fmtp:97 apt=97",
          "a=rtcp-fb:* nack",
          "a=ssrc-group:FID 1 1",
          "a=ssrc:1",
          "a=rid:~ send",
          "a=simulcast:send ~a,~b;;,",
          "a=extmap:15 urn:ietf:params:rtp-hdrext:sdes:mid",
          "a=candidate:",
          "é",
          "\u2028");

  @Provide
  Arbitrary<Corpus.Entry> offers() {
    return Arbitraries.of(OFFERS);
  }

  @Property(tries = 3000)
  void shouldSurviveMutations(@ForAll("offers") Corpus.Entry offer, @ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(offer.text());
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      mutate(text, random);
    }
    Statistics.label("answered")
        .collect(check(text.toString()))
        .coverage(c -> c.check(true).percentage(p -> p > 10));
  }

  @Property(tries = 500)
  void shouldSurviveTruncation(@ForAll("offers") Corpus.Entry offer, @ForAll long seed) {
    check(offer.text().substring(0, new Random(seed).nextInt(offer.text().length())));
  }

  @Property(tries = 500)
  void shouldSurviveAnyText(@ForAll String text) {
    check(text);
    check("v=0\no=- 1 1 IN IP4 x\n" + text);
  }

  private static void mutate(StringBuilder text, Random random) {
    int at = random.nextInt(text.length());
    int length = Math.min(text.length() - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 400));
    switch (random.nextInt(6)) {
      case 0 -> text.setCharAt(at, (char) random.nextInt(256));
      case 1 -> text.delete(at, at + length);
      case 2 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
      case 3 -> text.insert(at, text.substring(at, at + length));
      case 4 -> swapLines(text, random);
      default -> {
        String piece = PIECES.get(random.nextInt(PIECES.size()));
        text.replace(at, Math.min(text.length(), at + piece.length()), piece);
      }
    }
  }

  private static void swapLines(StringBuilder text, Random random) {
    String[] lines = text.toString().split("\r\n", -1);
    int a = random.nextInt(lines.length);
    int b = random.nextInt(lines.length);
    String kept = lines[a];
    lines[a] = lines[b];
    lines[b] = kept;
    text.replace(0, text.length(), String.join("\r\n", lines));
  }

  /** Was it answered? */
  private static boolean check(String text) {
    SessionDescription offer;
    NegotiatedSession session;
    try {
      offer = SdpReader.read(text);
      session =
          new SdpAnswerer(AnswerPolicy.standard())
              .answer(offer, Answers.SERVER, Answers.counting());
    } catch (MediaException e) {
      assertTrue(Answers.message(e).length() < 1000, Answers.message(e));
      return false;
    }
    String answer = session.answerSdp();
    assertTrue(answer.length() < 1000 + 2 * text.length() + 1000 * offer.media().size());
    SessionDescription read = SdpReader.read(answer);
    assertEquals(
        offer.media().stream().map(MediaDescription::mid).toList(),
        read.media().stream().map(MediaDescription::mid).toList());
    assertEquals(
        session.sections().stream().map(NegotiatedSection::accepted).toList(),
        read.media().stream().map(m -> !m.rejected()).toList());
    return true;
  }
}
