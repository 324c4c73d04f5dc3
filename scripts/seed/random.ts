/** A small seeded generator (sfc32), so that the seed never depends on a library's next release. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** The same label always gives the same numbers. */
  constructor(label: string) {
    let hash = 0x811c9dc5;
    const words = [0, 0, 0];
    for (let round = 0; round < 3; round++) {
      for (const character of `${round}:${label}`) {
        hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
      }
      words[round] = hash;
    }
    [this.#a, this.#b, this.#c] = words;
    for (let i = 0; i < 16; i++) this.next();
  }

  /** A number in [0, 1). */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter++) >>> 0;
    this.#a = (this.#b ^ (this.#b >>> 9)) >>> 0;
    this.#b = (this.#c + (this.#c << 3)) >>> 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) >>> 0;
    return sum / 2 ** 32;
  }

  /** A whole number from low to high, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A number around 0 with standard deviation 1, never further than 2 away. */
  bell(): number {
    while (true) {
      const value = Math.sqrt(-2 * Math.log(1 - this.next())) *
        Math.cos(2 * Math.PI * this.next());
      if (Math.abs(value) <= 2) return value;
    }
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error("nothing to pick from");
    return list[Math.floor(this.next() * list.length)];
  }

  /** Picks by weight; weights are relative to each other. */
  weighted<T>(list: readonly T[], weight: (entry: T) => number): T {
    let rest = this.next() * list.reduce((sum, entry) => sum + weight(entry), 0);
    for (const entry of list) {
      rest -= weight(entry);
      if (rest < 0) return entry;
    }
    return list[list.length - 1];
  }

  /** A shuffled copy. */
  shuffle<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }

  /** Up to count different entries. */
  sample<T>(list: readonly T[], count: number): T[] {
    return this.shuffle(list).slice(0, count);
  }
}
