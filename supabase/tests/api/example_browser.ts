/** Opens the example page in a headless browser, for tests. */

import assert from "node:assert/strict";
import { type Browser, chromium, type Page } from "playwright-core";
import { requiredEnvironment } from "../../../scripts/stack/environment.ts";
import { installedBrowser } from "../../../scripts/stack/packages.ts";
import { ROOT } from "../../../scripts/stack/paths.ts";
import { mustRun } from "../../../scripts/stack/run_tool.ts";

const { PLINTH_API_URL, PLINTH_PUBLISHABLE_KEY } = requiredEnvironment(
  "PLINTH_API_URL",
  "PLINTH_PUBLISHABLE_KEY",
);

/** Where the screenshots of the last run lie. */
export const SCREENSHOTS = `${Deno.env.get("TMPDIR") ?? "/tmp"}/plinth-example-page`;

let browser: Browser;
Deno.test.beforeAll(async () => {
  browser = await launch();
  await Deno.mkdir(SCREENSHOTS, { recursive: true });
});
Deno.test.afterAll(() => browser.close());

interface PageOptions {
  width?: number;
  height?: number;
  dark?: boolean;
  /** Whether a web server of its own serves the page, with the two constants of api.js edited. */
  elsewhere?: boolean;
  /** Refusals that the test provokes, as "409 /rest/v1/business_reviews". */
  expected?: string[];
}

/**
 * Runs a test on the page, opened at an address such as "?q=coffee", and fails when the browser
 * reports an error, a request fails or the API refuses one that the test did not expect.
 */
export async function onPage(
  address: string,
  options: PageOptions,
  test: (page: Page) => Promise<void>,
): Promise<void> {
  await using site = options.elsewhere ? serveExamples({ edited: true }) : await stackSite();
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark ? "dark" : "light",
    locale: "en-US",
    timezoneId: "America/New_York",
  });
  page.setDefaultTimeout(30_000);
  const problems = watch(page, options.expected ?? []);
  try {
    await page.goto(`${site.url}${address}`);
    await test(page);
  } finally {
    await page.close();
  }
  assert.deepEqual(problems(), []);
}

/** Collects what went wrong on a page, and which of the expected refusals never came. */
function watch(page: Page, expected: string[]): () => string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  page.on("pageerror", (error) => found.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // the browser's own line on a refusal, which the responses tell better
    if (message.type() !== "error" || /server responded with a status/.test(message.text())) return;
    found.push(`console: ${message.text()}`);
  });
  page.on("requestfailed", (request) => {
    // the page itself cancels what a later question has replaced
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") found.push(`${reason} ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() < 400) return;
    const line = `${response.status()} ${new URL(response.url()).pathname}`;
    if (expected.includes(line)) seen.add(line);
    else found.push(line);
  });
  return () => [
    ...found,
    ...expected.filter((line) => !seen.has(line)).map((line) => `expected and not seen: ${line}`),
  ];
}

async function launch(): Promise<Browser> {
  const name = await installedBrowser();
  assert(name, "No Chromium or Chrome is installed.");
  const path = await mustRun(`Finding ${name}`, ["sh", "-c", 'command -v "$0"', name]);
  return await chromium.launch({
    executablePath: path.trim(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

interface Site extends AsyncDisposable {
  url: string;
}

/** The page as the local stack serves it; a server of its own where the stack is Docker's. */
async function stackSite(): Promise<Site> {
  const config = await fetch(`${PLINTH_API_URL}/examples/config.js`);
  await config.body?.cancel();
  if (!config.ok) return serveExamples({ edited: false });
  return {
    url: `${PLINTH_API_URL}/examples/directory/`,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
};

/** The page on an origin of its own: with config.js, or edited as api.js says and without it. */
function serveExamples({ edited }: { edited: boolean }): Site {
  const url = JSON.stringify(PLINTH_API_URL);
  const key = JSON.stringify(PLINTH_PUBLISHABLE_KEY);

  async function contentOf(path: string): Promise<string> {
    if (path === "/examples/config.js") {
      return edited ? "" : `window.PLINTH = { url: ${url}, key: ${key} };`;
    }
    const text = await Deno.readTextFile(
      path === "/examples/supabase.js"
        ? `${ROOT}/node_modules/@supabase/supabase-js/dist/umd/supabase.js`
        : `${ROOT}${path}`,
    );
    if (!edited || !path.endsWith("/api.js")) return text;
    return text
      .replace(/(?<=PROJECT_URL = ).*(?=;)/, url)
      .replace(/(?<=PUBLISHABLE_KEY = ).*(?=;)/, key);
  }

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
      const type = TYPES[path.split(".").at(-1) ?? ""] ?? "text/plain";
      return new Response(await contentOf(path), { headers: { "Content-Type": type } });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/examples/directory/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
