package dev.parley.server;

import dev.parley.server.config.InvalidConfigException;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.config.ParleyConfig.LogFormat;
import dev.parley.server.log.LogSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sfu serve}: runs until SIGTERM or SIGINT, then stops in order. */
@Command(
    name = "serve",
    description = "Starts the server and prints where to open it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ServeCommand implements Callable<Integer> {
  /** The engine's own warm-up is over then. */
  private static final long TIDY_SEC = 2;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--rehearse",
      hidden = true,
      description = "Starts, lets one in and stops, for the archive of classes.")
  private boolean rehearse;

  @Override
  public Integer call()
      throws InvalidConfigException, StartException, InterruptedException, IOException {
    if (rehearse) {
      Rehearsal.run();
      return 0;
    }
    ParleyConfig config = options.load();
    LogSetup.install(config.log(), System.out);
    Logger log = LoggerFactory.getLogger(ServeCommand.class);
    Assembly assembly = new Assembly(config);
    ParleyServer server = new ParleyServer(assembly.parts());
    server.start();
    stopOnSignal(server, log);
    announce(config, assembly.endpoints(), log);
    tidyLater();
    new CountDownLatch(1).await();
    return 0;
  }

  /**
   * Most of the heap is what the start has left behind, and stays until as much again is allocated.
   * Only where a collection stops nobody.
   */
  private static void tidyLater() {
    boolean concurrent =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .anyMatch(collector -> collector.getName().startsWith("ZGC"));
    if (concurrent) {
      CompletableFuture.delayedExecutor(
              TIDY_SEC, TimeUnit.SECONDS, task -> Thread.ofVirtual().name("tidy").start(task))
          .execute(System::gc);
    }
  }

  /** A stop that was asked for and went well is a success: the exit code is 0, not 143. */
  private static void stopOnSignal(ParleyServer server, Logger log) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  log.atInfo().addKeyValue("event", "server.stopping").log("Asked to stop");
                  List<String> failed = server.stop();
                  log.atInfo().addKeyValue("event", "server.stopped").log("All parts have stopped");
                  Runtime.getRuntime().halt(failed.isEmpty() ? 0 : 1);
                },
                "stop"));
  }

  private void announce(ParleyConfig config, Assembly.Endpoints endpoints, Logger log) {
    long tookMs = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    log.atInfo()
        .addKeyValue("event", "server.ready")
        .addKeyValue("version", Version.text())
        .addKeyValue("http", url(config.http().host(), endpoints.httpPort()))
        .addKeyValue("admin", url(config.admin().host(), endpoints.adminPort()))
        .addKeyValue("media", String.join(",", endpoints.media()))
        .addKeyValue("mediaTcp", String.join(",", endpoints.mediaTcp()))
        .addKeyValue("https", httpsUrl(config, endpoints).orElse("off"))
        .addKeyValue("workers", config.media().effectiveWorkers())
        .addKeyValue("tookMs", tookMs)
        .log("Ready");
    if (config.dev() && config.log().format() == LogFormat.PLAIN) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(banner(config, endpoints, tookMs));
      out.flush();
    }
  }

  static String banner(ParleyConfig config, Assembly.Endpoints endpoints, long tookMs) {
    return """

      Parley %s is ready after %.1f s.

        Open    %s
        Admin   %s
        Media   UDP %s
        Config  %s

      Anyone may join without a token (--dev). Ctrl-C stops the server.

    """
        .formatted(
            Version.text(),
            tookMs / 1000.0,
            httpsUrl(config, endpoints).orElse(url(config.http().host(), endpoints.httpPort())),
            url(config.admin().host(), endpoints.adminPort()),
            String.join(", ", endpoints.media()),
            config.file().map(Path::toString).orElse("defaults and environment"));
  }

  private static Optional<String> httpsUrl(ParleyConfig config, Assembly.Endpoints endpoints) {
    return config
        .https()
        .map(https -> url("https", https.host(), endpoints.httpsPort().orElse(https.port())));
  }

  private static String url(String host, int port) {
    return url("http", host, port);
  }

  private static String url(String scheme, String host, int port) {
    String name = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    return scheme + "://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port + "/";
  }
}
