/** `npm run bench -- NAME`: measures a part of Plinth against its targets, on a stack of its own. */

import { measurement as audit } from "./bench/audit.ts";
import { measurement as directory } from "./bench/directory.ts";
import { measurement as partitions } from "./bench/partitions.ts";
import { measurement as queue } from "./bench/queue.ts";
import { measure } from "./measure/command.ts";
import { main } from "./stack/failure.ts";

const BENCHES = [audit, directory, partitions, queue];

await main(() => measure("bench", BENCHES, Deno.args));
