/** Writes generated files, or says how they differ from what is there. */

/** A file that is not what the generator would write. */
export interface Difference {
  name: string;
  state: "missing" | "stale" | "left over";
}

/**
 * Compares a directory with the files that belong there.
 *
 * @param files name and text of each file
 * @param isGenerated tells an earlier output of the same generator from a file that is someone's own
 */
export async function differences(
  directory: string,
  files: ReadonlyMap<string, string>,
  isGenerated: (text: string) => boolean = () => false,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const [name, text] of files) {
    const present = await readText(`${directory}/${name}`);
    if (present === null) found.push({ name, state: "missing" });
    else if (present !== text) found.push({ name, state: "stale" });
  }
  for (const name of await fileNames(directory)) {
    if (files.has(name)) continue;
    const present = await readText(`${directory}/${name}`);
    if (present !== null && isGenerated(present)) found.push({ name, state: "left over" });
  }
  return found;
}

/** Makes the directory hold these files: writes what differs, removes what is left over. */
export async function write(
  directory: string,
  files: ReadonlyMap<string, string>,
  isGenerated?: (text: string) => boolean,
): Promise<Difference[]> {
  await Deno.mkdir(directory, { recursive: true });
  const found = await differences(directory, files, isGenerated);
  for (const { name } of found) {
    const text = files.get(name);
    if (text === undefined) await Deno.remove(`${directory}/${name}`);
    else await Deno.writeTextFile(`${directory}/${name}`, text);
  }
  return found;
}

async function readText(file: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function fileNames(directory: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(directory));
    return entries.filter((entry) => entry.isFile).map((entry) => entry.name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
