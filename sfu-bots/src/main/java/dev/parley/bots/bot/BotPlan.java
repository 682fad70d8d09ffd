package dev.parley.bots.bot;

import dev.parley.bots.scenario.Group;
import java.time.Duration;
import java.util.Optional;

/**
 * One bot's part.
 *
 * @param name its display name, and its identity in the token
 * @param seed of all that is random in it
 * @param stampKey of the run's media
 * @param stay after which it leaves by itself
 */
public record BotPlan(
    String name,
    String room,
    int roomNumber,
    Group.Role role,
    Optional<String> token,
    long seed,
    int stampKey,
    Optional<Duration> stay) {}
