/** `npm run drill -- NAME`: lets something go wrong, or big, on a stack of its own, and counts. */

import { measurement as archive } from "./drill/archive.ts";
import { measurement as partitions } from "./drill/partitions.ts";
import { measure } from "./measure/command.ts";
import { main } from "./stack/failure.ts";

const DRILLS = [archive, partitions];

await main(() => measure("drill", DRILLS, Deno.args));
