/** One entry a line; blank lines and indentation are for the reader. */
export function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** Entries apart by commas. */
export function list(text: string): string[] {
  return text.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "");
}

/** Puts values into the {slots} of a phrase; a slot without a value is a mistake in the data. */
export function fill(phrase: string, values: Record<string, string>): string {
  const filled = phrase.replace(/\{(\w+)\}/g, (slot, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${slot} in: ${phrase}`);
    return value;
  });
  return filled.charAt(0).toUpperCase() + filled.slice(1);
}

/** The name of a thing in an address: lower case ASCII letters and digits, apart by hyphens. */
export function slugify(text: string): string {
  return text
    .replaceAll("&", " and ")
    .replaceAll("ø", "o").replaceAll("đ", "d").replaceAll("Đ", "D")
    .normalize("NFD").replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
