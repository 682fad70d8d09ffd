package dev.parley.server.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A network namespace: to the network a machine of its own. Gone when it is closed. */
final class Namespace implements AutoCloseable {
  private static final String PREFIX = "parley-" + ProcessHandle.current().pid() + "-";

  private final String name;
  private final Thread atExit = new Thread(this::delete, "namespace-end");

  private Namespace(String name) {
    this.name = name;
  }

  /** Skips the test, and says why, where a user may not make namespaces or lacks a program. */
  static void assumePossible() {
    Command.Outcome made = Command.of("ip", "netns", "add", PREFIX + "probe").attempt("");
    Assumptions.assumeTrue(
        made.exitCode() == 0,
        () -> "Network namespaces cannot be made here (root may): " + made.output());
    try (Namespace probe = new Namespace(PREFIX + "probe")) {
      for (List<String> needed :
          List.of(List.of("nft", "--version"), List.of("conntrack", "--version"))) {
        Command.Outcome there = new Command(probe.inside(needed)).attempt("");
        Assumptions.assumeTrue(
            there.exitCode() == 0,
            () ->
                "%s does not run: %s. On Debian: apt-get install iproute2 nftables conntrack"
                    .formatted(needed.getFirst(), there.output()));
      }
    }
  }

  static Namespace create(String role) {
    Namespace made = new Namespace(PREFIX + role);
    Command.of("ip", "netns", "add", made.name).run();
    Runtime.getRuntime().addShutdownHook(made.atExit);
    // Else addresses become usable seconds later, which a browser takes for a change of network.
    made.set("net.ipv6.conf.all.accept_dad", "0");
    made.set("net.ipv6.conf.default.accept_dad", "0");
    made.run("ip", "link", "set", "lo", "up");
    return made;
  }

  /**
   * A cable between two namespaces.
   *
   * @param name the interface's in this one
   * @param otherName in the other one
   */
  void connect(String name, Namespace other, String otherName) {
    Command.of(
            "ip",
            "link",
            "add",
            name,
            "netns",
            this.name,
            "type",
            "veth",
            "peer",
            "name",
            otherName,
            "netns",
            other.name)
        .run();
  }

  /** Gives an interface an address with its prefix length, and starts it. */
  void address(String device, String address) {
    List<String> add = new ArrayList<>(List.of("ip", "address", "add", address, "dev", device));
    if (address.contains(":")) {
      // Nobody else can have it, and waiting for that takes seconds.
      add.add("nodad");
    }
    run(add.toArray(String[]::new));
    run("ip", "link", "set", device, "up");
  }

  void defaultRoute(String gateway) {
    run("ip", "route", "replace", "default", "via", gateway);
  }

  /** Replaces all rules of the packet filter. */
  void rules(String nft) {
    var unused = new Command(inside(List.of("nft", "-f", "-"))).run("flush ruleset\n" + nft);
  }

  void set(String sysctl, String value) {
    run("sysctl", "-q", "-w", sysctl + "=" + value);
  }

  /** Runs a program inside to its end, and returns what it says. */
  String run(String... words) {
    return new Command(inside(List.of(words))).run();
  }

  /** The command that runs another one inside. */
  List<String> inside(List<String> words) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(words);
    return all;
  }

  /** Writes a program that runs another one inside, with the same arguments. */
  Path launcher(Path program) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "network")).toAbsolutePath();
      Path script = folder.resolve(name + ".sh");
      Files.writeString(
          script,
          "#!/bin/sh\nexec %s \"$@\"\n"
              .formatted(String.join(" ", inside(List.of(program.toString())))));
      if (!script.toFile().setExecutable(true)) {
        throw new IOException(script + " cannot be made executable");
      }
      return script;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    delete();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void delete() {
    var unused = Command.of("ip", "netns", "delete", name).attempt("");
  }
}
