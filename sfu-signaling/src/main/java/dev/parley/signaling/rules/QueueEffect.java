package dev.parley.signaling.rules;

/** What those who wait, or moderators, are to be told. */
public sealed interface QueueEffect {
  /** The one who has the ticket is told how it stands. */
  record Update(TicketView ticket) implements QueueEffect {}

  /** May come in with the token within the window. */
  record Admitted(TicketView ticket, String admitToken, long windowMs) implements QueueEffect {}

  record Denied(TicketView ticket, String text) implements QueueEffect {}

  /** The second window passed unused: the ticket is void. */
  record Expired(TicketView ticket) implements QueueEffect {}

  /** Was away for too long; nobody is there to be told. */
  record Left(TicketView ticket) implements QueueEffect {}

  /** Approval waits for a moderator, or goes on. */
  record Paused(boolean paused) implements QueueEffect {}
}
