/** The stack that the test runner gives, and the functions of the edge pointed at it. */

/** A variable of the test runner; without a stack there is nothing to test against. */
export function given(name: string): string {
  const value = Deno.env.get(name);
  if (value === undefined) throw new Error(`${name} is not set: run these tests by \`npm test\``);
  return value;
}

export const API_URL = given("PLINTH_API_URL");
export const DATABASE_URL = given("PLINTH_DB_URL");
export const PUBLISHABLE_KEY = given("PLINTH_PUBLISHABLE_KEY");
export const SECRET_KEY = given("PLINTH_SECRET_KEY");
export const JWT_SECRET = given("PLINTH_JWT_SECRET");

/** Sets what the platform sets for every function, with the API at `url`. */
export function useApi(url = API_URL): void {
  Deno.env.set("SUPABASE_URL", url);
  Deno.env.set("SUPABASE_PUBLISHABLE_KEYS", JSON.stringify({ default: PUBLISHABLE_KEY }));
  Deno.env.set("SUPABASE_SECRET_KEYS", JSON.stringify({ default: SECRET_KEY }));
}

/** What functions still do after they have answered. */
const afterwards: Promise<void>[] = [];
Object.assign(globalThis, {
  EdgeRuntime: { waitUntil: (work: Promise<void>) => afterwards.push(work) },
});

/** The origin under which the platform calls a function. */
export const FUNCTION_ORIGIN = "http://functions.local";

export interface Reply {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Calls a function as the platform does, without a server in between, and waits for its last work. */
export async function call(
  handler: { fetch: (request: Request) => Promise<Response> },
  path: string,
  init: RequestInit = {},
): Promise<Reply> {
  const response = await handler.fetch(new Request(`${FUNCTION_ORIGIN}${path}`, init));
  const text = await response.text();
  await Promise.all(afterwards.splice(0));
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? null : JSON.parse(text),
  };
}
