package dev.parley.signaling.rules;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The tickets in the order in which people go in. */
final class WaitingList implements Iterable<Ticket> {
  private final List<Ticket> tickets = new ArrayList<>();

  @Override
  public Iterator<Ticket> iterator() {
    return tickets.iterator();
  }

  Stream<Ticket> stream() {
    return tickets.stream();
  }

  /** The tickets as they stand now, for loops that change the order. */
  List<Ticket> copy() {
    return List.copyOf(tickets);
  }

  boolean isEmpty() {
    return tickets.isEmpty();
  }

  int size() {
    return tickets.size();
  }

  Ticket get(int index) {
    return tickets.get(index);
  }

  /** From 0; the ticket stands in the list. */
  int indexOf(Ticket ticket) {
    return tickets.indexOf(ticket);
  }

  /** Those before a ticket that stands in the list. */
  List<Ticket> ahead(Ticket ticket) {
    return List.copyOf(tickets.subList(0, tickets.indexOf(ticket)));
  }

  Optional<Ticket> withId(String id) {
    return first(ticket -> ticket.id.equals(id));
  }

  Optional<Ticket> withKey(String key) {
    return first(ticket -> ticket.key.equals(key));
  }

  Optional<Ticket> of(String identity) {
    return first(ticket -> ticket.identity.equals(identity));
  }

  private Optional<Ticket> first(Predicate<Ticket> which) {
    return tickets.stream().filter(which).findFirst();
  }

  /** As an earlier process left it: behind all that were added before. */
  void addLast(Ticket ticket) {
    tickets.addLast(ticket);
  }

  void addFirst(Ticket ticket) {
    tickets.addFirst(ticket);
  }

  /** Behind all of its priority. */
  void insert(Ticket ticket) {
    int at = tickets.size();
    while (at > 0 && tickets.get(at - 1).priority < ticket.priority) {
      at--;
    }
    tickets.add(at, ticket);
  }

  /** Behind the last of those that stood before it once, as far as they wait still. */
  void putBack(Ticket ticket, List<Ticket> ahead) {
    int at = tickets.size();
    while (at > 0 && !ahead.contains(tickets.get(at - 1))) {
      at--;
    }
    tickets.add(at, ticket);
  }

  /** To an explicit place, from 1; one behind the last is the last. */
  void move(Ticket ticket, int position) {
    tickets.remove(ticket);
    tickets.add(Math.min(position - 1, tickets.size()), ticket);
  }

  /** Behind the next that may go in, or behind whoever follows if nobody may. */
  void passBehindNext(Ticket ticket, Predicate<Ticket> mayGoIn) {
    int at = tickets.indexOf(ticket);
    int to = at + 1;
    while (to < tickets.size() && !mayGoIn.test(tickets.get(to))) {
      to++;
    }
    if (to == tickets.size()) {
      to = Math.min(at + 1, tickets.size() - 1);
    }
    tickets.remove(at);
    tickets.add(to, ticket);
  }

  void remove(Ticket ticket) {
    tickets.remove(ticket);
  }

  void forget(String identity) {
    tickets.removeIf(ticket -> ticket.identity.equals(identity));
  }

  /** The last that is heard of a ticket, which is still in line. */
  TicketView ended(Ticket ticket, TicketView.State state) {
    return ticket.view(indexOf(ticket), size(), state, TicketView.Eta.UNKNOWN);
  }
}
