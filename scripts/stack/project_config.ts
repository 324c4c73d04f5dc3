/** Reads supabase/config.toml, the one place that says what the API exposes. */

import { parse } from "smol-toml";
import { Failure } from "./failure.ts";
import { PROJECT_CONFIG } from "./paths.ts";

export interface ProjectConfig {
  /** Schemas that the API serves; the first is the default profile. */
  schemas: string[];
  /** Schemas on the search path of each request, after the profile's own. */
  extraSearchPath: string[];
  /** The most rows that one answer holds. */
  maxRows: number;
  minimumPasswordLength: number;
  /** Lifetime of a user's token, in seconds. */
  jwtExpiry: number;
  /** Functions of the edge that the gateway calls without asking for a user's token. */
  functionsWithoutToken: string[];
}

type Table = Record<string, unknown>;

/** Reads the keys that the local stack needs; what is absent has the CLI's default. */
export async function readProjectConfig(path = PROJECT_CONFIG): Promise<ProjectConfig> {
  let config: Table;
  try {
    config = parse(await Deno.readTextFile(path));
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${(error as Error).message.split("\n")[0]}.`);
  }
  const table = (value: unknown): Table =>
    typeof value === "object" && value !== null ? value as Table : {};
  const texts = (value: unknown, otherwise: string[]) =>
    Array.isArray(value) ? value.map(String) : otherwise;
  const number = (value: unknown, otherwise: number) =>
    typeof value === "number" ? value : otherwise;
  const api = table(config.api);
  const auth = table(config.auth);
  return {
    schemas: texts(api.schemas, ["public", "graphql_public"]),
    extraSearchPath: texts(api.extra_search_path, ["public", "extensions"]),
    maxRows: number(api.max_rows, 1000),
    minimumPasswordLength: number(auth.minimum_password_length, 6),
    jwtExpiry: number(auth.jwt_expiry, 3600),
    functionsWithoutToken: Object.entries(table(config.functions))
      .filter(([, settings]) => table(settings).verify_jwt === false)
      .map(([name]) => name),
  };
}
