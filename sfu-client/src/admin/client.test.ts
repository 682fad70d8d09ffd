import { describe, expect, it } from "vitest";
import { adminClient } from "./client.js";

function answering(status: number, body: unknown) {
  const requests: Request[] = [];
  const fetch = (request: Request) => {
    requests.push(request);
    return Promise.resolve(Response.json(body, { status }));
  };
  return { requests, fetch };
}

describe("adminClient", () => {
  it("sends the token it is given at that time", async () => {
    const { requests, fetch } = answering(200, { rooms: [] });
    let bearer: string | undefined = "first";
    const client = adminClient({ baseUrl: "http://sfu.example:8081", token: () => bearer, fetch });
    await client.GET("/v1/rooms");
    bearer = "second";
    await client.GET("/v1/rooms");
    bearer = undefined;
    await client.GET("/v1/rooms");
    expect(requests.map(({ headers }) => headers.get("Authorization"))).toEqual([
      "Bearer first",
      "Bearer second",
      null,
    ]);
  });

  it("puts names into the path, and the action behind them", async () => {
    const { requests, fetch } = answering(200, {});
    const client = adminClient({ baseUrl: "http://sfu.example:8081", fetch });
    await client.POST("/v1/rooms/{room}:lock", { params: { path: { room: "a b/c" } } });
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST http://sfu.example:8081/v1/rooms/a%20b%2Fc:lock",
    ]);
  });

  it("answers a refusal as the problem it is", async () => {
    const { fetch } = answering(404, {
      type: "urn:parley:problem:room_not_found",
      status: 404,
      code: "room_not_found",
    });
    const client = adminClient({ baseUrl: "http://sfu.example:8081", fetch });
    const { data, error, response } = await client.GET("/v1/rooms/{room}", { params: { path: { room: "blue" } } });
    expect([data, error?.code, response.status]).toEqual([undefined, "room_not_found", 404]);
  });
});
