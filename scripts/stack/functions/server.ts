/**
 * The process `functions`: every supabase/functions/<name>/index.ts on one port, under
 * /functions/v1/<name>, called as hosted Supabase calls it: the function sees /<name>/… as its path,
 * and a function whose verify_jwt is not false gets no request without a valid user's token. It also
 * calls the functions that the database wakes.
 */

import { jwtVerify } from "jose";
import { HEALTH_PATH } from "../api/health.ts";
import { requiredEnvironment } from "../environment.ts";
import { FUNCTIONS } from "../paths.ts";
import { readProjectConfig } from "../project_config.ts";
import { wakeFunctions } from "./waker.ts";

type Handler = (request: Request) => Response | Promise<Response>;

const environment = requiredEnvironment(
  "PLINTH_FUNCTIONS_PORT",
  "PLINTH_JWT_SECRET",
  "SUPABASE_DB_URL",
  "SUPABASE_SECRET_KEYS",
  "SUPABASE_URL",
);
const { functionsWithoutToken } = await readProjectConfig();
const handlers = await loadFunctions();

Deno.serve({
  hostname: "127.0.0.1",
  port: Number(environment.PLINTH_FUNCTIONS_PORT),
  onListen: () => {
    const names = [...handlers.keys()].join(", ") || "none";
    console.log(`${new Date().toISOString()} functions served: ${names}`);
  },
}, serve);
wakeFunctions({
  databaseUrl: environment.SUPABASE_DB_URL,
  functionsUrl: `${environment.SUPABASE_URL}/functions/v1`,
  secretKey: JSON.parse(environment.SUPABASE_SECRET_KEYS).default,
}, new AbortController().signal);

async function serve(request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname === HEALTH_PATH) {
    return Response.json({ service: "plinth-functions", functions: [...handlers.keys()] });
  }
  const [, name, rest] = url.pathname.match(/^\/functions\/v1\/([^/]+)(\/.*)?$/) ?? [];
  const handler = handlers.get(name);
  if (!handler) {
    return refuse(404, "NOT_FOUND", "Requested function was not found");
  }
  const preflight = request.method === "OPTIONS";
  if (!preflight && !functionsWithoutToken.includes(name) && !await hasValidToken(request)) {
    return refuse(401, "UNAUTHORIZED", "This function needs a valid token of a signed-in user");
  }
  url.pathname = `/${name}${rest ?? ""}`;
  try {
    return await handler(new Request(url, request));
  } catch (error) {
    console.error(`function ${name} failed:`, error);
    return refuse(500, "WORKER_ERROR", "Function exited due to an error (please check logs)");
  }
}

const refuse = (status: number, code: string, message: string) =>
  Response.json({ code, message }, { status });

async function hasValidToken(request: Request): Promise<boolean> {
  const token = request.headers.get("authorization")?.match(/^Bearer (.+)$/i)?.[1];
  if (!token) return false;
  const secret = new TextEncoder().encode(environment.PLINTH_JWT_SECRET);
  return await jwtVerify(token, secret, { algorithms: ["HS256"] }).then(() => true, () => false);
}

/** Imports each function. One that does not load is reported and left out; the others are served. */
async function loadFunctions(): Promise<Map<string, Handler>> {
  const loaded = new Map<string, Handler>();
  const names: string[] = [];
  for await (const entry of Deno.readDir(FUNCTIONS)) {
    if (entry.isDirectory && /^[a-z]/.test(entry.name) && entry.name !== "tests") {
      names.push(entry.name);
    }
  }
  for (const name of names.sort()) {
    try {
      const module = await import(new URL(`file://${FUNCTIONS}/${name}/index.ts`).href);
      const fetch = module.default?.fetch;
      if (typeof fetch !== "function") throw new Error("it has no `export default { fetch }`");
      loaded.set(name, fetch.bind(module.default));
    } catch (error) {
      console.error(`function ${name} was not loaded:`, error);
    }
  }
  return loaded;
}
