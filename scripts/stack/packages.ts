/** Installs the Debian packages that the stack runs on. */

import { Failure } from "./failure.ts";
import type { Progress } from "./progress.ts";
import { run, said } from "./run_tool.ts";

/** The PostgreSQL that the stack uses. */
export interface PostgresInstallation {
  major: number;
  /** Directory of initdb, pg_ctl and psql. */
  bin: string;
}

/** The oldest PostgreSQL that the migrations run on. */
const OLDEST_MAJOR = 15;

const serverPackages = (major: number) => [
  `postgresql-${major}`,
  `postgresql-${major}-cron`,
  `postgresql-${major}-hypopg`,
  `postgresql-${major}-pgextwlist`,
  `postgresql-${major}-pgtap`,
  `postgresql-${major}-plpgsql-check`,
  `postgresql-${major}-postgis-3`,
  "redis-server",
];

/** pg_prove, which runs the pgTAP files. */
const PG_PROVE = "libtap-parser-sourcehandler-pgtap-perl";

/** OpenStack Swift, whose S3 API the tests of the archive write to. */
const S3_SERVER = "python3-swift";

/** Browsers that can open the example page without a window, best first. */
const BROWSERS = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];

/** The browser installed here, by name, or undefined. */
export async function installedBrowser(): Promise<string | undefined> {
  for (const name of BROWSERS) if (await isInstalled(name)) return name;
  return undefined;
}

/**
 * Makes sure that all packages for `npm start` (and, with `tests`, for `npm test`) are installed.
 *
 * Installs them as root, or by sudo when it asks for no password. Otherwise fails with the one line
 * that the reader has to run.
 */
export async function ensurePackages(
  progress: Progress,
  { tests = false } = {},
): Promise<PostgresInstallation> {
  if (Deno.build.os !== "linux" || !await isInstalled("dpkg-query")) {
    throw new Failure(
      "The stack without Docker needs Debian or Ubuntu; on this system use the Docker stack: " +
        `npm ${tests ? "test" : "start"} -- --docker`,
    );
  }
  let major = await installedMajor() ?? await offeredMajor();
  const missing = await missingPackages(major, tests);
  if (missing.length > 0) {
    const apt = await aptCommand(missing);
    await refresh(progress, apt);
    // A fresh image has no package lists, so the version on offer may be known only now.
    major = await installedMajor() ?? await offeredMajor();
    await install(progress, apt, await missingPackages(major, tests));
  }
  return installation(major);
}

const installation = (major: number): PostgresInstallation => ({
  major,
  bin: `/usr/lib/postgresql/${major}/bin`,
});

/** The PostgreSQL that is installed; nothing is installed to find it. */
export async function installedPostgres(): Promise<PostgresInstallation> {
  const major = await installedMajor();
  if (major === undefined) {
    throw new Failure("PostgreSQL is not installed any more; npm start installs it.");
  }
  return installation(major);
}

/** Makes sure that pg_prove and psql are installed, for a database that runs elsewhere. */
export async function ensureTestTools(progress: Progress): Promise<void> {
  const tools = [["pg_prove", PG_PROVE], ["psql", "postgresql-client"]];
  const missing: string[] = [];
  for (const [program, name] of tools) if (!await isInstalled(program)) missing.push(name);
  if (missing.length === 0) return;
  if (!await isInstalled("apt-get")) {
    throw new Failure("pg_prove and psql must be installed first.");
  }
  const apt = await aptCommand(missing);
  await refresh(progress, apt);
  await install(progress, apt, missing);
}

const refresh = (progress: Progress, apt: string[]) =>
  progress.step("refresh the list of Debian packages", () => aptGet(apt, ["update"]));

const install = (progress: Progress, apt: string[], names: string[]) =>
  progress.step(
    `install Debian packages: ${names.join(" ")}`,
    () => aptGet(apt, ["install", "--yes", "--no-install-recommends", ...names]),
  );

async function missingPackages(major: number, tests: boolean): Promise<string[]> {
  const wanted = serverPackages(major);
  if (tests) {
    wanted.push(PG_PROVE, S3_SERVER, "curl");
    // Ubuntu has no Chromium package; there the runner images bring Google Chrome.
    if (await installedBrowser() === undefined && await isOffered("chromium")) {
      wanted.push("chromium");
    }
  }
  const result = await run(["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", ...wanted]);
  const installed = new Set(
    result.stdout.split("\n").filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

/** The newest suitable PostgreSQL server installed here. */
async function installedMajor(): Promise<number | undefined> {
  const majors: number[] = [];
  try {
    for await (const entry of Deno.readDir("/usr/lib/postgresql")) {
      const initdb = `/usr/lib/postgresql/${entry.name}/bin/initdb`;
      if (await Deno.stat(initdb).then(() => true, () => false)) majors.push(Number(entry.name));
    }
  } catch { /* No server package is installed. */ }
  return majors.filter((major) => major >= OLDEST_MAJOR).sort((a, b) => b - a)[0];
}

/** The PostgreSQL that this release of Debian or Ubuntu brings. */
async function offeredMajor(): Promise<number> {
  const { stdout } = await run(["apt-cache", "depends", "postgresql"]);
  const offered = Number(stdout.match(/Depends: postgresql-(\d+)/)?.[1] ?? OLDEST_MAJOR);
  if (offered < OLDEST_MAJOR) {
    throw new Failure(
      `This system's packages bring PostgreSQL ${offered}, and ${OLDEST_MAJOR} or newer is needed; ` +
        "use Debian 12, Ubuntu 24.04 or newer, or: npm start -- --docker",
    );
  }
  return offered;
}

const APT_ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive" };

/** How to call apt-get here, or a failure that tells the reader what to run. */
async function aptCommand(missing: string[]): Promise<string[]> {
  const aptGetCommand = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"];
  if (Deno.uid() === 0) return aptGetCommand;
  if ((await run(["sudo", "-n", "true"])).code === 0) {
    return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", ...aptGetCommand];
  }
  throw new Failure(
    "Debian packages are missing, and installing them needs root. Run this once, then try again:\n" +
      `sudo apt-get update && sudo apt-get install --no-install-recommends ${missing.join(" ")}`,
  );
}

async function aptGet(apt: string[], args: string[]): Promise<void> {
  const result = await run([...apt, ...args], { env: APT_ENVIRONMENT });
  if (result.code !== 0) throw new Failure(`apt-get ${args[0]} failed.`, said(result));
}

async function isOffered(name: string): Promise<boolean> {
  const { stdout } = await run(["apt-cache", "policy", name]);
  const candidate = stdout.match(/Candidate: (.+)/)?.[1];
  return candidate !== undefined && candidate !== "(none)" && !candidate.includes("snap");
}

async function isInstalled(program: string): Promise<boolean> {
  return (await run(["sh", "-c", 'command -v "$0"', program])).code === 0;
}
