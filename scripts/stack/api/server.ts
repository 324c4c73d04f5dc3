/**
 * The process `api`: REST and auth by @supabase/lite, and the gateway that puts them, the functions
 * and the examples behind one origin.
 */

import { App } from "@supabase/lite";
import { gateway } from "./gateway.ts";
import { PostgrestConnection } from "./postgrest_connection.ts";
import { readProjectConfig } from "../project_config.ts";
import { requiredEnvironment } from "../environment.ts";

const config = await readProjectConfig();
const environment = requiredEnvironment(
  "PLINTH_API_PORT",
  "PLINTH_FUNCTIONS_PORT",
  "PLINTH_API_DB_URL",
  "PLINTH_PUBLISHABLE_KEY",
  "PLINTH_SECRET_KEY",
  "PLINTH_JWT_SECRET",
);
const port = Number(environment.PLINTH_API_PORT);
const url = `http://127.0.0.1:${port}`;

const app = new App({
  connection: new PostgrestConnection({
    url: environment.PLINTH_API_DB_URL,
    poolSize: 10,
    schemas: config.schemas,
  }),
  api: {
    schemas: config.schemas,
    extra_search_path: config.extraSearchPath,
    max_rows: config.maxRows,
  },
  auth: {
    enabled: true,
    site_url: url,
    jwt_secret: environment.PLINTH_JWT_SECRET,
    jwt_expiry: config.jwtExpiry,
    minimum_password_length: config.minimumPasswordLength,
    publishable_key: environment.PLINTH_PUBLISHABLE_KEY,
    secret_key: environment.PLINTH_SECRET_KEY,
    // No mail leaves this machine: a user who signs up is confirmed at once.
    email: { enable_confirmations: false },
  },
  options: { server: { disableStudio: true, admin: false } },
});
await app.init();
// Reads the shape of the schemas now, so that the first request does not wait for it.
await app.connection.introspect({ useCache: true });

const origin = gateway({
  api: (request, peerAddress) => app.fetch(request, { peerAddress }),
  functionsOrigin: `http://127.0.0.1:${environment.PLINTH_FUNCTIONS_PORT}`,
  url,
  publishableKey: environment.PLINTH_PUBLISHABLE_KEY,
});

Deno.serve({
  hostname: "127.0.0.1",
  port,
  onListen: () => console.log(`${new Date().toISOString()} the API listens on ${url}`),
}, (request, info) => origin.fetch(request, { peerAddress: info.remoteAddr.hostname }));
