/**
 * Where a request comes from, as far as it can be known. Each proxy appends the address that it saw
 * to `x-forwarded-for`; what stands before the trusted proxies' entries is whatever the client wrote.
 */

/** Longest claim that is kept, in characters; a header can be far longer. */
const LONGEST_CLAIM = 500;

/** Where a request comes from. */
export interface CallerAddress {
  /** Seen by the trusted proxy, in its one spelling; null when there is none. Fit to count by. */
  address: string | null;
  /** What the client says beyond that; never to be trusted, kept as evidence only. */
  claimed: string | null;
}

/**
 * The address that the outermost trusted proxy saw: the n-th entry of its header from the right.
 *
 * PLINTH_TRUSTED_PROXY_HOPS is n (1 without it: the platform's gateway; 0: no proxy is trusted and no
 * address known). PLINTH_ADDRESS_HEADER names the header, `x-forwarded-for` without it; behind a
 * proxy that writes one of its own over whatever the client sent, it is that one.
 *
 * @throws Error when the variable is not a number of hops, because a guess would trust the client
 */
export function callerAddress(request: Request): CallerAddress {
  const hops = Number(Deno.env.get("PLINTH_TRUSTED_PROXY_HOPS") || 1);
  if (!Number.isInteger(hops) || hops < 0) {
    throw new Error("environment variable PLINTH_TRUSTED_PROXY_HOPS is no number of proxies");
  }
  const header = Deno.env.get("PLINTH_ADDRESS_HEADER") || "x-forwarded-for";
  const entries = (request.headers.get(header) ?? "").split(",")
    .map((entry) => entry.trim());
  const trusted = hops === 0 ? undefined : entries.at(-hops);
  const claimed = entries.slice(0, entries.length - (trusted === undefined ? 0 : hops)).join(", ");
  return {
    address: parseAddress(trusted ?? ""),
    claimed: claimed.slice(0, LONGEST_CLAIM) || null,
  };
}

/**
 * A text as an address in its one spelling, without port or zone, so that one caller is counted as
 * one; null when it is no address.
 */
function parseAddress(text: string): string | null {
  if (/^[\d.]+(:\d+)?$/.test(text)) {
    const [address] = text.split(":");
    const bytes = address.split(".");
    const isAddress = bytes.length === 4 &&
      bytes.every((byte) => /^(0|[1-9]\d{0,2})$/.test(byte) && Number(byte) <= 255);
    return isAddress ? address : null;
  }
  const bare = text.match(/^\[([^\]]+)\](?::\d+)?$/)?.[1] ?? text;
  const [address] = bare.split("%");
  if (!/^[\da-f:.]*:[\da-f:.]*$/i.test(address) || !URL.canParse(`http://[${address}]`)) {
    return null;
  }
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  // the same IPv4 caller, as a socket of both families names it
  const mapped = canonical.match(/^::ffff:([\da-f]+):([\da-f]+)$/);
  if (!mapped) return canonical;
  const [high, low] = mapped.slice(1).map((part) => parseInt(part, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
