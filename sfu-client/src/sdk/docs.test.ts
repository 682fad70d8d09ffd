import ts from "typescript";
import { describe, expect, it } from "vitest";

const COMPILER_MS = 120_000;
const PAGES = ["README.md", "../docs/sdk.md", "../docs/diagnostics.md"];
/** What the snippets call the things of the page around them. */
const AROUND = `
declare const room: import("sfu-client").Room;
declare const video: HTMLVideoElement;
declare const token: string;
declare const abortController: AbortController;
declare function show(...what: unknown[]): void;
`;

/** By path from the client's folder, where tests run. */
function text(path: string): string {
  const found = ts.sys.readFile(path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found;
}

/** The literals of a union of texts. */
function members(type: string): string[] {
  const source = ts.createSourceFile("errors.ts", text("src/sdk/errors.ts"), ts.ScriptTarget.ES2022);
  const alias = source.statements.find(
    (statement): statement is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(statement) && statement.name.text === type,
  );
  if (!alias || !ts.isUnionTypeNode(alias.type)) throw new Error(`no union ${type}`);
  return alias.type.types.flatMap((member) =>
    ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal) ? [member.literal.text] : [],
  );
}

describe("The documents", () => {
  it(
    "shouldHaveSnippetsThatCompile",
    () => {
      const files = new Map([["snippets/around.d.ts", AROUND]]);
      for (const page of PAGES) {
        for (const [index, [, snippet]] of [...text(page).matchAll(/```ts\n(.*?)```/gs)].entries()) {
          files.set(`snippets/${page.replaceAll(/\W/g, "-")}-${index}.ts`, `${snippet ?? ""}\nexport {};\n`);
        }
      }
      expect(files.size).toBeGreaterThan(10);
      const { config } = ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path)) as { config: object };
      const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, ".");
      options.noUnusedLocals = false;
      options.paths = { "sfu-client": ["./src/sdk/index.ts"], "sfu-client/check": ["./src/sdk/check.ts"] };
      const plain = ts.createCompilerHost(options);
      const own = (path: string) => files.get(path.replace(`${ts.sys.getCurrentDirectory()}/`, ""));
      const host: ts.CompilerHost = {
        ...plain,
        fileExists: (path) => own(path) !== undefined || plain.fileExists(path),
        readFile: (path) => own(path) ?? plain.readFile(path),
        getSourceFile: (path, ...more) => {
          const snippet = own(path);
          return snippet === undefined
            ? plain.getSourceFile(path, ...more)
            : ts.createSourceFile(path, snippet, ts.ScriptTarget.ES2022);
        },
      };
      const program = ts.createProgram([...files.keys()], options, host);
      const wrong = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
        const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
        return `${file?.fileName ?? ""}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
      });
      expect(wrong).toEqual([]);
    },
    COMPILER_MS,
  );

  it("shouldNameEveryErrorOnce", () => {
    const section = /## Errors\n(.*?)\n## /s.exec(text("../docs/sdk.md"))?.[1] ?? "";
    const rows = section.split("\n").filter((line) => line.startsWith("| `"));
    const named = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, code]) => code));
    const codes = ["ServerErrorCode", "ConnectionErrorCode", "LocalErrorCode"].flatMap(members);
    expect([...named].sort()).toEqual([...codes].sort());
  });

  it("shouldKnowEveryErrorOfTheServer", () => {
    const java = text("../sfu-signaling/src/main/java/dev/parley/signaling/wire/ErrorCode.java");
    const sent = [...java.matchAll(/^ {2}([A-Z_]+)\((?:true|false)\)/gm)].map(([, name = ""]) => name.toLowerCase());
    expect(sent.length).toBeGreaterThan(20);
    expect(sent.filter((code) => !members("ServerErrorCode").includes(code))).toEqual([]);
  });
});
