import { beforeEach, expect, it } from "vitest";
import { Devices } from "../../sdk/index.js";
import { FakeDevices } from "../../sdk/testing/fake-devices.js";
import { MyDevices } from "./my-devices.js";

let items: Map<string, string>;
let storage: Storage;

beforeEach(() => {
  items = new Map();
  storage = {
    length: 0,
    clear: () => items.clear(),
    key: () => null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
});

const mine = () => new MyDevices(storage, (chosen) => new Devices({ chosen, access: new FakeDevices() }));

it("shouldKeepChoicesForTheNextVisit", () => {
  const before = mine();
  before.devices.choose("camera", "cam2");
  before.devices.choose("speaker", "loud");
  before.devices.choose("speaker", undefined);
  before.remember({ microphoneOn: false });
  expect(before.chosen.value).toEqual({ camera: "cam2" });
  const after = mine();
  expect(after.devices.chosen).toEqual({ camera: "cam2" });
  expect(after.chosen.value).toEqual({ camera: "cam2" });
  expect([after.microphoneOn, after.cameraOn]).toEqual([false, true]);
});

it.each(["", "{", "null", '"text"', '{"chosen":7}', '{"chosen":null}'])("shouldTake %j for nothing kept", (text) => {
  items.set("parley.devices", text);
  const fresh = mine();
  expect(fresh.devices.chosen).toEqual({});
  expect([fresh.microphoneOn, fresh.cameraOn]).toEqual([true, true]);
});
