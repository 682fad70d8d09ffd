import { describe, expect, it } from "vitest";
import { OperatorApi } from "./operator-api.js";

function answering(...answers: readonly (Response | Error)[]) {
  const requests: Request[] = [];
  let next = 0;
  const api = new OperatorApi({
    baseUrl: "http://sfu.example:8081",
    fetch: (request) => {
      requests.push(request);
      const answer = answers[Math.min(next++, answers.length - 1)] ?? new Error("no answer");
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer.clone());
    },
  });
  return { api, requests };
}

const DONE = new Response(null, { status: 204 });

describe("The operator's interface", () => {
  it("shouldReadAListToItsEnd", async () => {
    const { api, requests } = answering(
      Response.json({ rooms: [{ name: "a" }], nextCursor: "a" }),
      Response.json({ rooms: [{ name: "b" }] }),
    );
    expect((await api.rooms()).map(({ name }) => name)).toEqual(["a", "b"]);
    expect(requests.map(({ url }) => new URL(url).search)).toEqual(["?limit=1000", "?limit=1000&cursor=a"]);
  });

  it("shouldAskOnceMoreWithTheSameKeyWhenNoAnswerCame", async () => {
    const { api, requests } = answering(new TypeError("Failed to fetch"), DONE);
    await api.kick("blue", "pa_1", 60, "");
    const keys = requests.map(({ headers }) => headers.get("Idempotency-Key"));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    await api.lock("blue", true);
    expect(requests[2]?.headers.get("Idempotency-Key")).not.toBe(keys[0]);
  });

  it("shouldNotRepeatWhatWasRefused", async () => {
    const problem = { code: "not_in_room", detail: "nobody has the id pa_1", status: 404 };
    const { api, requests } = answering(Response.json(problem, { status: 404 }));
    await expect(api.mute("blue", "pa_1")).rejects.toMatchObject({ code: "not_in_room", status: 404 });
    expect(requests).toHaveLength(1);
  });

  it("shouldSayWhenAnAnswerIsNoneOfTheInterface", async () => {
    const { api } = answering(new Response("<html>", { status: 502, headers: { "Content-Type": "text/html" } }));
    await expect(api.server()).rejects.toMatchObject({ code: "unreadable", status: 502 });
  });

  it.each([
    ["/v1/rooms/blue/participants/pa_1:move", (api: OperatorApi) => api.move("blue", "pa_1", "green")],
    ["/v1/rooms/a%20b/queue/qt_1:deny", (api: OperatorApi) => api.deny("a b", "qt_1")],
    ["/v1/rooms/blue/timer:stop", (api: OperatorApi) => api.controlTimer("blue", "stop")],
    ["/v1/rooms/blue/queue:resume", (api: OperatorApi) => api.pauseQueue("blue", false)],
  ])("shouldPost %s", async (path, ask) => {
    const { api, requests } = answering(DONE);
    await ask(api);
    expect(requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([`POST ${path}`]);
  });

  it("shouldSumUpWhatGoesOverTheNetwork", async () => {
    const metrics = [
      "# HELP sfu_media_bytes_received_total payload bytes",
      "sfu_media_bytes_received_total 1000.0",
      "sfu_media_tcp_bytes_received_total 5.0",
      "sfu_media_bytes_sent_total 2.5E3",
    ].join("\n");
    const { api } = answering(new Response(metrics, { headers: { "Content-Type": "text/plain" } }));
    expect(await api.traffic()).toEqual({ receivedBytes: 1005, sentBytes: 2500 });
  });

  it("shouldNarrowAListByWhatIsWritten", async () => {
    const { api, requests } = answering(Response.json({ visits: [{ visitId: "vi_1" }], nextCursor: "n" }));
    const page = await api.visits({ room: "blue", identity: "", since: undefined }, "c");
    expect(page).toEqual({ items: [{ visitId: "vi_1" }], nextCursor: "n" });
    expect(new URL(requests[0]?.url ?? "").search).toBe("?room=blue&limit=50&cursor=c");
  });
});
