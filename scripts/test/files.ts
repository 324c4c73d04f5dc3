/** Finds files in the repository. */

import { ROOT } from "../stack/paths.ts";

/** Paths, relative to the repository, of the files below `folder` whose name ends so. */
export async function walk(folder: string, ending: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(`${ROOT}/${folder}`)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) found.push(...await walk(path, ending));
      else if (entry.name.endsWith(ending)) found.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}
