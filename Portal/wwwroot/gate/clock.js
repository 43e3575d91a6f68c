// The portal's time, as well as this device can know it.

export class Clock {
  #server = null;
  #measured = 0;
  #offset = 0;
  #zone = -300;

  /** ISO, the portal's time of the last answer; null: there never was one. */
  contact = null;

  /** What was kept from before the page was loaded. */
  resume(kept) {
    if (!kept) return;
    this.#offset = kept.offset ?? 0;
    this.#zone = kept.zone ?? this.#zone;
    this.contact = kept.contact ?? null;
  }

  /** The portal answered: its time, the minutes of the building's zone, and when the question was sent (performance.now()). */
  answered(now, zone, asked) {
    const arrived = performance.now();
    this.#server = Date.parse(now) + (arrived - asked) / 2;
    this.#measured = arrived;
    this.#zone = zone ?? this.#zone;
    this.contact = now;
    this.#offset = (this.#server - Date.now()) / 1000;
  }

  get kept() {
    return { offset: this.#offset, zone: this.#zone, contact: this.contact };
  }

  /** The portal's time in milliseconds. While the page lives it does not follow a clock that somebody sets. */
  now() {
    return this.#server === null ? Date.now() + this.#offset * 1000 : this.#server + performance.now() - this.#measured;
  }

  /** What an act says of its time. */
  stamp() {
    const device = Date.now();
    return {
      at: new Date(device).toISOString(),
      offset: Math.round(this.now() - device) / 1000,
      contact: this.contact,
    };
  }

  /** The building's wall clock as a Date whose UTC parts are to be read. */
  wall(milliseconds = this.now()) {
    return new Date(milliseconds + this.#zone * 60000);
  }

  /** Milliseconds of the portal's time for a wall-clock text (2026-12-04T18:00:00). */
  fromWall(text) {
    return Date.parse(`${text}Z`) - this.#zone * 60000;
  }
}
