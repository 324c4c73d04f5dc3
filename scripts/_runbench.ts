import { measure } from "/tmp/wt/audit/scripts/measure/command.ts";
import { measurement } from "/tmp/wt/audit/scripts/bench/audit.ts";
Deno.exit(await measure("bench", [measurement], ["audit", ...Deno.args]));
