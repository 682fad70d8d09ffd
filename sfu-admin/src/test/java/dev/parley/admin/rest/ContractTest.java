package dev.parley.admin.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Asks the running server everything that the contract names, rightly and wrongly, and checks each
 * answer against it.
 */
final class ContractTest {
  /** An operation of the contract. */
  private record Described(String method, String path, JsonNode operation) {
    JsonNode schema() {
      return operation.at("/requestBody/content/application~1json/schema");
    }

    boolean streams() {
      return operation.at("/responses/200/content").has("text/event-stream");
    }

    String name() {
      return method + " " + path;
    }
  }

  private RunningServer server;
  private JsonNode contract;

  @BeforeEach
  void start() {
    server = new RunningServer(List.of());
    contract = server.get("/v1/openapi.json").body();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<Described> operations() {
    List<Described> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : contract.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        all.add(
            new Described(
                method.getKey().toUpperCase(java.util.Locale.ROOT),
                path.getKey(),
                method.getValue()));
      }
    }
    return all;
  }

  /** A schema of the contract, with all that it refers to. */
  private JsonSchema schema(JsonNode part) {
    ObjectNode whole = part.deepCopy();
    whole.set("components", contract.path("components"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
  }

  private void conforms(Described operation, RunningServer.Reply reply, String why) {
    String what = operation.name() + ": " + why + ": " + reply;
    assertTrue(reply.status() < 500, what);
    JsonNode described = operation.operation().at("/responses/" + reply.status());
    if (reply.status() >= 400) {
      described = contract.at("/components/responses/Problem");
      assertEquals("application/problem+json", reply.header("content-type"), what);
      assertEquals(reply.status(), reply.body().path("status").asInt(), what);
    }
    assertTrue(!described.isMissingNode(), what);
    JsonNode content = described.path("content");
    if (content.isMissingNode()) {
      assertTrue(reply.body().isMissingNode(), what);
      return;
    }
    assertEquals(
        Set.of(), schema(content.iterator().next().path("schema")).validate(reply.body()), what);
  }

  private RunningServer.Reply ask(Described operation, Map<String, String> ids, String body) {
    String path = operation.path();
    for (Map.Entry<String, String> id : ids.entrySet()) {
      path = path.replace("{" + id.getKey() + "}", id.getValue());
    }
    return operation.method().equals("PATCH")
        ? server.ask("PATCH", path, body, "If-Match", "*")
        : server.ask(operation.method(), path, body);
  }

  /** A body that the schema allows, with the least or with all that it may have. */
  private JsonNode example(JsonNode given, boolean whole) {
    JsonNode schema =
        given.has("$ref") ? contract.at(given.path("$ref").asText().substring(1)) : given;
    if (schema.has("enum")) {
      return schema.path("enum").get(0);
    }
    String type =
        schema.path("type").isArray()
            ? schema.path("type").get(0).asText()
            : schema.path("type").asText();
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (type) {
      case "object" -> {
        ObjectNode object = json.objectNode();
        Set<String> required = new TreeSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
          if (whole || required.contains(field.getKey())) {
            object.set(field.getKey(), example(field.getValue(), whole));
          }
        }
        yield object;
      }
      case "array" -> json.arrayNode().add(example(schema.path("items"), whole));
      case "integer" -> json.numberNode(schema.path("minimum").asInt(1));
      case "boolean" -> json.booleanNode(true);
      default ->
          json.textNode(
              schema.path("format").asText().equals("date-time")
                  ? "2030-01-01T00:00:00Z"
                  : schema.path("pattern").asText().startsWith("^qt_") ? "qt_none" : "example");
    };
  }

  private Map<String, String> ids(String room, String participant, String session) {
    Map<String, String> ids = new LinkedHashMap<>();
    ids.put("room", room);
    ids.put("participant", participant);
    ids.put("ticket", "qt_none");
    ids.put("session", session);
    ids.put("webhook", "crm");
    ids.put("visit", "vi_none");
    ids.put("report", "none");
    return ids;
  }

  @Test
  void shouldAnswerEverythingAsTheContractSays() {
    Map<String, String> nowhere = ids("nowhere", "pa_none", "se_none");
    nowhere.put("webhook", "nowhere");
    List<Described> all = operations();
    assertTrue(all.size() > 30, "operations: " + all.size());
    Set<String> done = new TreeSet<>();
    String report =
        RunningServer.get(server.history().keepReport(JsonNodeFactory.instance.objectNode()));
    for (Described operation : all) {
      if (operation.streams()) {
        continue;
      }
      // What was done to the room of another operation does not matter here.
      String room = "room-" + all.indexOf(operation);
      RunningServer.Guest ann = server.join(room);
      JsonNode sessions = server.get("/v1/sessions").body().path("sessions");
      Map<String, String> there = ids(room, ann.id(), sessions.at("/0/sessionId").asText());
      server.settle();
      there.put("visit", server.get("/v1/history/visits").body().at("/visits/0/visitId").asText());
      there.put("report", report);
      conforms(operation, ask(operation, nowhere, ""), "nowhere, no body");
      JsonNode schema = operation.schema();
      if (operation.method().equals("GET")) {
        RunningServer.Reply reply = ask(operation, there, "");
        conforms(operation, reply, "there");
        assertEquals(200, reply.status(), operation.name());
        ann.leave();
        continue;
      }
      RunningServer.Reply first = ask(operation, nowhere, example(schema, false).toString());
      conforms(operation, first, "nowhere");
      for (String wrong : wrongBodies(schema)) {
        RunningServer.Reply reply = ask(operation, there, wrong);
        conforms(operation, reply, wrong);
        assertEquals(400, reply.status(), operation.name() + " took " + wrong);
      }
      RunningServer.Reply least = ask(operation, there, example(schema, false).toString());
      conforms(operation, least, "least");
      RunningServer.Reply whole = ask(operation, there, example(schema, true).toString());
      conforms(operation, whole, "all fields");
      if (Math.min(first.status(), Math.min(least.status(), whole.status())) < 300) {
        done.add(operation.operation().path("operationId").asText());
      }
      server.post("/v1/server:resume", "");
      ann.leave();
    }
    assertEquals(
        Set.of(
            "admit",
            "captureParticipant",
            "deny",
            "extendTimer",
            "moveTicket",
            "pauseTimer",
            "resumeTimer",
            "startTimer",
            "stopTimer"),
        refused(all, done),
        "what cannot be done to a room without queue, timer and media");
  }

  private static Set<String> refused(List<Described> all, Set<String> done) {
    Set<String> refused = new TreeSet<>();
    for (Described operation : all) {
      String id = operation.operation().path("operationId").asText();
      if (!operation.method().equals("GET") && !done.contains(id)) {
        refused.add(id);
      }
    }
    return refused;
  }

  /** What the schema does not allow, field by field, and what is no JSON object at all. */
  private List<String> wrongBodies(JsonNode schema) {
    List<String> wrong =
        new ArrayList<>(List.of("[]", "7", "{", "{\"a\":1,\"a\":2}", "{\"unheardOf\":1}"));
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      for (JsonNode value :
          List.of(
              JsonNodeFactory.instance.objectNode().put("unheardOf", 1),
              JsonNodeFactory.instance.numberNode(-1),
              JsonNodeFactory.instance.numberNode(1e30),
              JsonNodeFactory.instance.textNode("x".repeat(2000)))) {
        ObjectNode body = (ObjectNode) example(schema, false);
        body.set(field.getKey(), value);
        if (!schema(schema).validate(body).isEmpty()) {
          wrong.add(body.toString());
        }
      }
    }
    for (JsonNode required : schema.path("required")) {
      ObjectNode body = (ObjectNode) example(schema, true);
      body.remove(required.asText());
      wrong.add(body.toString());
    }
    return wrong;
  }

  @Test
  void shouldSendEventsAsTheContractSays() throws Exception {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    RunningServer.get(
        server
            .send(
                "GET",
                "/v1/events",
                "",
                Map.of(),
                response -> {
                  response.handler(chunk -> chunk.toString().lines().forEach(lines::add));
                  return Future.succeededFuture(true);
                })
            .toCompletionStage());
    server.join("standup");
    server.post("/v1/rooms/standup:end", "");
    JsonSchema event = schema(contract.at("/components/schemas/Event"));
    for (int told = 0; told < 5; told++) {
      String line = "";
      while (!line.startsWith("data: ")) {
        line = String.valueOf(lines.poll(20, TimeUnit.SECONDS));
        assertNotEquals("null", line, "events: " + told);
      }
      assertEquals(Set.of(), event.validate(RunningServer.JSON.readTree(line.substring(6))), line);
    }
  }

  @Test
  void shouldDescribeWhatThereIs() {
    Set<String> described = new TreeSet<>();
    operations().forEach(operation -> described.add(operation.name()));
    assertEquals(new TreeSet<>(server.operations()), described);
  }

  @Test
  void shouldAskForARoleAsTheContractSays() {
    try (RunningServer guarded = new RunningServer(RunningServer.TOKENS)) {
      for (Described operation : operations()) {
        if (operation.streams()) {
          continue;
        }
        boolean reads = operation.operation().path("x-role").asText().equals("read");
        String path = operation.path().replaceAll("\\{\\w+}", "pa_none");
        assertEquals(401, guarded.ask(operation.method(), path, "").status(), operation.name());
        RunningServer.Reply reply =
            guarded.ask(
                operation.method(), path, "", "Authorization", "Bearer " + RunningServer.READ);
        assertEquals(!reads, reply.status() == 403, operation.name() + ": " + reply);
      }
    }
  }
}
