package dev.parley.signaling.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.observe.LogLine;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestCodecTest {
  private static final RequestCodec CODEC = new RequestCodec(new RequestCodec.Bounds(100, 8, 49));

  private static Decoded decode(String type, String data) {
    return CODEC.decode("{\"type\":\"" + type + "\",\"id\":1,\"data\":" + data + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hello|{}|versions",
        "hello|{'versions':1}|versions",
        "hello|{'versions':['1']}|versions",
        "hello|{'versions':[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}|versions",
        "hello|{'versions':[1],'token':7}|token",
        "hello|{'versions':[1],'token':'LONG9000'}|token",
        "hello|{'versions':[1],'client':[]}|client",
        "hello|{'versions':[1],'client':{'mobile':'yes'}}|client.mobile",
        "hello|{'versions':[1],'client':{'sdk':'LONG65'}}|client.sdk",
        "hello|{'versions':[1],'resume':{}}|resume.sessionId",
        "hello|[]|data",
        "ping|{}|t",
        "ping|{'t':'now'}|t",
        "ping|{'t':1e999}|t",
        "join|{}|room",
        "join|{'room':7}|room",
        "join|{'room':''}|room",
        "join|{'room':'a b'}|room",
        "join|{'room':'LONG65'}|room",
        "join|{'room':'r','displayName':7}|displayName",
        "join|{'room':'r','displayName':'LONG65'}|displayName",
        "join|{'room':'r','attributes':[]}|attributes",
        "join|{'room':'r','attributes':{'a':1}}|attributes",
        "join|{'room':'r','attributes':{'a':'LONG257'}}|attributes",
        "join|{'room':'r','sdp':7}|sdp",
        "join|{'room':'r','sdp':' '}|sdp",
        "join|{'room':'r','sdp':'LONG101'}|sdp",
        "join|{'room':'r','sdp':'v=0','tracks':{}}|tracks",
        "join|{'room':'r','sdp':'v=0','tracks':[7]}|tracks[0]",
        "join|{'room':'r','sdp':'v=0','tracks':[{'source':'camera'}]}|tracks[0].mid",
        "join|{'room':'r','sdp':'v=0','tracks':[{'mid':'0'}]}|tracks[0].source",
        "join|{'room':'r','sdp':'v=0','tracks':[{'mid':'0','source':'tv'}]}|tracks[0].source",
        "join|{'room':'r','sdp':'v=0','tracks':[{'mid':'0','source':'camera','muted':1}]}|tracks[0].muted",
        "join|{'room':'r','sdp':'v=0','tracks':[{'mid':'0','source':'camera','label':'LONG129'}]}|tracks[0].label",
        "join|{'room':'r','tracks':[{'mid':'0','source':'camera'}]}|tracks",
        "join|{'room':'r','sdp':'v=0','tracks':[{'mid':'0','source':'camera'},{'mid':'0','source':'screen'}]}|tracks",
        "join|{'room':'r','sdp':'v=0','tracks':[{'mid':'0','source':'camera'},{'mid':'1','source':'camera'}]}|tracks",
        "join|{'room':'r','slots':[]}|slots",
        "join|{'room':'r','slots':{'audio':9}}|slots.audio",
        "join|{'room':'r','slots':{'video':-1}}|slots.video",
        "join|{'room':'r','slots':{'video':1.5}}|slots.video",
        "view|{'layout':'circle'}|layout",
        "view|{'video':[{'source':'camera'}]}|video[0].participantId",
        "view|{'video':[{'participantId':'x','source':'camera'}]}|video[0].participantId",
        "view|{'video':[{'participantId':'pa_1'}]}|video[0].source",
        "view|{'video':[{'participantId':'pa_1','source':'camera','width':99999}]}|video[0].width",
        "view|{'video':[{'participantId':'pa_1','source':'camera','pinned':1}]}|video[0].pinned",
        "view|{'maxVideo':-1}|maxVideo",
        "view|{'defaultHeight':'720'}|defaultHeight",
        "view|{'audio':true}|audio",
        "track.update|{}|mid",
        "track.update|{'mid':0}|mid",
        "track.update|{'mid':'LONG33'}|mid",
        "track.update|{'mid':'0','active':1}|active",
        "track.update|{'mid':'0','muted':'no'}|muted",
        "track.update|{'mid':'0','source':'tv'}|source",
        "track.update|{'mid':'0','label':7}|label",
        "track.update|{'mid':'0','width':-1}|width",
        "track.update|{'mid':'0','height':1.5}|height",
        "negotiate|{}|sdp",
        "negotiate|{'sdp':'v=0'}|gen",
        "negotiate|{'sdp':'v=0','gen':0}|gen",
        "negotiate|{'sdp':'v=0','gen':'1'}|gen",
        "negotiate|{'sdp':'v=0','gen':1,'slots':{'audio':9}}|slots.audio",
        "leave|7|data",
        "bye|[]|data"
      })
  void shouldNameTheFieldThatIsWrong(String type, String data, String field) {
    String filled = data.replace('\'', '"');
    for (int length : new int[] {9000, 257, 129, 101, 65, 33}) {
      filled = filled.replace("LONG" + length, "a".repeat(length));
    }
    Decoded.Refused refused = assertInstanceOf(Decoded.Refused.class, decode(type, filled));
    assertEquals(ErrorCode.BAD_REQUEST, refused.refusal().code());
    assertEquals(field, refused.refusal().details().get("field"));
    assertFalse(refused.refusal().details().getOrDefault("expected", "").isEmpty());
  }

  @Test
  void shouldIgnoreUnknownFieldsAndNulls() {
    Decoded.Accepted accepted =
        assertInstanceOf(
            Decoded.Accepted.class,
            decode("join", "{\"room\":\"r\",\"sdp\":null,\"future\":{\"a\":[1]}}"));
    Request.Join join = assertInstanceOf(Request.Join.class, accepted.request());
    assertTrue(join.sdp().isEmpty());
  }

  @Test
  void shouldCleanNames() {
    Decoded.Accepted accepted =
        assertInstanceOf(
            Decoded.Accepted.class,
            decode("join", "{\"room\":\"r\",\"displayName\":\" A\\u0000\\n\\u202eb \"}"));
    Request.Join join = assertInstanceOf(Request.Join.class, accepted.request());
    assertEquals("Ab", join.displayName().orElse(""));
  }

  @Test
  void shouldNotShowTokens() {
    Decoded.Accepted accepted =
        assertInstanceOf(
            Decoded.Accepted.class,
            decode("hello", "{\"versions\":[1],\"token\":\"very-secret\"}"));
    assertFalse(accepted.toString().contains("very-secret"));
  }

  @ParameterizedTest
  @CsvSource({"-1", "1.5", "\"1\"", "null", "9007199254740993", "{}", "99999999999999999999999"})
  void shouldRefuseOddIds(String id) {
    Decoded.Refused refused =
        assertInstanceOf(
            Decoded.Refused.class, CODEC.decode("{\"type\":\"leave\",\"id\":" + id + "}"));
    assertEquals("id", refused.refusal().details().get("field"));
    assertTrue(refused.id().isEmpty());
  }

  @Test
  void shouldNotFollowDeepNesting() {
    assertInstanceOf(
        Decoded.Malformed.class, CODEC.decode("[".repeat(100_000) + "]".repeat(100_000)));
    assertInstanceOf(Decoded.Malformed.class, CODEC.decode("{\"id\":1,\"id\":2}"));
  }

  @Property(tries = 500)
  void shouldNeverThrowOnAnyText(@ForAll String text) {
    for (String frame :
        List.of(
            text,
            "{\"type\":" + text + "}",
            "{\"id\":1,\"type\":\"join\",\"data\":" + text + "}")) {
      assertFalse(CODEC.decode(frame) instanceof Decoded.Accepted);
    }
  }

  @Property(tries = 300)
  void shouldKeepEachLogEntryOnOneLine(@ForAll String value) {
    String line = LogLine.event("x").with("a", value).with("b", 1).toString();
    assertEquals(1, line.lines().count());
    assertTrue(line.endsWith(" b=1"));
    assertFalse(line.chars().anyMatch(c -> c < ' '));
  }
}
