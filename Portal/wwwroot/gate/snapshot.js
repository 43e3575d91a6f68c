// What the device knows when it is alone: signed by the portal, bound to this terminal, worth twelve hours. Names and units, no documents,
// phones or money.

const bytesOf = base64 => Uint8Array.from(atob(base64), c => c.charCodeAt(0));
const utf8 = new TextEncoder();

export async function sha256(text) {
  return hex(await crypto.subtle.digest('SHA-256', utf8.encode(text)));
}

export const hex = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, '0')).join('');

/**
 * Reads what the portal sent, or what was kept. Null where it is not the portal's, not this terminal's, or incomplete.
 * `kept` = { manifest, signature, bodies: { hash: text } }.
 */
export async function read(kept, terminal) {
  if (!kept || !terminal) return null;
  const key = await crypto.subtle.importKey('spki', bytesOf(terminal.key), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  const genuine = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytesOf(kept.signature), utf8.encode(kept.manifest));
  if (!genuine) return null;
  const manifest = JSON.parse(kept.manifest);
  if (manifest.terminal !== terminal.id) return null;
  const sections = {};
  for (const [name, hash] of Object.entries(manifest.sections)) {
    const text = kept.bodies[hash];
    if (text === undefined || (await sha256(text)) !== hash) return null;
    sections[name] = JSON.parse(text);
  }
  return new Snapshot(manifest, sections);
}

/** What is to be kept after an answer: the bodies it brought and those it did not have to bring. */
export function merge(answer, kept) {
  const hashes = Object.values(JSON.parse(answer.manifest).sections);
  const bodies = {};
  for (const hash of hashes) {
    const text = answer.bodies[hash] ?? kept?.bodies[hash];
    if (text !== undefined) bodies[hash] = text;
  }
  return { manifest: answer.manifest, signature: answer.signature, bodies };
}

export class Snapshot {
  constructor(manifest, sections) {
    this.version = manifest.version;
    this.made = Date.parse(manifest.made);
    this.at = manifest.at ?? 0;
    this.expires = Date.parse(manifest.expires);
    this.units = sections.units ?? [];
    this.passes = sections.passes ?? [];
    this.codes = sections.codes ?? { salt: '', rounds: 0, list: {} };
    this.inside = sections.inside ?? [];
    this.residents = sections.residents ?? [];
    this.blocks = sections.blocks ?? { salt: '', list: [] };
    this.notes = sections.notes ?? [];
    this.bookings = sections.bookings ?? [];
    this.incidents = sections.incidents ?? [];
    this.parcels = sections.parcels ?? { salt: '', list: [] };
    this.parking = sections.parking ?? { alarm: 0, hours: 0, cars: 0 };
    this.unitById = new Map(this.units.map(unit => [unit.id, unit]));
  }

  unit(id) {
    return this.unitById.get(id) ?? null;
  }
}
