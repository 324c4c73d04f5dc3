/** Writes Markdown that GitHub renders as the text that went in. */

/** Joins the lines of a text that was wrapped in its source. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").trim();
}

/**
 * Escapes one line of running text. Backticks in pairs stay code, since comments quote names that
 * way; all else is literal. An underscore inside a word means nothing in Markdown and stays bare.
 */
function inline(text: string, span: (text: string) => string): string {
  return oneLine(text)
    .split(/(`[^`]+`)/)
    .map((part, index) => index % 2 === 1 ? span(part.slice(1, -1)) : escapePlain(part))
    .join("");
}

function escapePlain(text: string): string {
  return text
    .replace(/[\\`*[<|~]|&(?=#?\w+;)/g, "\\$&")
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\_");
}

/** Keeps a paragraph from starting a heading, a list, a quotation or a rule. */
function escapeLineStart(text: string): string {
  return text.replace(/^[#+=>-]/, "\\$&").replace(/^(\d+)([.)])/, "$1\\$2");
}

function splitParagraphs(text: string): string[] {
  return text.trim().split(/\n\s*\n/);
}

/**
 * A comment as paragraphs. A blank line in it starts a new one.
 *
 * @example
 * paragraphs("Keeps *all* of `a|b`,\n  see item_id.") // "Keeps \\*all\\* of `a|b`, see item_id."
 */
export function paragraphs(text: string): string {
  return splitParagraphs(text)
    .map((paragraph) => escapeLineStart(inline(paragraph, code)))
    .join("\n\n");
}

/** A heading; level 1 is the title of the page. */
export function heading(level: number, text: string): string {
  return `${"#".repeat(level)} ${inline(text, code)}`;
}

/** A code span. Its fence is longer than any run of backticks inside. */
export function code(text: string): string {
  const line = oneLine(text);
  const runs = line.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  // Markdown takes one space off both ends, so a backtick there needs one to stand apart.
  const padding = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** A fenced block of code. */
export function codeBlock(language: string, text: string): string {
  const runs = text.match(/`{3,}/g) ?? [];
  const fence = "`".repeat(Math.max(2, ...runs.map((run) => run.length)) + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A cell of a table that holds code, or nothing. A bare pipe would end the cell, even in code. */
export function codeCell(text: string | null): string {
  return text === null || text.trim() === "" ? "" : code(text).replaceAll("|", "\\|");
}

/** A cell of a table that holds a comment, or nothing. */
export function textCell(text: string | null): string {
  if (text === null) return "";
  return splitParagraphs(text).map((paragraph) => inline(paragraph, codeCell)).join("<br>");
}

/** A table. Its cells are Markdown already: make them with codeCell and textCell. */
export function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `|${cells.map((cell) => cell === "" ? " " : ` ${cell} `).join("|")}|`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Gives headings the anchors that GitHub gives them, in the order in which they are asked for. */
export class Anchors {
  #seen = new Map<string, number>();

  /** The anchor of the next heading with this text. */
  next(heading: string): string {
    const slug = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    const count = this.#seen.get(slug) ?? 0;
    this.#seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  }
}
