import { beforeEach, describe, expect, it } from "vitest";
import { Session } from "./session.js";

const TOKEN = "a token";

describe("Who looks", () => {
  let kept: Map<string, string>;
  let asked: Request[];
  /** Whether the server wants a token. */
  let guarded: boolean;
  let broken: boolean;

  const session = () =>
    new Session({
      baseUrl: "http://sfu.example:8081",
      storage: {
        getItem: (name) => kept.get(name) ?? null,
        setItem: (name, value) => void kept.set(name, value),
        removeItem: (name) => void kept.delete(name),
      },
      fetch: (request) => {
        asked.push(request);
        if (broken) return Promise.reject(new TypeError("Failed to fetch"));
        const bearer = request.headers.get("Authorization");
        if (guarded && bearer !== `Bearer ${TOKEN}`) {
          return Promise.resolve(
            Response.json({ code: bearer ? "token_invalid" : "not_authenticated" }, { status: 401 }),
          );
        }
        return Promise.resolve(Response.json({ ready: true }));
      },
    });

  beforeEach(() => {
    kept = new Map();
    asked = [];
    [guarded, broken] = [true, false];
  });

  it("shouldBeAskedNothingWhereNoTokenIsNeeded", async () => {
    guarded = false;
    const own = session();
    await own.start();
    expect([own.state.value, own.signedIn.value, own.problem.value]).toEqual(["in", false, undefined]);
  });

  it("shouldBeAskedForATokenWithoutABlame", async () => {
    const own = session();
    await own.start();
    expect([own.state.value, own.problem.value]).toEqual(["out", undefined]);
  });

  it("shouldBeToldThatATokenIsWrong", async () => {
    const own = session();
    await own.signIn("another one");
    expect([own.state.value, own.problem.value?.code]).toEqual(["out", "token_invalid"]);
    expect(kept.size).toBe(0);
  });

  it("shouldKeepATokenThatOpens", async () => {
    await session().signIn(TOKEN);
    const reloaded = session();
    await reloaded.start();
    expect([reloaded.state.value, reloaded.signedIn.value, reloaded.token]).toEqual(["in", true, TOKEN]);
  });

  it("shouldPutNoTokenIntoAnAddress", async () => {
    await session().signIn(TOKEN);
    expect(asked.map(({ url }) => url).join()).not.toMatch(/token/);
  });

  it("shouldForgetTheTokenOfWhoSignsOut", async () => {
    const own = session();
    await own.signIn(TOKEN);
    own.signOut();
    expect([own.state.value, own.signedIn.value, own.token, kept.size]).toEqual(["out", false, undefined, 0]);
  });

  it("shouldAskAgainWhenATokenIsTakenAway", async () => {
    const own = session();
    guarded = false;
    await own.signIn("of before");
    guarded = true;
    await expect(own.api.rooms()).rejects.toMatchObject({ code: "token_invalid", status: 401 });
    expect([own.state.value, own.problem.value?.code]).toEqual(["out", "token_invalid"]);
  });

  it("shouldKeepTheTokenWhenTheServerIsAway", async () => {
    await session().signIn(TOKEN);
    broken = true;
    const reloaded = session();
    await reloaded.start();
    expect([reloaded.state.value, reloaded.problem.value?.code, reloaded.token]).toEqual([
      "unknown",
      "unreachable",
      TOKEN,
    ]);
  });
});
