import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { sources } from "../testing/sources.js";

const COMPILER_MS = 120_000;
const TABLE = "src/page/i18n/en.ts";
const DASHBOARD_TABLE = "src/page/i18n/dashboard-en.ts";
const OTHER_TABLES = [
  "src/page/i18n/uk.ts",
  "src/page/i18n/ru.ts",
  "src/page/i18n/dashboard-uk.ts",
  "src/page/i18n/dashboard-ru.ts",
];
const ICONS = "src/page/design/icon.tsx";

describe("What the pages have ready", () => {
  let program: ts.Program;
  let checker: ts.TypeChecker;
  let files: readonly ts.SourceFile[];

  beforeAll(() => {
    const { config } = ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path)) as { config: object };
    const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
    program = ts.createProgram(fileNames, options);
    checker = program.getTypeChecker();
    const paths = sources().map(({ path }) => path);
    files = paths.filter((path) => ![TABLE, DASHBOARD_TABLE, ...OTHER_TABLES, ICONS].includes(path)).map(file);
  }, COMPILER_MS);

  function file(path: string): ts.SourceFile {
    const found = program.getSourceFile(path);
    if (!found) throw new Error(`no ${path}`);
    return found;
  }

  /** The entries of a constant object, and of the objects in it; paths such as `chat.title`. */
  function entries(path: string, name: string): Map<ts.Node, string> {
    const found = new Map<ts.Node, string>();
    const add = (node: ts.Node, prefix: string): void => {
      if (ts.isAsExpression(node)) add(node.expression, prefix);
      if (!ts.isObjectLiteralExpression(node)) return;
      for (const entry of node.properties) {
        const at = `${prefix}${entry.name?.getText() ?? ""}`;
        found.set(entry, at);
        if (ts.isPropertyAssignment(entry)) add(entry.initializer, `${at}.`);
      }
    };
    for (const statement of file(path).statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name: constant, initializer } of statement.declarationList.declarations) {
        if (initializer && constant.getText() === name) add(initializer, "");
      }
    }
    return found;
  }

  function eachNode(look: (node: ts.Node) => void): void {
    const walk = (node: ts.Node): void => {
      look(node);
      ts.forEachChild(node, walk);
    };
    files.forEach(walk);
  }

  /** The texts that a value may be; `undefined` when it may be any. */
  function literals(type: ts.Type): string[] | undefined {
    const types = type.isUnion() ? type.types : [type];
    const texts = types.flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
    return texts.length === types.length ? texts : undefined;
  }

  it.each([
    [TABLE, "en"],
    [DASHBOARD_TABLE, "dashboardEn"],
  ])(
    "shouldSayEveryTextSomewhere: %s",
    (table, name) => {
      const texts = entries(table, name);
      expect(texts.size).toBeGreaterThan(150);
      const use = (symbol: ts.Symbol | undefined) => symbol?.declarations?.forEach((entry) => texts.delete(entry));
      eachNode((node) => {
        if (ts.isIdentifier(node)) use(checker.getSymbolAtLocation(node));
        if (ts.isBindingElement(node)) {
          const name = node.propertyName ?? node.name;
          if (ts.isIdentifier(name)) use(checker.getTypeAtLocation(node.parent).getProperty(name.text));
        }
        // What is passed on as a whole may be asked for any name.
        if (ts.isCallExpression(node)) {
          for (const passed of node.arguments)
            if (ts.isPropertyAccessExpression(passed)) checker.getTypeAtLocation(passed).getProperties().forEach(use);
        }
        if (ts.isElementAccessExpression(node)) {
          const type = checker.getTypeAtLocation(node.expression);
          const names = literals(checker.getTypeAtLocation(node.argumentExpression));
          if (names) names.forEach((name) => use(type.getProperty(name)));
          else type.getProperties().forEach(use);
        }
      });
      expect([...texts.values()]).toEqual([]);
    },
    COMPILER_MS,
  );

  it(
    "shouldDrawEveryIconSomewhere",
    () => {
      const icons = new Set(entries(ICONS, "PATHS").values());
      expect(icons.size).toBeGreaterThan(20);
      const count = icons.size;
      eachNode((node) => {
        if (!ts.isExpression(node)) return;
        const wanted = checker.getContextualType(node);
        if (!wanted || literals(wanted)?.length !== count) return;
        const names = literals(checker.getTypeAtLocation(node)) ?? [];
        // What may be any icon was only passed on.
        if (names.length < count) names.forEach((name) => icons.delete(name));
      });
      expect([...icons]).toEqual([]);
    },
    COMPILER_MS,
  );
});
