import ts from "typescript";

/** The pages' own sources, without tests; paths are from the client's folder, where tests run. */
export function sources(): readonly { readonly path: string; readonly text: string }[] {
  return ts.sys
    .readDirectory("src/page", [".ts", ".tsx"])
    .filter((path) => !path.endsWith(".test.ts") && !path.includes("/testing/"))
    .map((path) => ({ path, text: ts.sys.readFile(path) ?? "" }));
}
