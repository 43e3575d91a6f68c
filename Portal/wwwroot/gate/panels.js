// What opens over the main column by a key: a new visit, plates, notes.

import { byEnter, choice, field, head, input, pair, unitPicker, wrong } from './form.js';
import { keyOf } from './lookup.js';
import { Refusal } from './sender.js';
import { clock } from './state.js';
import { el, fill, kbd } from './view.js';
import { duration, moment, t } from './words.js';

const kinds = ['guest', 'delivery', 'domestic', 'contractor', 'taxi'];

export const workPanels = {
  /** Somebody who was not announced. What was typed stays when the panel is closed and opened again. */
  visit(app, place, given) {
    const kept = app.draft && !given.unit && !given.name && !given.identification ? app.draft : {};
    const start = {
      vk: 'guest',
      people: 1,
      authority: 'phone',
      ...kept,
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)),
    };
    const asks = start.authority === 'ask';
    const unit = unitPicker(app, start.unit ?? null);
    const form = el(
      'form',
      { class: 'p-form', autocomplete: 'off', novalidate: true },
      field('unit', t('new.apartment'), unit.part),
      pair(
        field('name', t('new.name'), input('name', start.name ?? '')),
        field(
          'identification',
          t('new.document'),
          input('identification', start.identification ?? '', { maxlength: 50, inputmode: 'numeric' }),
          t('new.document.help'),
        ),
      ),
      el(
        'div',
        { class: 'p-row' },
        field(
          'vk',
          t('new.kind'),
          choice('vk', kinds, kind => t(`kind.${kind}`), start.vk),
        ),
        field('people', t('new.people'), input('people', start.people ?? 1, { inputmode: 'numeric', maxlength: 2 })),
        field('plate', t('new.plate'), input('plate', start.plate ?? '', { maxlength: 20 })),
        field('company', t('new.company'), input('company', start.company ?? '', { maxlength: 100 })),
      ),
      pair(
        field(
          'authority',
          t('new.authority'),
          choice('authority', ['phone', 'guard'], one => t(`authority.${one}`), start.authority),
        ),
      ),
    );
    const read = () => ({
      unit: unit.unit,
      name: form.elements.name.value.trim(),
      identification: form.elements.identification.value.trim(),
      vk: form.elements.vk.value,
      people: Number(form.elements.people.value) || 0,
      plate: form.elements.plate.value.trim(),
      company: form.elements.company.value.trim(),
      authority: form.elements.authority.value,
      pass: given.pass,
    });
    const light = () => ['delivery', 'taxi'].includes(form.elements.vk.value);
    const needed = () => (asks || light() ? ['unit', 'name'] : ['unit', 'name', 'identification']);
    const check = (visit, asking) => {
      const faults = [
        ['people', visit.people < 1 || visit.people > 99 ? t('error.people') : ''],
        ['identification', !asking && !light() && !visit.identification ? t('error.document') : ''],
        ['name', !visit.name ? t('error.name') : ''],
        ['unit', !visit.unit ? t(form.elements.unit.value.trim() ? 'error.unit.unknown' : 'error.unit') : ''],
      ];
      for (const [name, text] of faults) wrong(form, name, text);
      return faults.every(([, text]) => !text);
    };
    const say = (text, name = 'unit') => wrong(form, name, text);
    const save = async () => {
      const visit = read();
      if (!check(visit, false)) return;
      app.draft = null;
      app.do.closePanel();
      await app.do.formEntry({ ...visit, kind: 'known' });
    };
    const ask = async () => {
      const visit = read();
      if (!check(visit, true)) return;
      if (!app.sender.online) {
        say(t('error.ask.offline'));
        return;
      }
      try {
        await app.do.askUnit(visit);
        app.draft = null;
      } catch (error) {
        say(error instanceof Refusal ? t('error.ask.refused') : t('error.ask.offline'));
      }
    };
    byEnter(form, needed, asks ? ask : save);
    form.addEventListener('input', () => {
      app.draft = { ...read(), pass: undefined };
    });
    const enterButton = el(
      'button',
      { type: 'button', class: `gbtn ${asks ? '' : 'gbtn-main'}`, 'data-key': asks ? 'F3' : 'Enter', onclick: save },
      kbd(t(asks ? 'key.F3' : 'key.Enter')),
      t('new.save'),
    );
    const askButton = el(
      'button',
      { type: 'button', class: `gbtn ${asks ? 'gbtn-main' : ''}`, 'data-key': asks ? 'Enter' : 'F2', onclick: ask },
      kbd(t(asks ? 'key.Enter' : 'key.F2')),
      t('act.ask'),
    );
    fill(place, head(t('new.title')), form, el('div', { class: 'gt-acts' }, asks ? [askButton, enterButton] : [enterButton, askButton]));
    app.panel.keys = event => {
      if (event.key === 'F2' && !asks) ask();
      else if (event.key === 'F3' && asks) save();
      else return false;
      return true;
    };
    (start.unit ? (form.elements.name.value ? form.elements.identification : form.elements.name) : form.elements.unit).setAttribute(
      'autofocus',
      '',
    );
  },

  /** Cars: who is inside with one, and whose a plate is. */
  plates(app, place) {
    const box = input('plate', '', { maxlength: 20, autofocus: true, 'aria-label': t('plates.search'), placeholder: t('plates.search') });
    const rows = el('div', { class: 'p-rows', role: 'status' });
    const draw = () => {
      const key = keyOf(box.value);
      const here = app.inside.filter(one => one.plate && (!key || keyOf(one.plate).includes(key)));
      const homes = key.length < 2 ? [] : (app.snapshot?.residents ?? []).filter(one => keyOf(one.plate).includes(key)).slice(0, 8);
      const row = (plate, line, end, act) =>
        el(
          'button',
          { type: 'button', class: 'p-item', onclick: act },
          el('span', { class: 'words' }, el('strong', { class: 'num' }, plate), el('small', null, line)),
          el('span', null, end),
        );
      fill(
        rows,
        here.map(one =>
          row(
            one.plate,
            [one.name, app.snapshot?.unit(one.unit)?.unit, one.space].filter(Boolean).join(' · '),
            duration(app.clock.now() - one.since),
            () => {
              app.do.closePanel();
              app.do.ask(one.plate);
            },
          ),
        ),
        homes.map(one =>
          row(one.plate, app.snapshot.unit(one.unit)?.unit ?? '', one.space ? t('plates.space', one.space) : t('v.resident'), () => {
            app.do.closePanel();
            app.do.ask(one.plate);
          }),
        ),
        here.length + homes.length === 0 ? el('p', { class: 'tell' }, key ? t('plates.none', box.value.trim()) : t('plates.empty')) : null,
      );
    };
    box.addEventListener('input', draw);
    box.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || !box.value.trim()) return;
      event.preventDefault();
      const text = box.value;
      app.do.closePanel();
      app.do.ask(text);
    });
    fill(place, head(t('plates.title'), t('plates.line')), el('div', { class: 'p-form' }, el('label', { class: 'p-field' }, box)), rows);
    draw();
  },

  /** What one shift tells the next. What must be read is read in a panel of its own. */
  notes(app, place) {
    const list = el('div', { class: 'p-rows' });
    const open = () => (app.snapshot?.notes ?? []).filter(one => !one.must && !app.read.has(`${app.guard?.id}:${one.id}`));
    const draw = () => {
      const notes = open();
      const must = (app.snapshot?.notes ?? []).filter(one => one.must);
      fill(
        list,
        notes.length + must.length === 0
          ? el('p', { class: 'tell' }, t('notes.none'))
          : [
              ...notes.map((one, i) =>
                noteRow(
                  one,
                  'p-todo',
                  el(
                    'button',
                    { type: 'button', class: 'gbtn gbtn-small', onclick: () => done(one) },
                    i === 0 ? kbd(t('key.F8')) : null,
                    t('notes.read'),
                  ),
                ),
              ),
              ...must.map(one => noteRow(one, '', el('span', { class: 'seen' }, t('notes.must')))),
            ],
      );
    };
    const done = async one => {
      if (await readNote(app, one)) draw();
    };
    const box = el('textarea', {
      name: 'text',
      rows: 3,
      maxlength: 2000,
      autofocus: true,
      'aria-label': t('notes.write'),
      placeholder: t('notes.write'),
    });
    const must = el('input', { type: 'checkbox', name: 'must' });
    const save = async () => {
      if (!box.value.trim()) {
        box.focus();
        return;
      }
      const text = box.value.trim();
      if (await app.do.record('note', { text, must: must.checked }, { act: 'note', name: text.slice(0, 60), unit: '' }, null)) {
        app.noteDraft = '';
        app.do.say(t('notes.saved'));
        app.do.closePanel();
      }
    };
    box.value = app.noteDraft ?? '';
    box.addEventListener('input', () => {
      app.noteDraft = box.value;
    });
    box.addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        save();
      }
    });
    fill(
      place,
      head(t('notes.title')),
      list,
      el(
        'div',
        { class: 'p-form' },
        el('label', { class: 'p-field' }, el('span', null, t('notes.write')), box),
        el('label', { class: 'p-check' }, must, el('span', null, t('notes.must.write'), el('small', null, t('notes.must.help')))),
      ),
      el(
        'div',
        { class: 'gt-acts gt-one' },
        el(
          'button',
          { type: 'button', class: 'gbtn gbtn-main', 'data-key': 'Ctrl+Enter', onclick: save },
          kbd('Ctrl+Enter'),
          t('notes.save'),
        ),
      ),
    );
    app.panel.keys = event => {
      if (event.key !== 'F8') return false;
      const [first] = open();
      if (first) done(first);
      return true;
    };
    draw();
  },
};

/** A note with who wrote it and how long it holds; `end` is what stands at its right. */
export const noteRow = (one, tone, end) =>
  el(
    'div',
    { class: `p-item ${tone}`, 'data-note': one.id },
    el(
      'span',
      { class: 'words' },
      el('strong', null, one.text),
      el(
        'small',
        null,
        [
          t('notes.by', one.by, one.at ? moment(new Date(`${one.at}Z`), today()) : ''),
          one.until ? t('notes.until', moment(new Date(`${one.until}Z`), today())) : null,
        ]
          .filter(Boolean)
          .join(' · '),
      ),
    ),
    end,
  );

const today = () => clock.wall();

/** The one on duty has read it. */
export const readNote = (app, one) =>
  app.do.record(
    'note_read',
    { note: one.id },
    { act: 'note_read', name: one.text.slice(0, 60), unit: '' },
    { type: 'read', note: one.id, guard: app.guard.id },
  );
