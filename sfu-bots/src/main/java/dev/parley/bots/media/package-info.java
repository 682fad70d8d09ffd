/**
 * What bots publish: synthetic cameras and voices whose headers are true and whose payload is noise
 * with a time stamp in it. Time is an argument; a seed makes the same media again.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.media;
