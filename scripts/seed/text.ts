/** One entry a line; blank lines and indentation are for the reader. */
export function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** Entries apart by commas. */
export function list(text: string): string[] {
  return text.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "");
}

/**
 * Puts values into the {slots} of a phrase, turns "a" into "an" where the value asks for it, and
 * begins with a capital. A slot without a value is a mistake in the data.
 */
export function fill(phrase: string, values: Record<string, string>): string {
  const filled = phrase.replace(
    /((?<!\p{L})[Aa] )?\{(\w+)\}/gu,
    (slot: string, article: string | undefined, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`no value for ${slot} in: ${phrase}`);
      if (article === undefined) return value;
      return `${article.trim()}${/^[aeiou]/i.test(value) ? "n" : ""} ${value}`;
    },
  );
  return filled.charAt(0).toUpperCase() + filled.slice(1);
}

/** A name as it stands in an address; the same form that the database makes from name and city. */
export function slugify(text: string): string {
  return text
    .replace(/[øØ]/g, "o").replace(/[đĐ]/g, "d")
    .normalize("NFD").replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

const WAYS: Record<string, string> = {
  Ave: "Avenue",
  Blvd: "Boulevard",
  Dr: "Drive",
  Hwy: "Highway",
  Ln: "Lane",
  Pkwy: "Parkway",
  Rd: "Road",
  St: "Street",
};

/** A street as people say it: without its compass letters, its last word written out. */
export function spokenStreet(street: string): string {
  const grid = street.match(/^[NSEW] (\d+) ([NSEW])$/);
  if (grid !== null) {
    const compass = { N: "North", S: "South", E: "East", W: "West" }[grid[2]];
    return `${grid[1]} ${compass}`;
  }
  const words = street
    .replace(/^(N|S|E|W|NE|NW|SE|SW) /, "")
    .replace(/ (N|S|E|W|NE|NW|SE|SW)$/, "")
    .split(" ");
  const last = words.length - 1;
  words[last] = WAYS[words[last]] ?? words[last];
  return words.join(" ");
}
