/** Runs a generator from the command line: options, output, and what to say about the result. */
import { parseArgs } from "node:util";
import { Failure } from "../stack/failure.ts";
import { status } from "../stack/local_stack.ts";
import { ROOT } from "../stack/paths.ts";
import { readProjectConfig } from "../stack/project_config.ts";
import { type Difference, differences, write } from "./output.ts";

/** What a generator reads. */
export interface Source {
  /** The migrated database. */
  dbUrl: string;
  /** The schemas that the API serves. */
  exposedSchemas: string[];
}

/** A generator and the place of its files. */
export interface Generator {
  /** Its name after `npm run`. */
  command: string;
  /** Where its files go, from the root. */
  directory: string;
  /** Tells its own earlier output from other files in that directory. */
  isGenerated?: (text: string) => boolean;
  /** Makes the files: names and texts. */
  generate: (source: Source) => Promise<Map<string, string>>;
}

/**
 * Runs the generator with arguments such as `["--db-url", URL, "--check"]`. Without --db-url it
 * reads the database of the running local stack; with --check it compares and writes nothing.
 *
 * @returns the exit code: 1 when --check found a difference, otherwise 0
 * @throws Failure when the arguments cannot be understood or there is no database
 */
export async function runGenerator(generator: Generator, args: string[]): Promise<number> {
  const { dbUrl, check } = parseOptions(generator, args);
  const files = await generator.generate({
    dbUrl: dbUrl ?? await localDatabaseUrl(),
    exposedSchemas: (await readProjectConfig()).schemas,
  });
  const directory = `${ROOT}/${generator.directory}`;
  const act = check ? differences : write;
  const found = await act(directory, files, generator.isGenerated);
  for (const difference of found) console.log(line(generator, difference, check));
  if (found.length === 0) console.log(`${generator.directory} is up to date.`);
  if (found.length === 0 || !check) return 0;
  console.log(`Run \`npm run ${generator.command}\` and commit the result.`);
  return 1;
}

function parseOptions(
  { command }: Generator,
  args: string[],
): { dbUrl: string | undefined; check: boolean } {
  const usage = `Usage: npm run ${command} -- [--db-url URL] [--check]`;
  try {
    const { values } = parseArgs({
      args,
      options: { "db-url": { type: "string" }, check: { type: "boolean", default: false } },
    });
    return { dbUrl: values["db-url"], check: values.check };
  } catch (error) {
    throw new Failure(`${(error as Error).message} ${usage}`);
  }
}

function line({ directory }: Generator, { name, state }: Difference, check: boolean): string {
  const done = state === "left over" ? "removed" : "written";
  return `${check ? state : done}: ${directory}/${name}`;
}

/** The database of the local stack, which must be up and built from the present migrations. */
async function localDatabaseUrl(): Promise<string> {
  const stack = await status();
  if (!stack?.processes.some(({ name, up }) => name === "postgres" && up)) {
    throw new Failure("The local database does not run; npm start brings it up.");
  }
  if (stack.changed.length > 0) {
    throw new Failure(
      "The local database was built from other files; npm start builds it anew.",
      stack.changed.join("\n"),
    );
  }
  return stack.db_url;
}
