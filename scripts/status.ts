/**
 * `npm run status`: says what runs. With `--json`, for other programs. The exit code is 0 only when
 * every process answers.
 */

import { requireDocker, supabaseOnTerminal } from "./stack/docker.ts";
import { Failure, main } from "./stack/failure.ts";
import { status } from "./stack/local_stack.ts";
import { rejectUnknown } from "./stack/options.ts";

await main(async () => {
  const { docker, json } = rejectUnknown(Deno.args, "docker", "json");
  if (docker) {
    await requireDocker();
    return await supabaseOnTerminal("status", ...(json ? ["-o", "json"] : []));
  }
  const found = await status();
  if (!found) throw new Failure("Nothing has been started here yet; npm start does it.");
  if (json) {
    console.log(JSON.stringify(found, null, 2));
  } else {
    for (const { name, up, pid, port, problem } of found.processes) {
      const where = up ? `process ${pid}, port ${port}` : problem;
      console.log(`${name.padEnd(10)} ${up ? "up  " : "DOWN"}  ${where}`);
    }
    if (found.changed.length > 0) {
      console.log("\nThe database was built from other files; npm start builds it anew:");
      for (const change of found.changed) console.log(`  ${change}`);
    }
    console.log(`\nAPI       ${found.api_url}\nDatabase  ${found.db_url}`);
  }
  const down = found.processes.filter(({ up }) => !up).map(({ name }) => name);
  if (down.length === 0) return 0;
  if (!json) console.log(`\nDown: ${down.join(", ")}. npm start brings it back.`);
  return 1;
});
