// Who is on duty: enrolling the device, signing in, handing over.

import { byEnter, field, head, input, pair, wrong } from './form.js';
import { Refusal } from './sender.js';
import * as store from './store.js';
import { el, fill, icon, kbd } from './view.js';
import { t, time } from './words.js';

/** The guards who may sign in, and the PIN. */
const dutyFields = (label, guards) =>
  pair(
    field(
      'guard',
      label,
      el(
        'select',
        { name: 'guard' },
        guards.map(one => el('option', { value: one.id }, one.name)),
      ),
    ),
    field('pin', t('signin.pin'), input('pin', '', { type: 'password', inputmode: 'numeric', maxlength: 6 })),
  );

export const dutyPanels = {
  /** The next guard takes over: what there is, the notes to read, their PIN. */
  handover(app, place) {
    const summary = el('div', { class: 'ho-sum' });
    const parcels = el('b', null, '…');
    const figure = (value, words, alert) =>
      el('span', { class: alert ? 'w' : '' }, value instanceof Node ? value : el('b', null, value), words);
    const list = el('div', { class: 'p-rows' });
    const read = new Set();
    const unread = () => (app.snapshot?.notes ?? []).filter(one => !read.has(one.id));
    let skipped = false;
    const others = (app.guards ?? []).filter(one => one.id !== app.guard?.id);
    const form = el('form', { class: 'p-form', novalidate: true }, dutyFields(t('handover.to'), others));
    const button = el('button', { type: 'button', class: 'gbtn gbtn-main', 'data-key': 'Enter', onclick: () => take() });
    const draw = () => {
      const left = unread().length;
      fill(
        summary,
        figure(app.inside.length, t('handover.inside')),
        figure(parcels, t('handover.parcels')),
        figure(app.waiting.length, t('handover.waiting'), app.waiting.length > 0),
        figure(
          app.outcomes.filter(one => one.look).length,
          t('handover.toread'),
          app.outcomes.some(one => one.look),
        ),
      );
      fill(
        list,
        unread().map((one, i) =>
          el(
            'div',
            { class: 'p-item p-todo' },
            el(
              'span',
              { class: 'words' },
              el('strong', null, one.text),
              el('small', null, t('notes.by', one.by, one.at ? time(new Date(`${one.at}Z`)) : '')),
            ),
            el(
              'button',
              { type: 'button', class: 'gbtn gbtn-small', onclick: () => mark(one) },
              i === 0 ? kbd(t('key.F8')) : null,
              t('notes.read'),
            ),
          ),
        ),
        left === 0 ? el('p', { class: 'tell' }, t('handover.notes.none')) : null,
      );
      fill(
        button,
        kbd(t('key.Enter')),
        el('span', null, t('handover.take'), left > 0 && !skipped ? el('small', null, t('handover.missing', left)) : null),
      );
      button.classList.toggle('off', left > 0 && !skipped);
    };
    // The one who takes over reads: what they read is theirs, so it is written when they have signed.
    const mark = one => {
      read.add(one.id);
      draw();
    };
    const skip = async () => {
      if (skipped || unread().length === 0) return;
      skipped = true;
      await app.do.record('notes_skipped', {}, { act: 'notes_skipped', name: '', unit: '' }, null);
      draw();
    };
    const take = async () => {
      if (unread().length > 0 && !skipped) {
        wrong(form, 'pin', t('handover.missing', unread().length));
        return;
      }
      if (!(await signInBy(app, form, Number(form.elements.guard.value)))) return;
      for (const id of read) await app.do.record('note_read', { note: id }, { act: 'note_read', name: '', unit: '' }, null);
      if (app.snapshot) app.snapshot.notes = app.snapshot.notes.filter(note => !read.has(note.id));
      app.do.closePanel();
      app.do.say(t('handover.done', app.guard.name));
    };
    byEnter(form, () => ['pin'], take);
    fill(
      place,
      head(t('handover.title'), t('handover.line', app.guard?.name ?? '')),
      summary,
      el('h3', { class: 'p-sub' }, t('handover.notes')),
      list,
      form,
      el(
        'div',
        { class: 'gt-acts' },
        button,
        el('button', { type: 'button', class: 'gbtn', 'data-key': 'F10', onclick: skip }, kbd('F10'), t('handover.skip')),
        el(
          'button',
          { type: 'button', class: 'gbtn', onclick: () => app.do.leave().catch(() => wrong(form, 'pin', t('signin.offline'))) },
          t('handover.leave'),
        ),
      ),
    );
    form.elements.pin.setAttribute('autofocus', '');
    app.panel.keys = event => {
      if (event.key === 'F10') skip();
      else if (event.key === 'F8') {
        const [first] = unread();
        if (first) mark(first);
      } else return false;
      return true;
    };
    app.sender.call('GET', 'parcels').then(
      answer => {
        parcels.textContent = (Array.isArray(answer) ? answer : (answer.parcels ?? [])).length;
      },
      () => {
        parcels.textContent = '—';
      },
    );
    draw();
  },

  /** This device is no terminal yet, or no longer. */
  enrol(app, place) {
    const form = el(
      'form',
      { class: 'p-form', novalidate: true },
      field(
        'code',
        t('enrol.code'),
        input('code', '', { maxlength: 40, autofocus: true, autocapitalize: 'characters', spellcheck: 'false' }),
        t('enrol.help'),
      ),
    );
    const save = async () => {
      const code = form.elements.code.value.trim();
      if (!code) {
        wrong(form, 'code', t('error.enrol'));
        return;
      }
      try {
        const { terminal, key } = await app.sender.call('POST', 'enrol', { code });
        app.sender.generation++;
        app.terminal = { ...terminal, key };
        await store.put('terminal', app.terminal);
        app.sender.blocked = null;
        app.do.closePanel();
        app.sender.kick();
      } catch (error) {
        wrong(form, 'code', error instanceof Refusal ? t(error.status === 429 ? 'error.enrol.often' : 'error.enrol') : t('signin.offline'));
      }
    };
    byEnter(form, () => ['code'], save);
    fill(
      place,
      head(t('enrol.title'), t('enrol.line'), true),
      form,
      el(
        'div',
        { class: 'gt-acts gt-one' },
        el('button', { type: 'button', class: 'gbtn gbtn-main', 'data-key': 'Enter', onclick: save }, kbd(t('key.Enter')), t('enrol.save')),
      ),
      app.waiting.length > 0 ? el('p', { class: 'tell' }, t('enrol.waiting', app.waiting.length)) : null,
      el('p', { class: 'tell' }, el('a', { href: '/' }, t('exit.terminal'))),
    );
  },

  /** Nobody is on duty here, or the session is over. What waits to be delivered stays. */
  signin(app, place) {
    const draw = () => {
      const guards = app.guards ?? [];
      const form = el('form', { class: 'p-form', novalidate: true }, dutyFields(t('signin.guard'), guards));
      const save = async () => {
        if (await signInBy(app, form, Number(form.elements.guard.value))) app.do.closePanel();
      };
      byEnter(form, () => ['pin'], save);
      fill(
        place,
        head(t('signin.title'), t('signin.line', app.terminal?.name ?? ''), true),
        guards.length > 0 ? form : el('p', { class: 'tell' }, t('signin.none')),
        el(
          'div',
          { class: 'gt-acts gt-one' },
          guards.length > 0
            ? el(
                'button',
                { type: 'button', class: 'gbtn gbtn-main', 'data-key': 'Enter', onclick: save },
                kbd(t('key.Enter')),
                t('signin.save'),
              )
            : null,
        ),
        app.waiting.length > 0 ? el('p', { class: 'tell' }, t('enrol.waiting', app.waiting.length)) : null,
        el('p', { class: 'tell' }, el('a', { href: '/sign-in?return=%2Fgate%2F' }, t('signin.password'))),
      );
      if (guards.length > 0) form.elements.pin.focus();
    };
    draw();
    // The list of guards comes with the first answer.
    const waiting = setInterval(() => {
      if (app.panel?.name !== 'signin') clearInterval(waiting);
      else if ((app.guards ?? []).length > 0) {
        clearInterval(waiting);
        if (!place.querySelector('form')) draw();
      }
    }, 300);
  },

  /** This browser keeps nothing: it cannot be a terminal. */
  broken(app, place, given) {
    app.panel.fixed = true;
    fill(
      place,
      head(t('broken.title'), t('broken.line'), true),
      el('p', { class: 'tell' }, icon('Warning'), String(given.error?.message ?? '')),
    );
  },
};

async function signInBy(app, form, guard) {
  const pin = form.elements.pin.value.trim();
  if (!/^[0-9]{6}$/.test(pin)) {
    wrong(form, 'pin', t('error.pin.digits'));
    return false;
  }
  try {
    const answer = await app.sender.call('POST', 'pin', { guard, pin });
    app.sender.generation++;
    await app.do.signedIn(answer.guard);
    app.sender.kick();
    return true;
  } catch (error) {
    form.elements.pin.value = '';
    const { body } = error;
    wrong(
      form,
      'pin',
      !(error instanceof Refusal)
        ? t('signin.offline')
        : body.error === 'locked'
          ? t('error.pin.locked', body.until ? time(app.clock.wall(Date.parse(body.until))) : '')
          : body.error === 'pin'
            ? t('error.pin', body.left ?? '')
            : t('error.pin.refused'),
    );
    return false;
  }
}
