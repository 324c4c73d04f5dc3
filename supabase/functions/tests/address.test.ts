/** The address that counts is the one that a trusted proxy saw, whatever the client writes. */

import assert from "node:assert/strict";
import { type CallerAddress, callerAddress } from "../_shared/address.ts";

/** What is read of a header, behind a number of trusted proxies. */
function read(forwarded: string | null, hops?: string): CallerAddress {
  const headers: Record<string, string> = forwarded === null
    ? {}
    : { "x-forwarded-for": forwarded };
  if (hops !== undefined) Deno.env.set("PLINTH_TRUSTED_PROXY_HOPS", hops);
  try {
    return callerAddress(new Request("http://functions.local/any", { headers }));
  } finally {
    Deno.env.delete("PLINTH_TRUSTED_PROXY_HOPS");
  }
}

Deno.test("behind one proxy the last entry counts, and the rest is a claim", () => {
  assert.deepEqual(read("203.0.113.7"), { address: "203.0.113.7", claimed: null });
  assert.deepEqual(read("10.0.0.1, 198.51.100.2,203.0.113.7"), {
    address: "203.0.113.7",
    claimed: "10.0.0.1, 198.51.100.2",
  });
});

Deno.test("behind two proxies it is the entry of the outer one", () => {
  assert.deepEqual(read("1.1.1.1, 203.0.113.7, 10.0.0.1", "2"), {
    address: "203.0.113.7",
    claimed: "1.1.1.1",
  });
});

Deno.test("a proxy may have a header of its own", () => {
  Deno.env.set("PLINTH_ADDRESS_HEADER", "cf-connecting-ip");
  try {
    const headers = { "cf-connecting-ip": "203.0.113.7", "x-forwarded-for": "10.0.0.1" };
    const { address } = callerAddress(new Request("http://functions.local/any", { headers }));
    assert.equal(address, "203.0.113.7");
    assert.equal(read("10.0.0.1").address, null);
  } finally {
    Deno.env.delete("PLINTH_ADDRESS_HEADER");
  }
});

Deno.test("a header with fewer entries than proxies did not pass them: all of it is a claim", () => {
  assert.deepEqual(read("203.0.113.7", "2"), { address: null, claimed: "203.0.113.7" });
  assert.deepEqual(read(null), { address: null, claimed: null });
  assert.deepEqual(read(""), { address: null, claimed: null });
});

Deno.test("without a trusted proxy no address is known", () => {
  assert.deepEqual(read("203.0.113.7", "0"), { address: null, claimed: "203.0.113.7" });
});

Deno.test("one caller has one spelling", () => {
  const spellings: [written: string, address: string][] = [
    ["203.0.113.7:51234", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["[::ffff:cb00:7107]:443", "203.0.113.7"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
  ];
  for (const [written, address] of spellings) assert.equal(read(written).address, address, written);
});

Deno.test("what is no address is none", () => {
  const texts = [
    "unknown",
    "_hidden",
    "example.com",
    "256.1.1.1",
    "1.2.3",
    "01.2.3.4",
    "0x7f.0.0.1",
    "2001:db8::1::2",
    "::1]/path[",
    "1.1.1.1; drop table",
    ":",
  ];
  for (const text of texts) assert.equal(read(text).address, null, text);
});

Deno.test("a claim is cut where it would only fill a disk", () => {
  assert.equal(read(`${"a".repeat(10_000)}, 203.0.113.7`).claimed?.length, 500);
});

Deno.test("a number of proxies that is none is refused, because a guess would trust the client", () => {
  for (const hops of ["-1", "1.5", "one"]) {
    assert.throws(() => read("203.0.113.7", hops), /no number/);
  }
});
