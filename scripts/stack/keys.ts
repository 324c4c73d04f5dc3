/** Keys and passwords of one machine's stack. They are random and never leave that machine. */

export interface Keys {
  publishableKey: string;
  secretKey: string;
  /** HS256 secret of the users' tokens. */
  jwtSecret: string;
  /** Password of role postgres, which migrations run as. */
  databasePassword: string;
  /** Password of the roles that only the stack itself logs in as. */
  internalPassword: string;
}

/** Letters and digits only, so that a key needs no quoting in a URL, in SQL or in a shell. */
function random(length: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      // 248 is the largest multiple of 62 in a byte; above it, letters would be favoured.
      if (byte < 248 && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

/** Keys in the form of hosted Supabase's: opaque, told apart by their prefix. */
export function generateKeys(): Keys {
  return {
    publishableKey: `sb_publishable_${random(22)}_${random(8)}`,
    secretKey: `sb_secret_${random(22)}_${random(8)}`,
    jwtSecret: random(64),
    databasePassword: random(24),
    internalPassword: random(24),
  };
}
