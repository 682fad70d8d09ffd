/**
 * What happened, kept in a database: a file of this process's own, or PostgreSQL. Whoever tells the
 * history of something leaves it in a bounded queue and goes on; one thread, {@code history},
 * writes the queue in batches, and is the only one that changes rows. Readers have two threads of
 * their own. What the database does not take is dropped and counted; nobody waits for it.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.admin.history;
