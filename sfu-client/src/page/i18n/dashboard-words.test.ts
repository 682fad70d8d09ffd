import ts from "typescript";
import { expect, it } from "vitest";
import { DASHBOARD_TEXTS } from "./dashboard-words.js";
import { LANGUAGES } from "./language.js";

/** The contract is the server's. */
const CONTRACT = "../sfu-admin/src/main/resources/openapi.json";

interface Contract {
  readonly components: {
    readonly schemas: {
      readonly Event: { readonly properties: { readonly type: { readonly enum: readonly string[] } } };
    };
  };
}

it.each(LANGUAGES)("shouldHaveWordsForEveryEvent: %s", (language) => {
  const { components } = JSON.parse(ts.sys.readFile(CONTRACT) ?? "{}") as Contract;
  const types = components.schemas.Event.properties.type.enum;
  expect(Object.keys(DASHBOARD_TEXTS[language].events).sort()).toEqual([...types].sort());
});
