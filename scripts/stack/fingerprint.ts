/** Tells whether the database still is what the migrations, the seed and the bootstrap say. */

import { BOOTSTRAP, MIGRATIONS, ROOT, SEED } from "./paths.ts";

/** SHA-256 of each file that shapes the database, by its path in the repository. */
export type Fingerprint = Record<string, string>;

/** The fingerprint of the files as they are now. */
export async function fingerprint(): Promise<Fingerprint> {
  const files = [...await sqlFiles(BOOTSTRAP), ...await sqlFiles(MIGRATIONS)];
  if (await Deno.stat(SEED).then(() => true, () => false)) files.push(SEED);
  return await hashFiles(files);
}

/** SHA-256 of each of these files, by its path in the repository. */
export async function hashFiles(files: string[]): Promise<Fingerprint> {
  const hashes: Fingerprint = {};
  for (const file of files) {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(file));
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0"));
    hashes[file.slice(ROOT.length + 1)] = hex.join("");
  }
  return hashes;
}

/** One line for each file that differs, such as `changed supabase/seed.sql`. */
export function differences(before: Fingerprint, now: Fingerprint): string[] {
  const files = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return files.filter((file) => before[file] !== now[file]).map((file) =>
    `${!(file in before) ? "new" : !(file in now) ? "removed" : "changed"} ${file}`
  );
}

async function sqlFiles(directory: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const entry of Deno.readDir(directory)) {
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory) paths.push(...await sqlFiles(path));
      else if (entry.name.endsWith(".sql")) paths.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return paths.sort();
}
