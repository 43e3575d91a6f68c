// Small helpers for drawing.

/** An element: `el('p', { class: 'v-word' }, 'Adelante')`. Handlers are `onclick`; attributes that are null or false are left out. */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

const sprite = document.body.dataset.icons;
const svg = 'http://www.w3.org/2000/svg';

/** One of the portal's icons. */
export function icon(name, size = '') {
  const node = document.createElementNS(svg, 'svg');
  node.setAttribute('class', `i ${size}`.trim());
  node.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(svg, 'use');
  use.setAttribute('href', `${sprite}#${name}`);
  node.append(use);
  return node;
}

export const kbd = key => el('kbd', null, key);

/** Draws anew, and leaves the focus on the part of the same name. */
export function fill(place, ...children) {
  const name = place.contains(document.activeElement) ? document.activeElement.dataset?.name : undefined;
  place.replaceChildren(...children.flat().filter(Boolean));
  if (name) place.querySelector(`[data-name="${CSS.escape(name)}"]`)?.focus();
}

/** The parts of a name that match what was typed are underlined, accents or not. */
export function marked(name, typed) {
  const fold = text =>
    text
      .normalize('NFD')
      .replace(/\p{Diacritic}/gu, '')
      .toUpperCase();
  const words = fold(typed)
    .split(/[^A-Z0-9]+/)
    .filter(word => word.length > 1);
  return name.split(/(\s+)/).map(word => {
    const hit = words.find(one => fold(word).startsWith(one));
    return hit ? el('span', null, el('u', null, word.slice(0, hit.length)), word.slice(hit.length)) : word;
  });
}

let audio;

/** One sound beside colour and word: good goes up, a refusal is low, what needs a look beeps twice. */
export function sound(tone) {
  const notes = {
    good: [
      [660, 0],
      [880, 0.09],
    ],
    bad: [
      [196, 0],
      [165, 0.16],
    ],
    warn: [
      [440, 0],
      [440, 0.16],
    ],
    done: [[880, 0]],
  }[tone];
  if (!notes) return;
  try {
    audio ??= new AudioContext();
    for (const [frequency, after] of notes) {
      const [tone, gain] = [audio.createOscillator(), audio.createGain()];
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0.12, audio.currentTime + after);
      gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + after + 0.14);
      tone.connect(gain).connect(audio.destination);
      tone.start(audio.currentTime + after);
      tone.stop(audio.currentTime + after + 0.15);
    }
  } catch {
    // A device without sound has colour and word.
  }
}

/** Draws anew only what is other than it was: what stands still can be pressed, and is not read out again. */
export function refill(place, ...children) {
  const next = document.createElement('div');
  next.replaceChildren(...children.flat().filter(Boolean));
  if (next.innerHTML !== place.innerHTML) fill(place, [...next.childNodes]);
}
