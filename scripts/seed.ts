/**
 * Writes supabase/seed.sql from the data in scripts/seed/: the same bytes on every machine.
 *
 * Usage: seed.ts [--check]
 *
 * With --check it writes nothing and exits 1 when the file is not what it would write. It takes
 * --db-url as the other generators do, and needs no database.
 */
import { parseArgs } from "node:util";
import { makeSeed } from "./seed/model.ts";
import { render } from "./seed/render.ts";
import { Failure, main } from "./stack/failure.ts";

const NAME = "supabase/seed.sql";
const FILE = new URL(`../${NAME}`, import.meta.url);

function isCheck(args: string[]): boolean {
  try {
    return parseArgs({
      args,
      options: { "db-url": { type: "string" }, check: { type: "boolean", default: false } },
    }).values.check;
  } catch (error) {
    throw new Failure(`${(error as Error).message} Usage: npm run seed -- [--check]`);
  }
}

await main(async () => {
  const check = isCheck(Deno.args);
  const sql = render(makeSeed());
  const present = await Deno.readTextFile(FILE).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (present === sql) {
    console.log(`${NAME} is up to date.`);
    return 0;
  }
  if (check) {
    console.log(`${present === undefined ? "missing" : "out of date"}: ${NAME}`);
    console.log("Run `npm run seed` and commit the result.");
    return 1;
  }
  await Deno.writeTextFile(FILE, sql);
  console.log(`written: ${NAME}`);
  return 0;
});
