// Answers what was typed or scanned from the snapshot and from what this device logged since. Nothing here waits for the network.

import { hex, sha256 } from './snapshot.js';

const most = 6;

/** For comparing, as the portal does (Spelling.Key): capitals without accents, and digits. */
export const keyOf = text => fold(text).replace(/[^A-Z0-9]/g, '');

export const fold = text =>
  (text ?? '')
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toUpperCase();

const unitKeyOf = text => keyOf(text).replace(/(APARTAMENTO|APTO|APT|AP|CASA)(?=[0-9])/, '');

const wordsOf = text =>
  fold(text)
    .split(/[^A-Z0-9]+/)
    .filter(Boolean);

const canBePlate = key => key.length >= 5 && key.length <= 8 && /[0-9]/.test(key) && /[A-Z]/.test(key);

/** The 32 hexadecimal digits at the end of the address that a pass's QR holds; null for anything else. */
export const tokenIn = text => /(?:^|\/p\/)([0-9a-f]{32})\/?$/i.exec(text.trim())?.[1].toLowerCase() ?? null;

/** Six digits, as they are said: in one or in two halves. */
export const codeIn = text => /^\s*([0-9]{3})[ -]?([0-9]{3})\s*$/.exec(text)?.slice(1).join('') ?? null;

/** Whether all words typed begin a word of the name, in any order. */
const hasWords = (name, words) => {
  const own = wordsOf(name);
  return words.every(word => own.some(one => one.startsWith(word)));
};

/** The hash under which the snapshot knows a six-digit code. Slow on purpose; the last one is remembered. */
let lastCode = { key: '', hash: null };
export function codeHash(code, codes) {
  const key = `${codes.salt}:${code}`;
  if (lastCode.key !== key) lastCode = { key, hash: derive(code, codes) };
  return lastCode.hash;
}

async function derive(code, { salt, rounds }) {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(code), 'PBKDF2', false, ['deriveBits']);
  const bytes = Uint8Array.from(salt.match(/../g) ?? [], byte => parseInt(byte, 16));
  return hex(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes, iterations: rounds }, material, 256));
}

export class Lookup {
  /**
   * @param snapshot what the portal told, or null
   * @param inside   who is inside now, with what this device logged since
   * @param used     keys of single passes that this device let in or denied since: `v12`, `p7`, `g3`
   * @param arrived  what this device did to bookings since: id to stand
   * @param now      portal's milliseconds
   * @param clock    for wall-clock texts
   */
  constructor(snapshot, inside, used, arrived, now, clock) {
    Object.assign(this, { snapshot, inside, used, arrived, now, clock });
    // A snapshot that is over tells nothing any more: neither yes nor no.
    this.trusted = snapshot !== null && snapshot.expires > now;
  }

  async ask(text) {
    const token = tokenIn(text),
      code = codeIn(text);
    if (!this.snapshot) return { kind: 'unchecked' };
    if (token) return await this.#byToken(token);
    if (code) return (await this.#byCode(code)) ?? this.#byText(text) ?? this.#unknown(text, true);
    return this.#byText(text) ?? this.#unknown(text, false);
  }

  async #byToken(token) {
    const hash = await sha256(token);
    return this.#ofPasses(this.snapshot.passes.filter(pass => pass.t === hash)) ?? this.#unknown(token, true);
  }

  async #byCode(code) {
    const { list } = this.snapshot.codes;
    if (!this.trusted || Object.keys(list).length === 0) return null;
    const found = list[await codeHash(code, this.snapshot.codes)];
    return found === undefined ? null : this.#ofPasses([this.snapshot.passes[found]].flatMap(pass => this.#occurrences(pass)));
  }

  /** The other rows of the same pass: a recurring one has one for each occurrence. */
  #occurrences(pass) {
    return pass ? this.snapshot.passes.filter(one => one.p === pass.p && one.g === pass.g && one.v === pass.v) : [];
  }

  /** Of several occurrences the one that is now, else the next, else the last. */
  #ofPasses(passes) {
    if (passes.length === 0) return null;
    if (!this.trusted) return { kind: 'unchecked' };
    const at = pass => ({ pass, from: this.clock.fromWall(pass.from), until: this.clock.fromWall(pass.until) });
    const all = passes.map(at).sort((a, b) => a.from - b.from);
    const one = all.find(o => o.from <= this.now && o.until >= this.now) ?? all.find(o => o.from > this.now) ?? all.at(-1);
    return this.#ofPass(one.pass, one.from, one.until);
  }

  #ofPass(pass, from, until) {
    const inside = this.inside.find(one => this.#isOf(one, pass));
    const kind =
      pass.state === 'revoked'
        ? 'revoked'
        : pass.state === 'paused'
          ? 'paused'
          : this.#isUsed(pass) || (inside && once(pass))
            ? 'used'
            : inside && pass.kind !== 'event'
              ? 'inside'
              : until < this.now
                ? 'expired'
                : from > this.now
                  ? 'early'
                  : pass.cap && pass.cap.in >= pass.cap.of
                    ? 'over_capacity'
                    : 'expected';
    return {
      kind,
      inside,
      pass,
      unit: this.snapshot.unit(pass.unit),
      name: pass.name,
      vk: pass.vk,
      people: pass.people,
      plate: pass.plate,
      company: pass.company,
      from: pass.from,
      until: pass.until,
      since: inside?.since,
    };
  }

  #isOf(one, pass) {
    if (pass.v && one.v === pass.v) return true;
    return Boolean(pass.p && one.p === pass.p && (one.g ?? null) === (pass.g ?? null));
  }

  #isUsed(pass) {
    if (!once(pass)) return false;
    return this.used.has(`v${pass.v}`) || this.used.has(pass.g ? `g${pass.g}` : `p${pass.p}`);
  }

  #byText(text) {
    const key = keyOf(text);
    if (key.length < 2) return null;
    return this.#byBooking(key) ?? this.#byUnitOrPlate(text, key) ?? this.#byName(text);
  }

  #byBooking(key) {
    const found = this.snapshot.bookings.find(one => keyOf(one.number) === key);
    if (!found) return null;
    const booking = { ...found, stand: this.arrived.get(found.id) ?? found.stand };
    return {
      kind: 'booking',
      booking,
      unit: this.snapshot.unit(booking.unit),
      people: booking.people,
      from: booking.from,
      until: booking.until,
    };
  }

  #byUnitOrPlate(text, key) {
    const unitKey = unitKeyOf(text);
    const units = this.snapshot.units.filter(unit => unit.keys.includes(unitKey));
    const found = [];
    if (canBePlate(key)) {
      for (const one of this.inside) if (keyOf(one.plate) === key) found.push(this.#ofInside(one));
      if (found.length === 0) {
        for (const pass of this.snapshot.passes) if (keyOf(pass.plate) === key) found.push(this.#ofPasses([pass]));
      }
      for (const car of this.snapshot.residents) {
        if (keyOf(car.plate) === key)
          found.push({ kind: 'resident', unit: this.snapshot.unit(car.unit), plate: car.plate, space: car.space });
      }
    }
    return this.#oneOf([...best(found), ...units.map(unit => this.ofUnit(unit))]);
  }

  #byName(text) {
    const words = wordsOf(text);
    if (words.join('').length < 3) return null;
    const inside = this.inside.filter(one => hasWords(one.name, words)).map(one => this.#ofInside(one));
    const passes = this.snapshot.passes
      .filter(pass => pass.name && hasWords(pass.name, words) && !this.inside.some(one => this.#isOf(one, pass)) && !this.#isUsed(pass))
      .map(pass => this.#ofPasses([pass]));
    const hosts = this.snapshot.units.filter(unit => hasWords(unit.host, words)).map(unit => this.ofUnit(unit));
    return this.#oneOf([...best(passes), ...inside, ...hosts]);
  }

  #ofInside(one) {
    return {
      kind: 'inside',
      inside: one,
      unit: this.snapshot.unit(one.unit),
      name: one.name,
      vk: one.vk,
      people: one.people,
      plate: one.plate,
      since: one.since,
    };
  }

  /** An apartment was named: whom it expects now. */
  ofUnit(unit) {
    const here = this.snapshot.passes.filter(pass => pass.unit === unit.id);
    const expected = best(here.map(pass => this.#ofPasses([pass])).filter(verdict => verdict?.kind === 'expected'));
    return { kind: 'unit', unit, choices: expected.slice(0, most).map(verdict => this.choice(verdict)) };
  }

  #oneOf(verdicts) {
    const all = verdicts.filter(Boolean);
    if (all.length === 0) return null;
    if (all.length === 1) return all[0];
    return { kind: 'several', count: all.length, choices: all.slice(0, most).map(verdict => this.choice(verdict)) };
  }

  choice(verdict) {
    return {
      verdict,
      title: verdict.name ?? (verdict.kind === 'resident' ? verdict.plate : verdict.unit?.unit) ?? '',
      state: verdict.kind,
    };
  }

  #unknown(text, checkable) {
    if (!this.trusted) return { kind: 'unchecked' };
    if (checkable) return { kind: 'unknown', code: true };
    return { kind: 'unknown', choices: this.#alike(text).slice(0, most) };
  }

  /** What was perhaps meant: O for 0 in a plate, a name with one or two other letters. It is offered, never taken. */
  #alike(text) {
    const key = keyOf(text);
    if (canBePlate(key) || (/^[A-Z0-9]{5,7}$/.test(key) && /[O0]/.test(key))) {
      const plain = key.replaceAll('O', '0');
      const cars = [
        ...this.inside.filter(one => keyOf(one.plate).replaceAll('O', '0') === plain && plain).map(one => this.#ofInside(one)),
        ...this.snapshot.passes
          .filter(pass => pass.plate && keyOf(pass.plate).replaceAll('O', '0') === plain)
          .map(pass => this.#ofPasses([pass])),
        ...this.snapshot.residents
          .filter(car => keyOf(car.plate).replaceAll('O', '0') === plain)
          .map(car => ({ kind: 'resident', unit: this.snapshot.unit(car.unit), plate: car.plate, space: car.space })),
      ];
      if (cars.length > 0) return cars.map(verdict => ({ ...this.choice(verdict), title: verdict.plate }));
    }
    const words = wordsOf(text).filter(word => word.length >= 4);
    if (words.length === 0) return [];
    const near = name => wordsOf(name).some(own => words.some(word => distance(own, word) <= (word.length > 5 ? 2 : 1)));
    return [
      ...best(this.snapshot.passes.filter(pass => pass.name && near(pass.name)).map(pass => this.#ofPasses([pass]))),
      ...this.inside.filter(one => near(one.name)).map(one => this.#ofInside(one)),
      ...this.snapshot.units.filter(unit => near(unit.host)).map(unit => this.ofUnit(unit)),
    ].map(verdict => this.choice(verdict));
  }

  /** Whether a document or a plate is on a list, for this unit: block, watch or null. */
  async blocked(document, plate, unit) {
    if (!this.snapshot) return null;
    const { salt, list } = this.snapshot.blocks;
    for (const key of [keyOf(document), keyOf(plate)].filter(Boolean)) {
      const hash = await sha256(salt + key);
      const hits = list.filter(one => one.h === hash && (one.unit === null || one.unit === unit));
      if (hits.length > 0) return hits.some(one => one.effect === 'block') ? 'block' : 'watch';
    }
    return null;
  }
}

/** One entry and no more: shown again it may be a picture that somebody passed on. */
export const once = pass => pass.kind === 'single' || pass.kind === 'delivery' || Boolean(pass.g);

const order = ['expected', 'inside', 'over_capacity', 'early', 'resident', 'expired', 'paused', 'used', 'revoked', 'unit'];

/** Each pass once, by its best occurrence; what opens first stands first. */
function best(verdicts) {
  const sorted = verdicts.filter(Boolean).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const seen = new Set();
  return sorted.filter(verdict => {
    const { pass } = verdict;
    if (!pass) return true;
    const key = `${pass.p}.${pass.g}.${pass.v}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** How many letters differ, up to three. */
function distance(a, b) {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return Math.min(3, row[b.length]);
}
