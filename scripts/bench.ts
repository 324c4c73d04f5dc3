/** `npm run bench -- NAME`: measures a part of Plinth against its targets, on a stack of its own. */

import { measure } from "./measure/command.ts";
import type { Measurement } from "./measure/measurement.ts";
import { main } from "./stack/failure.ts";

const BENCHES: Measurement[] = [];

await main(() => measure("bench", BENCHES, Deno.args));
