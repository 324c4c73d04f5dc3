/** Runs the pgTAP files, each by a pg_prove of its own. */

import { parseDatabaseUrl } from "./database_url.ts";
import { type Outcome, sum } from "./outcome.ts";
import { ROOT } from "../stack/paths.ts";
import { run, said } from "../stack/run_tool.ts";
import { filesOf, type Step } from "./step.ts";
import { countTap } from "./tap.ts";

/**
 * Workers take files from one queue, each on a cluster of its own, so that files which take locks on
 * tables or watch what other sessions do never meet. Each file rolls back what it does.
 */
export const pgtapStep: Step = {
  name: "pgTAP",
  needsDatabase: true,
  withDocker: true,
  files: filesOf(["supabase/tests"], ".sql"),
  async run({ target, files }) {
    if (files.length === 0) {
      return { passed: 0, failed: 1, output: "supabase/tests holds no pgTAP file." };
    }
    const queue = [...files];
    const outcomes = new Map<string, Outcome>();
    const worker = async () => {
      const { url } = await target.ownDatabase();
      for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
        outcomes.set(file, await prove(file, url));
      }
    };
    await Promise.all(Array.from({ length: Math.min(target.workers, files.length) }, worker));
    const inOrder = files.map((file) => outcomes.get(file)!);
    const output = inOrder.filter(({ failed }) => failed > 0);
    return { ...sum(inOrder), output: sum(output).output };
  },
};

async function prove(file: string, url: string): Promise<Outcome> {
  const { database, host, password, port, user } = parseDatabaseUrl(url);
  const result = await run([
    "pg_prove",
    "--verbose",
    `--host=${host}`,
    `--port=${port}`,
    `--username=${user}`,
    `--dbname=${database}`,
    file,
  ], {
    cwd: ROOT,
    env: { PGPASSWORD: password, PGOPTIONS: "-c client_min_messages=warning" },
  });
  return countTap(said(result), result.code);
}
