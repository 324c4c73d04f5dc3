/** Reads settings from the environment. */

import { Failure } from "./failure.ts";

/** The named variables; a failure names those that are not set. */
export function requiredEnvironment<Name extends string>(...names: Name[]): Record<Name, string> {
  const missing = names.filter((name) => !Deno.env.get(name));
  if (missing.length > 0) throw new Failure(`Not set in the environment: ${missing.join(", ")}.`);
  return Object.fromEntries(names.map((name) => [name, Deno.env.get(name)])) as Record<
    Name,
    string
  >;
}
