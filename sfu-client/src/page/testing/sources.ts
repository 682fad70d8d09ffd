import ts from "typescript";

/** What the pages are made of, without tests; paths are from the client's folder, where tests run. */
export function sources(): readonly { readonly path: string; readonly text: string }[] {
  return ["src/page", "src/admin"]
    .flatMap((folder) => ts.sys.readDirectory(folder, [".ts", ".tsx"]))
    .filter((path) => !/\.(test|tour|d)\.ts$/.test(path) && !path.includes("/testing/"))
    .map((path) => ({ path, text: ts.sys.readFile(path) ?? "" }));
}
