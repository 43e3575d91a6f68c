// The numbers beside who is inside. A number stays with its visit, and passes to another only ten seconds after it was let go and never
// while Alt is down: Alt+2 meets who stood there when it was read.

const rest = 10000;
const slots = 9;

export class Slots {
  #of = new Map();
  #gone = new Map();

  /**
   * Who is shown, with numbers. `inside` in the order in which free numbers are given; `now` is performance.now().
   * Rows of who left stay, marked, until their number may be given away.
   */
  follow(inside, now, held) {
    const here = new Map(inside.map(one => [one.id, one]));
    for (const [id, slot] of this.#of) {
      if (here.has(id)) this.#gone.delete(id);
      else if (!this.#gone.has(id)) this.#gone.set(id, { ...slot.one, gone: true, at: now });
    }
    for (const [id, left] of this.#gone) {
      if (!held && now - left.at >= rest) {
        this.#gone.delete(id);
        this.#of.delete(id);
      }
    }
    const taken = new Set([...this.#of.values()].map(slot => slot.number));
    for (const one of inside) {
      const slot = this.#of.get(one.id);
      if (slot) {
        slot.one = one;
        continue;
      }
      let number = 1;
      while (number <= slots && taken.has(number)) number++;
      if (number > slots || held) continue;
      taken.add(number);
      this.#of.set(one.id, { number, one });
    }
    return [...inside, ...this.#gone.values()].map(one => ({ ...one, number: this.#of.get(one.id)?.number ?? null }));
  }

  /** Who has this number now, or had it a moment ago (`gone`). */
  at(number) {
    for (const [id, slot] of this.#of) {
      if (slot.number === number) return this.#gone.get(id) ?? slot.one;
    }
    return null;
  }
}
