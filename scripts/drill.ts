/** `npm run drill -- NAME`: lets something go wrong, or big, on a stack of its own, and counts. */

import { measure } from "./measure/command.ts";
import type { Measurement } from "./measure/measurement.ts";
import { main } from "./stack/failure.ts";

const DRILLS: Measurement[] = [];

await main(() => measure("drill", DRILLS, Deno.args));
