package dev.parley.core.room;

import java.util.concurrent.Executor;

/**
 * Another wing of the same room, as one wing sees it. A large room has a wing on each of several
 * workers: a {@link Room} with people of its own, who are shown what the others publish by copies.
 *
 * @param room the other one; nothing of it may be touched but on its own thread
 * @param thread runs tasks on the thread of the other one, in order
 * @param here runs tasks on the thread of the one that sees it, in order
 * @param lane takes packets there
 * @param decides it is the room's first wing, which decides for all of them who is heard
 */
public record Wing(Room room, Executor thread, Executor here, RelayLane lane, boolean decides) {}
