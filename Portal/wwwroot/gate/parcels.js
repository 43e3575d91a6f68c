// Parcels: received, and given to who shows the apartment's code or signs. Both are seen on this device, also without a line.

import { byEnter, field, head, input, unitPicker, wrong } from './form.js';
import { codeIn } from './lookup.js';
import { sha256 } from './snapshot.js';
import { el, fill, kbd } from './view.js';
import { t, time } from './words.js';

const width = 600;
const height = 200;
const longest = 19500;
const tries = 5;

/** The parcel whose code was typed; null: none that waits here. What the portal has not told yet is not known. */
async function ofCode(code, parcels, salt) {
  for (const one of parcels) {
    if (one.h && (await sha256(`${salt}${one.id}:${code}`)) === one.h) return one;
  }
  return null;
}

/** A place to sign in. Strokes are kept as whole numbers of a box of 600 by 200, and only where the line has moved. */
export function pad(changed) {
  const canvas = el('canvas', { class: 'pad', width, height, tabindex: 0, role: 'img', 'aria-label': t('parcel.sign') });
  const brush = canvas.getContext('2d');
  let strokes = [];
  let last = null;
  const at = event => {
    const box = canvas.getBoundingClientRect();
    const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
    return [
      within(((event.clientX - box.left) / box.width) * width, width),
      within(((event.clientY - box.top) / box.height) * height, height),
    ];
  };
  const length = () => strokes.reduce((sum, points) => sum + points.length * 8, 0);
  const draw = () => {
    brush.clearRect(0, 0, width, height);
    brush.lineWidth = 3;
    brush.lineCap = brush.lineJoin = 'round';
    brush.strokeStyle = getComputedStyle(canvas).color;
    for (const points of strokes) {
      brush.beginPath();
      points.forEach(([x, y], i) => (i === 0 ? brush.moveTo(x, y) : brush.lineTo(x, y)));
      brush.stroke();
    }
  };
  canvas.addEventListener('pointerdown', event => {
    if (length() > longest) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    strokes.push([last]);
  });
  canvas.addEventListener('pointermove', event => {
    if (!last || length() > longest) return;
    const next = at(event);
    if (Math.hypot(next[0] - last[0], next[1] - last[1]) < 3) return;
    strokes.at(-1).push(next);
    last = next;
    draw();
  });
  for (const name of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(name, () => {
      if (!last) return;
      last = null;
      strokes = strokes.filter(points => points.length > 1);
      draw();
      changed();
    });
  }
  return {
    canvas,
    clear() {
      strokes = [];
      draw();
      changed();
    },
    get drawn() {
      return strokes.reduce((sum, points) => sum + points.length - 1, 0) >= 8;
    },
    /** As an SVG path, which the portal keeps: a few kilobytes. */
    get path() {
      return this.drawn ? strokes.map(points => points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('')).join('') : null;
    },
  };
}

export const parcelPanels = {
  /** Parcels come in and go out. */
  parcels(app, place, given) {
    const salt = app.snapshot?.parcels.salt ?? '';
    const known = app.snapshot?.parcels.list ?? [];
    const unit = unitPicker(app, given.unit ?? null);
    const form = el(
      'form',
      { class: 'p-form', novalidate: true },
      field('unit', t('new.apartment'), unit.part),
      el(
        'div',
        { class: 'p-row p-two' },
        field('carrier', t('parcel.carrier'), input('carrier', '', { maxlength: 100, list: 'carriers' })),
        field('description', t('parcel.description'), input('description', '', { maxlength: 200 })),
      ),
    );
    const save = async () => {
      const carrier = form.elements.carrier.value.trim();
      wrong(form, 'carrier', carrier ? '' : t('error.carrier'));
      wrong(form, 'unit', unit.unit ? '' : t('error.unit'));
      if (!carrier || !unit.unit) return;
      const fields = { unit: unit.unit.id, carrier, description: form.elements.description.value.trim() || null };
      if (await app.do.record('parcel_in', fields, { act: 'parcel_in', name: carrier, unit: unit.unit.unit }, null)) {
        app.do.say(t('parcel.saved', unit.unit.unit));
        app.do.closePanel();
      }
    };
    byEnter(form, () => ['unit', 'carrier'], save);

    const back = said => {
      if (app.panel?.name === 'parcels') parcelPanels.parcels(app, place, { said });
    };
    let parcels = known;
    const gone = () =>
      new Set([...app.waiting, ...app.sent].filter(event => event.kind === 'parcel_out').map(event => event.fields?.parcel));
    const pending = () => app.waiting.filter(event => event.kind === 'parcel_in');
    const waiting = el('div', { class: 'p-rows', 'aria-live': 'polite' });
    const finder = el(
      'form',
      { class: 'p-form', novalidate: true },
      field('code', t('parcel.code.find'), input('code', '', { inputmode: 'numeric', maxlength: 7 })),
    );
    byEnter(
      finder,
      () => ['code'],
      async () => {
        const code = codeIn(finder.elements.code.value);
        const left = parcels.filter(one => !gone().has(one.id));
        const found = code ? await ofCode(code, left, salt) : null;
        wrong(finder, 'code', found ? '' : t(code ? 'parcel.code.unknown' : 'error.code.digits'));
        if (found) handOver(app, place, found, salt, code, back);
      },
    );
    const draw = () => {
      const out = gone();
      const rows = parcels.filter(one => !out.has(one.id));
      fill(
        waiting,
        pending().map(event =>
          el(
            'div',
            { class: 'p-item' },
            el(
              'span',
              { class: 'words' },
              el('strong', null, `${event.label?.unit ?? ''} · ${event.fields.carrier}`),
              el('small', null, t('parcel.pending')),
            ),
          ),
        ),
        rows.map(one =>
          el(
            'div',
            { class: 'p-item' },
            el(
              'span',
              { class: 'words' },
              el('strong', null, `${one.unit} · ${one.carrier}`),
              el('small', null, [one.description, one.at ? time(new Date(`${one.at}Z`)) : null].filter(Boolean).join(' · ')),
            ),
            el(
              'button',
              {
                type: 'button',
                class: 'gbtn gbtn-small',
                'data-name': `give${one.id}`,
                'aria-label': t('parcel.give.of', one.unit, one.carrier),
                onclick: () => handOver(app, place, one, salt, null, back),
              },
              t('parcel.give'),
            ),
          ),
        ),
        rows.length + pending().length === 0 ? el('p', { class: 'tell' }, t(app.snapshot ? 'parcel.none' : 'parcel.offline')) : null,
      );
    };
    fill(
      place,
      head(t('parcel.title')),
      given.said ? el('p', { class: 'tell good', role: 'status' }, given.said) : null,
      form,
      el(
        'div',
        { class: 'gt-acts gt-one' },
        el(
          'button',
          { type: 'button', class: 'gbtn gbtn-main', 'data-key': 'Enter', onclick: save },
          kbd(t('key.Enter')),
          t('parcel.save'),
        ),
      ),
      el('h3', { class: 'p-sub' }, t('parcel.waiting')),
      finder,
      waiting,
    );
    (given.unit ? form.elements.carrier : form.elements.unit).setAttribute('autofocus', '');
    draw();
    // What came since the snapshot was made; its codes are seen by the portal.
    app.sender.call('GET', 'parcels').then(
      answer => {
        const told = Array.isArray(answer) ? answer : (answer.parcels ?? []);
        const fresh = told.map(one => known.find(other => other.id === one.id) ?? one);
        // It tells the first hundred; of more the others are as they were.
        parcels = told.length < 100 ? fresh : [...fresh, ...known.filter(one => !fresh.includes(one))];
        if (app.panel?.name === 'parcels' && place.contains(waiting)) draw();
      },
      () => {},
    );
  },
};

/** One parcel goes to somebody: with the code, or with a name and a signature. */
function handOver(app, place, parcel, salt, shown, back) {
  let right = Boolean(shown);
  let wrongs = 0;
  const signature = pad(() => tell());
  const form = el(
    'form',
    { class: 'p-form', novalidate: true },
    field('code', t('parcel.code'), input('code', shown ?? '', { inputmode: 'numeric', maxlength: 7, disabled: right || null })),
    field('name', t('parcel.to'), input('name', '', { maxlength: 200 })),
    el(
      'div',
      { class: 'p-field' },
      el('span', null, t('parcel.sign')),
      signature.canvas,
      el(
        'div',
        { class: 'pad-acts' },
        el('small', null, t('parcel.sign.help')),
        el('button', { type: 'button', class: 'gbtn gbtn-small', onclick: () => signature.clear() }, t('parcel.sign.clear')),
      ),
      el('small', { class: 'p-error', role: 'alert', hidden: true, 'data-error': 'signature' }),
    ),
  );
  const state = el('p', { class: 'tell', role: 'status' });
  const tell = () => {
    state.textContent = right ? t('parcel.code.right') : signature.drawn ? t('parcel.sign.there') : t('parcel.proof');
    state.classList.toggle('good', right || signature.drawn);
  };
  const check = async () => {
    const typed = form.elements.code.value;
    if (right || !typed.trim()) return true;
    const code = codeIn(typed);
    if (!code) {
      wrong(form, 'code', t('error.code.digits'));
      return false;
    }
    // A parcel of a moment ago: only the portal knows its code, and says so when it is told.
    right = parcel.h === undefined || parcel.h === null || (await sha256(`${salt}${parcel.id}:${code}`)) === parcel.h;
    if (!right) wrongs++;
    wrong(form, 'code', right ? '' : t(wrongs >= tries ? 'parcel.code.often' : 'parcel.code.wrong', tries - wrongs));
    if (wrongs >= tries) {
      form.elements.code.value = '';
      form.elements.code.disabled = true;
      form.elements.name.focus();
    }
    tell();
    return right;
  };
  let giving = false;
  const give = async () => {
    if (giving || !(await check())) return;
    const name = form.elements.name.value.trim();
    const code = right ? codeIn(form.elements.code.value) : null;
    wrong(form, 'signature', right || signature.drawn ? '' : t('parcel.proof.needed'));
    wrong(form, 'name', right || name ? '' : t('error.name'));
    if (!right && (!name || !signature.drawn)) return;
    giving = true;
    const fields = { parcel: parcel.id, name: name || null, code, signature: signature.path };
    const label = { act: 'parcel_out', name: name || parcel.carrier, unit: parcel.unit };
    if (await app.do.record('parcel_out', fields, label, null)) {
      back(name ? t('parcel.given', name) : t('parcel.given.code', parcel.unit));
    }
    giving = false;
  };
  byEnter(form, () => [], give);
  form.elements.code.addEventListener('change', check);
  fill(
    place,
    head(`${parcel.unit} · ${parcel.carrier}`, parcel.description ?? t('parcel.title')),
    form,
    state,
    el(
      'div',
      { class: 'gt-acts' },
      el('button', { type: 'button', class: 'gbtn gbtn-main', 'data-key': 'Enter', onclick: give }, kbd(t('key.Enter')), t('parcel.give')),
      el('button', { type: 'button', class: 'gbtn', onclick: () => back() }, t('parcel.back')),
    ),
  );
  tell();
  (right ? form.elements.name : form.elements.code).focus();
}
