/**
 * Writes docs/schema from the comments in a migrated database.
 *
 * Usage: docs.ts [--db-url URL] [--check]
 */
import postgres from "postgres";
import { type Catalogue, readCatalogue } from "./docs/catalogue.ts";
import { runGenerator } from "./docs/generator.ts";
import { GENERATED_MARK, renderPages } from "./docs/render.ts";
import { Failure, main } from "./stack/failure.ts";

/** Reads the catalogue in one snapshot that cannot write. */
async function loadCatalogue(dbUrl: string): Promise<Catalogue> {
  try {
    const sql = postgres(dbUrl, { max: 1, connect_timeout: 10, onnotice: () => {} });
    try {
      return await sql.begin("isolation level repeatable read read only", readCatalogue);
    } finally {
      await sql.end();
    }
  } catch (error) {
    throw new Failure("The catalogue of the database cannot be read.", String(error));
  }
}

if (import.meta.main) {
  await main(() =>
    runGenerator({
      command: "docs",
      directory: "docs/schema",
      isGenerated: (text) => text.startsWith(GENERATED_MARK),
      generate: async ({ dbUrl, exposedSchemas }) =>
        renderPages(await loadCatalogue(dbUrl), exposedSchemas),
    }, Deno.args)
  );
}
