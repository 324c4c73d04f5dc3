/** Reads the settings that a background process gets from the one that starts it. */

/** The named variables, all of them set; an absent one is a defect of the caller. */
export function requiredEnvironment<Name extends string>(...names: Name[]): Record<Name, string> {
  const values = {} as Record<Name, string>;
  for (const name of names) {
    const value = Deno.env.get(name);
    if (value === undefined) throw new Error(`environment variable ${name} is not set`);
    values[name] = value;
  }
  return values;
}
