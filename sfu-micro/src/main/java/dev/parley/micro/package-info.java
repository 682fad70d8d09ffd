/**
 * The micro benchmarks of {@code ./sfu bench micro}, by JMH. Packets are synthetic and come from a
 * seed. Each benchmark throws where a packet is not accepted: what is refused costs less. A class
 * that is no other package's business is measured from its own package, as it is tested.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.micro;
