package dev.parley.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.session.RoomRequests.Answer;
import dev.parley.signaling.wire.Request;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RememberedRepliesTest {
  private static final Request LEAVE = new Request.Leave();
  private final RememberedReplies replies = new RememberedReplies(2);

  private static Answer answer(String text) {
    return new Answer.Ok(Replies.empty().put("text", text));
  }

  @Test
  void shouldKnowARequestThatIsUnderWayAndOneThatIsAnswered() {
    replies.begin(7, LEAVE);
    assertEquals(Optional.empty(), replies.find(7, LEAVE).orElseThrow().answer());
    replies.done(7, answer("a"));
    assertEquals(Optional.of(answer("a")), replies.find(7, LEAVE).orElseThrow().answer());
    assertTrue(replies.find(8, LEAVE).isEmpty());
  }

  @Test
  void shouldTakeOtherContentForAnotherRequest() {
    replies.begin(7, new Request.Negotiate(1, "v=0"));
    assertTrue(replies.find(7, new Request.Negotiate(2, "v=0")).isEmpty());
    assertTrue(replies.find(7, LEAVE).isEmpty());
    assertTrue(replies.find(7, new Request.Negotiate(1, "v=0")).isPresent());
  }

  @Test
  void shouldForgetTheOldestAnswerAndNoneThatIsUnderWay() {
    replies.begin(1, LEAVE);
    replies.begin(2, LEAVE);
    replies.done(2, answer("b"));
    replies.begin(3, LEAVE);
    assertTrue(replies.find(1, LEAVE).isPresent());
    assertTrue(replies.find(2, LEAVE).isEmpty());
    replies.done(2, answer("late"));
    assertTrue(replies.find(2, LEAVE).isEmpty());
    assertTrue(replies.find(3, LEAVE).isPresent());
  }
}
