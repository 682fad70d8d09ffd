/**
 * One bot: a session, its media, its part in the room, and what it does on its own. Everything runs
 * on the {@link dev.parley.bots.client.ClientLoop} that the bot's room has; bots of one room share
 * a loop, and so the books of who is there need no lock.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.bot;
