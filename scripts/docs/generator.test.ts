import assert from "node:assert/strict";
import { relative } from "node:path";
import { ROOT } from "../stack/paths.ts";
import { Failure } from "../stack/failure.ts";
import { type Generator, runGenerator } from "./generator.ts";

const MARK = "generated\n";
const DB_URL = "postgresql://localhost/nothing";

/** Runs a test with a directory of its own, and a generator that fills it with these files. */
async function withGenerator(
  files: Record<string, string>,
  test: (run: (...args: string[]) => Promise<number>, directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const generator: Generator = {
    command: "docs",
    directory: relative(ROOT, directory),
    isGenerated: (text) => text.startsWith(MARK),
    generate: () => Promise.resolve(new Map(Object.entries(files))),
  };
  try {
    await test((...args) => runGenerator(generator, ["--db-url", DB_URL, ...args]), directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The files of a directory, with their texts. */
async function contents(directory: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for await (const { name } of Deno.readDir(directory)) {
    texts[name] = await Deno.readTextFile(`${directory}/${name}`);
  }
  return texts;
}

/** What is printed while `work` runs. */
async function printed(work: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (text: string) => lines.push(text);
  try {
    await work();
  } finally {
    console.log = log;
  }
  return lines;
}

Deno.test("--check names each file that is missing, stale or left over, and changes none", async () => {
  const expected = { "a.md": `${MARK}a`, "b.md": `${MARK}b`, "c.md": `${MARK}c` };
  await withGenerator(expected, async (run, directory) => {
    const before = {
      "b.md": `${MARK}old`,
      "c.md": `${MARK}c`,
      "gone.md": MARK,
      "own.md": "by hand",
    };
    for (const [name, text] of Object.entries(before)) {
      await Deno.writeTextFile(`${directory}/${name}`, text);
    }
    let code = 0;
    const lines = await printed(async () => code = await run("--check"));
    assert.equal(code, 1);
    const place = relative(ROOT, directory);
    assert.deepEqual(lines.slice(0, -1), [
      `missing: ${place}/a.md`,
      `stale: ${place}/b.md`,
      `left over: ${place}/gone.md`,
    ]);
    assert.deepEqual(await contents(directory), before);
  });
});

Deno.test("a run writes what differs, removes what is left over, and then --check passes", async () => {
  const expected = { "a.md": `${MARK}a` };
  await withGenerator(expected, async (run, directory) => {
    await Deno.writeTextFile(`${directory}/gone.md`, MARK);
    await Deno.writeTextFile(`${directory}/own.md`, "by hand");
    await printed(async () => {
      assert.equal(await run(), 0);
      assert.equal(await run("--check"), 0);
    });
    assert.deepEqual(await contents(directory), { ...expected, "own.md": "by hand" });
  });
});

Deno.test("a missing directory is made by a run and reported by --check", async () => {
  await withGenerator({ "a.md": "a" }, async (run, directory) => {
    await Deno.remove(directory);
    await printed(async () => {
      assert.equal(await run("--check"), 1);
      assert.equal(await run(), 0);
      assert.equal(await run("--check"), 0);
    });
  });
});

Deno.test("an unknown argument is refused with the usage", async () => {
  await withGenerator({}, async (run) => {
    await assert.rejects(run("--chek"), (error) => {
      assert.ok(error instanceof Failure);
      assert.match(error.message, /--chek.*Usage: npm run docs/);
      return true;
    });
  });
});
