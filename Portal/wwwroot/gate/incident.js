// What happened, written at the gate: it only grows. It is logged as any act is, with its photos, and photos follow when there is a line.

import { choice, field, head, input, pair, unitPicker, wrong } from './form.js';
import { el, fill, icon, kbd } from './view.js';
import { moment, t, time } from './words.js';

const kinds = ['theft', 'damage', 'intrusion', 'fight', 'noise', 'accident', 'fire', 'water', 'vehicle', 'other'];
const mostPhotos = 5;

/** In bytes, under what the portal takes. */
const largest = 1_000_000;

/** A photo as JPEG, upright, small enough: drawn anew, so without place or camera. Throws what is no picture. */
export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    for (const side of [1600, 1280, 1024, 768]) {
      for (const quality of [0.85, 0.7]) {
        const canvas = drawn(picture, side);
        const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', quality));
        if (blob && blob.size <= largest) {
          return { key: crypto.randomUUID(), type: 'image/jpeg', bytes: await blob.arrayBuffer(), thumb: drawn(picture, 160) };
        }
      }
    }
  } finally {
    picture.close();
  }
  throw new Error('The picture cannot be made small enough.');
}

function drawn(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = el('canvas', {
    width: Math.max(1, Math.round(picture.width * scale)),
    height: Math.max(1, Math.round(picture.height * scale)),
  });
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export const incidentPanels = {
  /** What was typed and photographed stays when the panel is closed and opened again. */
  incident(app, place) {
    const draft = (app.incidentDraft ??= { photos: [], chosen: new Set(), at: time(app.clock.wall()) });
    const unit = unitPicker(app, draft.unit ?? null);
    const happened = input('happened', draft.at, { inputmode: 'numeric', maxlength: 5 });
    const text = el('textarea', { name: 'text', rows: 3, maxlength: 5000, placeholder: t('incident.text.hint') });
    text.value = draft.text ?? '';
    const photos = el('div', { class: 'in-photos' });
    const picker = el('input', {
      type: 'file',
      accept: 'image/*',
      multiple: true,
      name: 'photos',
      class: 'in-file',
      'aria-label': t('incident.photos'),
      tabindex: -1,
    });
    const inside = [...app.inside].sort((a, b) => b.since - a.since).slice(0, 8);
    const form = el(
      'form',
      { class: 'p-form', novalidate: true, autocomplete: 'off' },
      el(
        'div',
        { class: 'p-row p-three' },
        field(
          'type',
          t('incident.kind'),
          choice('type', kinds, one => t(`incident.${one}`), draft.type ?? 'other'),
        ),
        field('happened', t('incident.when'), happened),
        field('place', t('incident.place'), input('place', draft.place ?? '', { placeholder: t('incident.place.hint') })),
      ),
      field('text', t('incident.text'), text),
      pair(
        field('people', t('incident.people'), input('people', draft.people ?? '', { maxlength: 500 })),
        field('unit', t('incident.unit'), unit.part),
      ),
      el(
        'div',
        { class: 'p-field' },
        el('span', null, t('incident.photos')),
        photos,
        picker,
        el('small', { class: 'p-error', role: 'alert', hidden: true, 'data-error': 'photos' }),
      ),
      inside.length > 0
        ? el(
            'fieldset',
            { class: 'in-who' },
            el('legend', null, t('incident.inside')),
            inside.map(one =>
              el(
                'label',
                { class: 'p-check' },
                el('input', {
                  type: 'checkbox',
                  checked: draft.chosen.has(one.id),
                  onchange: event => (event.target.checked ? draft.chosen.add(one.id) : draft.chosen.delete(one.id)),
                }),
                el('span', null, one.name || one.plate || '', el('small', null, app.snapshot?.unit(one.unit)?.unit ?? '')),
              ),
            ),
          )
        : null,
    );
    const drawPhotos = () => {
      fill(
        photos,
        draft.photos.map((photo, i) =>
          el(
            'span',
            { class: 'in-photo' },
            photo.thumb,
            el(
              'button',
              {
                type: 'button',
                'aria-label': t('incident.photo.remove', i + 1),
                onclick: () => {
                  draft.photos.splice(i, 1);
                  drawPhotos();
                },
              },
              icon('Close'),
            ),
          ),
        ),
        draft.photos.length < mostPhotos
          ? el(
              'button',
              { type: 'button', class: 'gbtn gbtn-small', 'data-name': 'photo', onclick: () => picker.click() },
              icon('Camera'),
              t('incident.photo.add', draft.photos.length, mostPhotos),
            )
          : null,
      );
    };
    picker.addEventListener('change', async () => {
      const files = [...picker.files];
      picker.value = '';
      let refused = '';
      for (const file of files) {
        if (draft.photos.length >= mostPhotos) {
          refused = t('error.photos', mostPhotos);
          break;
        }
        try {
          draft.photos.push(await shrink(file));
        } catch {
          refused = t('error.photo', file.name);
        }
      }
      if (app.panel?.name !== 'incident') return;
      drawPhotos();
      wrong(form, 'photos', refused);
    });
    form.addEventListener('input', () => {
      for (const name of ['type', 'place', 'people']) draft[name] = form.elements[name].value;
      [draft.text, draft.at, draft.unit] = [text.value, happened.value, unit.unit];
    });
    form.addEventListener('submit', event => event.preventDefault());
    form.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || event.target.tagName === 'BUTTON') return;
      if (event.target === text && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const empty = ['place', 'text'].find(name => !form.elements[name].value.trim());
      if (!event.ctrlKey && empty && form.elements[empty] !== event.target) form.elements[empty].focus();
      else save();
    });
    /** The hour that was written, as 9:30 or 0930; null where it is none. */
    const hour = () => {
      const [, hours, minutes] = /^([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])$/.exec(happened.value.trim()) ?? [];
      return minutes ? `${hours.padStart(2, '0')}:${minutes}` : null;
    };
    /** That hour today or, where it is still to come, yesterday. */
    const when = () => {
      const wall = app.clock.wall();
      const at = new Date(`${wall.toISOString().slice(0, 10)}T${hour()}:00Z`);
      if (at > wall) at.setUTCDate(at.getUTCDate() - 1);
      return at.toISOString().slice(0, 19);
    };
    let saving = false;
    const save = async () => {
      const [where, what] = [form.elements.place.value.trim(), text.value.trim()];
      wrong(form, 'text', what ? '' : t('error.incident.text'));
      wrong(form, 'place', where ? '' : t('error.incident.place'));
      wrong(form, 'happened', hour() ? '' : t('error.incident.when'));
      if (saving || !where || !what || !hour()) return;
      saving = true;
      const chosen = app.inside.filter(one => draft.chosen.has(one.id));
      const type = form.elements.type.value;
      const fields = {
        type,
        happened: when(),
        place: where,
        text: what,
        people: form.elements.people.value.trim() || null,
        unit: unit.unit?.id ?? null,
        visits: chosen.map(one => one.v).filter(Boolean),
        entries: chosen.map(one => one.k).filter(Boolean),
        photos: draft.photos.length,
      };
      const label = { act: 'incident', name: `${t(`incident.${type}`)} · ${where}`.slice(0, 60), unit: unit.unit?.unit ?? '' };
      const kept = draft.photos.map(({ key, type: kind, bytes }) => ({ key, type: kind, bytes }));
      const event = await app.do.record('incident', fields, label, null, undefined, kept);
      saving = false;
      app.do.closePanel();
      if (!event) return;
      app.incidentDraft = null;
      app.do.say(t(app.sender.online ? 'incident.saved' : 'incident.saved.offline'));
    };
    fill(
      place,
      head(t('incident.title'), t('incident.line')),
      form,
      el(
        'div',
        { class: 'gt-acts gt-one ho-acts' },
        el(
          'button',
          { type: 'button', class: 'gbtn gbtn-main', 'data-key': 'Ctrl+Enter', onclick: save },
          kbd('Ctrl+Enter'),
          t('incident.save'),
        ),
      ),
      openOnes(app),
    );
    form.elements.place.setAttribute('autofocus', '');
    drawPhotos();
  },
};

/** Those that are open: nothing of them is changed here, what there is to say more is added. */
function openOnes(app) {
  const open = app.snapshot?.incidents ?? [];
  if (open.length === 0) return null;
  return el(
    'section',
    null,
    el('h3', { class: 'p-sub' }, t('incident.open')),
    el(
      'div',
      { class: 'p-rows' },
      open.map(one => {
        const box = input('more', '', {
          maxlength: 5000,
          placeholder: t('incident.more'),
          'aria-label': t('incident.more.of', one.number),
        });
        const add = async () => {
          const text = box.value.trim();
          if (!text) {
            box.focus();
            return;
          }
          const label = { act: 'incident_add', name: one.number, unit: '' };
          if (!(await app.do.record('incident_add', { incident: one.id, of: one.k, text }, label, null))) return;
          box.value = '';
          app.do.say(t('incident.added', one.number));
        };
        return el(
          'form',
          {
            class: 'p-item in-open',
            onsubmit: event => {
              event.preventDefault();
              add();
            },
          },
          el(
            'span',
            { class: 'words' },
            el('strong', { class: 'num' }, `${one.number} · ${t(`incident.${one.kind}`)}`),
            el('small', null, `${one.place} · ${moment(new Date(`${one.at}Z`), app.clock.wall())}`),
          ),
          box,
          el('button', { type: 'submit', class: 'gbtn gbtn-small' }, t('incident.add')),
        );
      }),
    ),
  );
}
