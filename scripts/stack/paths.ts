/** Where everything lies: the repository, its local state, and the command line tools. */

import { fileURLToPath } from "node:url";

/** The repository's root, without a trailing slash. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");

/** State of this machine only; git ignores it. */
export const LOCAL = `${ROOT}/.local`;

/** Logs of the background processes. */
export const LOGS = `${LOCAL}/log`;

export const MIGRATIONS = `${ROOT}/supabase/migrations`;
export const SEED = `${ROOT}/supabase/seed.sql`;
export const FUNCTIONS = `${ROOT}/supabase/functions`;
export const PROJECT_CONFIG = `${ROOT}/supabase/config.toml`;
export const BOOTSTRAP = `${ROOT}/scripts/stack/bootstrap`;

/** A tool that npm installed. */
export const npmTool = (name: string) => `${ROOT}/node_modules/.bin/${name}`;

/** The Deno that runs this script; it also runs the background processes. */
export const DENO = Deno.execPath();
