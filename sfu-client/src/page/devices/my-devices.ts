import { signal } from "@preact/signals";
import { Devices, type DeviceChoices, type DeviceList } from "../../sdk/index.js";

const KEY = "parley.devices";

/** What this person used the last time. */
interface Kept {
  readonly chosen: DeviceChoices;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
}

const NOTHING_KEPT: Kept = { chosen: {}, microphoneOn: true, cameraOn: true };

/** The devices of this page, which choices outlive. One for all visits. */
export class MyDevices {
  readonly devices: Devices;
  readonly list = signal<DeviceList>({ microphones: [], cameras: [], speakers: [] });
  readonly chosen = signal<DeviceChoices>({});
  readonly #storage: Storage;
  #kept: Kept;

  constructor(storage: Storage = localStorage, make = (chosen: DeviceChoices) => new Devices({ chosen })) {
    this.#storage = storage;
    this.#kept = read(storage);
    this.devices = make(this.#kept.chosen);
    this.chosen.value = this.#kept.chosen;
    this.devices.on("list", ({ list }) => (this.list.value = list));
    this.devices.on("choice", () => {
      this.chosen.value = this.devices.chosen;
      this.#keep({ chosen: this.devices.chosen });
    });
    void this.devices.refresh();
  }

  get microphoneOn(): boolean {
    return this.#kept.microphoneOn;
  }

  get cameraOn(): boolean {
    return this.#kept.cameraOn;
  }

  /** For the next visit. */
  remember(on: { microphoneOn: boolean } | { cameraOn: boolean }): void {
    this.#keep(on);
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    this.#storage.setItem(KEY, JSON.stringify(this.#kept));
  }
}

/** What cannot be read was written by something else, and counts as nothing. */
function read(storage: Storage): Kept {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? "null");
    if (typeof kept !== "object" || kept === null) return NOTHING_KEPT;
    const { chosen, microphoneOn, cameraOn } = kept as Partial<Record<keyof Kept, unknown>>;
    return {
      chosen: typeof chosen === "object" && chosen !== null ? chosen : {},
      microphoneOn: microphoneOn !== false,
      cameraOn: cameraOn !== false,
    };
  } catch {
    return NOTHING_KEPT;
  }
}
