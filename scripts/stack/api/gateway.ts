/** One origin for everything, as on hosted Supabase: /rest/v1, /auth/v1, /functions/v1. */

import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { serveStatic } from "hono/deno";
import { proxy } from "hono/proxy";
import { ROOT } from "../paths.ts";
import { HEALTH_PATH } from "./health.ts";

export interface GatewayParts {
  /** Serves /rest/v1 and /auth/v1. */
  api: (request: Request, peerAddress: string) => Promise<Response>;
  /** Where the functions server listens; the gateway hides its port. */
  functionsOrigin: string;
  /** This origin, as clients see it. */
  url: string;
  publishableKey: string;
}

type Environment = { Bindings: { peerAddress: string } };

export function gateway(parts: GatewayParts): Hono<Environment> {
  const routes = new Hono<Environment>();

  routes.get(HEALTH_PATH, (context) => context.json({ service: "plinth-api" }));

  for (const path of ["/rest/v1/*", "/auth/v1/*"]) {
    routes.use(path, cors({ origin: "*", exposeHeaders: EXPOSED_HEADERS, maxAge: 3600 }));
    routes.all(path, (context) => {
      const request = new Request(context.req.raw);
      request.headers.set("x-forwarded-for", forwardedFor(context));
      return parts.api(request, context.env.peerAddress);
    });
  }

  // A function answers preflight requests itself, as on hosted.
  routes.all("/functions/v1/*", async (context) => {
    const { pathname, search } = new URL(context.req.url);
    try {
      return await proxy(`${parts.functionsOrigin}${pathname}${search}`, {
        raw: context.req.raw,
        headers: { ...context.req.header(), ...forwarded(context, parts.url) },
      });
    } catch {
      return context.json({
        code: "FUNCTIONS_UNAVAILABLE",
        message: "The functions server does not answer; npm run status says why.",
      }, 503);
    }
  });

  routes.get("/examples/config.js", (context) => {
    const settings = JSON.stringify({ url: parts.url, key: parts.publishableKey });
    context.header("Content-Type", "text/javascript; charset=utf-8");
    context.header("Cache-Control", "no-store");
    return context.body(`window.PLINTH = ${settings};\n`);
  });
  routes.use("/examples/*", async (context, next) => {
    await next();
    // Else a browser would show the page as it was before the last edit.
    context.header("Cache-Control", "no-cache");
  });
  routes.get(
    "/examples/supabase.js",
    serveStatic({
      root: ROOT,
      path: "node_modules/@supabase/supabase-js/dist/umd/supabase.js",
    }),
  );
  // Without the slash the page's own files would be looked for one folder too high.
  routes.get("/examples/:name", async (context, next) => {
    const path = `${ROOT}/examples/${context.req.param("name")}/index.html`;
    const isPage = await Deno.stat(path).then(() => true, () => false);
    return isPage ? context.redirect(`${new URL(context.req.url).pathname}/`, 301) : await next();
  });
  routes.get("/examples/*", serveStatic({ root: ROOT }));

  routes.notFound((context) =>
    context.json({
      code: "NOT_FOUND",
      message: "Nothing is served here. Try /rest/v1, /auth/v1, /functions/v1 or /examples.",
    }, 404)
  );
  return routes;
}

/** Headers that a page of another origin may read; the names are PostgREST's. */
const EXPOSED_HEADERS = [
  "Content-Encoding",
  "Content-Location",
  "Content-Range",
  "Content-Type",
  "Date",
  "Location",
  "Preference-Applied",
  "Range-Unit",
  "Server",
  "Transfer-Encoding",
];

/** What a function must know of the request before the gateway. */
const forwarded = (context: Context<Environment>, url: string) => ({
  "x-forwarded-for": forwardedFor(context),
  "x-forwarded-host": new URL(url).host,
  "x-forwarded-proto": "http",
});

/** What the client claims, and after it the address that it truly has, as a proxy appends it. */
const forwardedFor = (context: Context<Environment>) =>
  [context.req.header("x-forwarded-for"), context.env.peerAddress].filter(Boolean).join(", ");
