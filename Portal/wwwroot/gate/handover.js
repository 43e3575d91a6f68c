// A shift handed over: what there is, the notes that the next guard reads, the PINs of both. And what a guard must read before they begin.
// PINs are checked by the portal alone: without a line the shift goes on in the name of who has it.

import { pinWords } from './duty.js';
import { head } from './form.js';
import { noteRow, readNote } from './panels.js';
import { Refusal } from './sender.js';
import { mustRead } from './state.js';
import { el, fill, icon, kbd, refill } from './view.js';
import { t, time } from './words.js';

const digits = 6;

/** So long the first signature holds, as the portal has it. */
const signedFor = 30 * 60000;

export const handoverPanels = {
  handover(app, place) {
    const others = (app.guards ?? []).filter(one => one.id !== app.guard?.id);
    const draft = (app.handover ??= { key: crypto.randomUUID(), signed: null, read: new Map(), skipped: false, to: null, note: '' });
    if (draft.signed && app.clock.now() - draft.signed > signedFor) draft.signed = null;
    let told = null;
    let fault = null;
    let busy = false;

    const incoming = () => others.find(one => one.id === Number(to.value)) ?? null;
    const notes = () => {
      const guard = incoming()?.id;
      return (app.snapshot?.notes ?? []).filter(one =>
        one.must ? !one.done.includes(guard) && !app.read.has(`${guard}:${one.id}`) : !app.read.has(`${app.guard?.id}:${one.id}`),
      );
    };
    const unread = () => notes().filter(one => one.must && !draft.read.has(one.id));

    const top = head(t('handover.title'), t('handover.line', app.guard?.name ?? ''));
    const title = top.querySelector('p');
    const summary = el('div', { class: 'ho-sum' });
    const list = el('div', { class: 'p-rows ho-notes' });
    const count = el('span', null);
    const to = el(
      'select',
      { name: 'guard', 'aria-label': t('handover.to'), onchange: () => choose() },
      others.map(one => el('option', { value: one.id }, one.name)),
    );
    const out = pinBox('out', t('handover.from'));
    const into = pinBox('in', t('handover.to'));
    const note = el('input', {
      name: 'note',
      maxlength: 500,
      autocomplete: 'off',
      'aria-label': t('handover.note'),
      placeholder: t('handover.note'),
      value: draft.note,
    });
    note.addEventListener('input', () => {
      draft.note = note.value;
    });
    const main = el('button', { type: 'button', class: 'gbtn gbtn-main', 'data-key': 'Enter', onclick: () => go() });
    const later = el('button', { type: 'button', class: 'gbtn', 'data-key': 'F10', onclick: () => skip() });

    const figure = (value, words, alert) =>
      el('span', { class: alert ? 'w' : '' }, el('b', null, alert ? icon('Alert') : null, value === null ? '—' : String(value)), words);
    const drawSummary = () => {
      const waiting = app.waiting.length + app.photos;
      const old = told?.oldParcels ?? 0;
      refill(
        summary,
        figure(app.inside.length, t('handover.inside')),
        figure(told?.parcels ?? null, old > 0 ? t('handover.parcels.old', old) : t('handover.parcels')),
        figure(
          told?.openIncidents ?? null,
          [
            t('handover.incidents', told?.openIncidents ?? 0),
            told?.incidents?.[0] ? el('span', { class: 'one' }, told.incidents[0]) : null,
          ],
          told?.openIncidents > 0,
        ),
        figure(told?.conflicts ?? null, t('handover.conflicts'), told?.conflicts > 0),
        figure(waiting, waiting > 0 ? t('handover.waiting') : t('handover.waiting.none'), waiting > 0),
      );
      const shift = one => t('handover.shift', one.from.slice(11, 16), one.until.slice(11, 16));
      title.textContent = told?.current && told?.next ? `${shift(told.current)} → ${shift(told.next)}` : t('handover.line', app.guard?.name ?? '');
    };
    const drawNotes = () => {
      const all = notes();
      const name = incoming()?.name ?? '';
      count.textContent = all.length > 0 ? t('handover.read', all.filter(one => draft.read.has(one.id)).length, all.length, name) : '';
      let first = true;
      refill(
        list,
        all.length === 0
          ? el('p', { class: 'tell' }, icon('Note'), el('span', null, t('handover.notes.none')))
          : all.map(one => {
              const at = draft.read.get(one.id);
              if (at) return noteRow(one, 'p-seen', el('span', { class: 'seen' }, icon('CheckCircle'), t('handover.read.at', at)));
              const mine = first;
              first = false;
              return noteRow(
                one,
                'p-todo',
                el(
                  'button',
                  { type: 'button', class: 'gbtn gbtn-small', 'data-name': `read${one.id}`, onclick: () => mark(one) },
                  mine ? kbd(t('key.space')) : null,
                  t('notes.read'),
                ),
              );
            }),
      );
    };
    const drawPins = () => {
      out.draw(app.guard?.name ?? '', draft.signed ? digits : out.input.value.length, {
        done: draft.signed ? t('handover.signed', time(app.clock.wall(draft.signed))) : null,
        bad: fault?.at === 'out' ? fault.text : null,
        on: !draft.signed,
      });
      out.input.disabled = Boolean(draft.signed);
      into.draw(null, into.input.value.length, { bad: fault?.at === 'in' ? fault.text : null, on: Boolean(draft.signed) });
      into.input.disabled = !draft.signed;
    };
    const missing = () => {
      const left = draft.skipped ? 0 : unread().length;
      const short = digits - (draft.signed ? into : out).input.value.length;
      return { left, short, ready: draft.signed ? left === 0 && short === 0 : short === 0 };
    };
    const drawActs = () => {
      const { left, short, ready } = missing();
      const words =
        fault && !ready
          ? t('handover.lock')
          : draft.signed
            ? left > 0 && short > 0
              ? t('handover.missing.both', left, short)
              : left > 0
                ? t('handover.missing', left)
                : short > 0
                  ? t('handover.missing.digits', short)
                  : null
            : t('handover.sign.first', app.guard?.name ?? '');
      refill(
        main,
        kbd(t('key.Enter')),
        el('span', null, t(draft.signed ? 'handover.take' : 'handover.sign'), words ? el('small', null, words) : null),
      );
      main.classList.toggle('off', !ready);
      const skips = draft.signed && !draft.skipped && unread().length > 0;
      refill(
        later,
        kbd('F10'),
        el(
          'span',
          null,
          t('handover.skip'),
          el('small', null, skips ? t('handover.skip.notes') : t('handover.skip.name', app.guard?.name ?? '')),
        ),
      );
    };
    const draw = () => {
      drawSummary();
      drawNotes();
      drawPins();
      drawActs();
    };

    // The one who takes over reads: what they read is theirs, so it is written when they have signed.
    const mark = one => {
      draft.read.set(one.id, time(app.clock.wall()));
      draw();
    };
    const choose = () => {
      draft.to = Number(to.value);
      draft.read.clear();
      draft.skipped = false;
      into.input.value = '';
      fault = null;
      draw();
      (draft.signed ? into : out).input.focus();
    };
    /** Notes are put off once, and it is kept that they were; without any the one on duty goes on. */
    const skip = () => {
      if (draft.signed && !draft.skipped && unread().length > 0) {
        draft.skipped = true;
        draw();
        into.input.focus();
      } else app.do.closePanel();
    };
    const sign = async () => {
      if (out.input.value.length < digits) return;
      await ask('out', 'handover/sign', { key: draft.key, pin: out.input.value }, answer => {
        draft.signed = app.clock.fromWall(answer.at);
        into.input.disabled = false;
      });
      if (draft.signed) into.input.focus();
    };
    const take = async () => {
      const { left, short } = missing();
      if (left > 0) {
        list.querySelector('button')?.focus();
        return;
      }
      if (short > 0) {
        into.input.focus();
        return;
      }
      const guard = Number(to.value);
      const body = {
        key: draft.key,
        guard,
        pin: into.input.value,
        read: [...draft.read.keys()],
        skipped: draft.skipped,
        waiting: app.waiting.length + app.photos,
        note: note.value.trim() || null,
      };
      await ask('in', 'handover/take', body, async answer => {
        const put = draft.skipped && unread().length > 0;
        for (const id of draft.read.keys()) {
          const one = app.snapshot?.notes.find(other => other.id === id);
          if (one?.must) one.done.push(guard);
          else if (one) app.snapshot.notes = app.snapshot.notes.filter(other => other !== one);
        }
        app.sender.generation++;
        app.do.closePanel();
        await app.do.setSkip(put ? 'open' : null, guard);
        await app.do.signedIn(answer.guard);
        app.sender.kick();
        app.do.say(t('handover.done', app.guard.name));
      });
    };
    const ask = async (at, path, body, then) => {
      if (busy) return;
      busy = true;
      fault = null;
      try {
        await then(await app.sender.call('POST', path, body));
      } catch (error) {
        (at === 'out' ? out : into).input.value = '';
        fault = { at, text: words(error) };
        if (error instanceof Refusal && ['handover.unsigned', 'handover.done'].includes(error.body.error)) {
          Object.assign(draft, { key: crypto.randomUUID(), signed: null });
        }
      } finally {
        busy = false;
        if (app.panel?.name === 'handover') {
          draw();
          if (fault) (draft.signed ? into : out).input.focus();
        }
      }
    };
    const words = error => {
      if (!(error instanceof Refusal)) return t('handover.offline');
      const own = { 'handover.unsigned': 'handover.unsigned', 'handover.done': 'handover.unsigned', 'handover.same': 'handover.same' };
      if (error.body.error === 'handover.notes') {
        // The office wrote one a moment ago.
        return t('handover.missing', error.body.left);
      }
      if (error.body.error === 'pin') return t('handover.wrong', error.body.left ?? '');
      return own[error.body.error] ? t(own[error.body.error]) : pinWords(app, error);
    };
    const go = () => (draft.signed ? take() : sign());

    for (const one of [out, into]) {
      one.input.addEventListener('input', () => {
        one.input.value = one.input.value.replace(/[^0-9]/g, '');
        fault = null;
        draw();
        if (one === out && one.input.value.length === digits) sign();
      });
    }
    into.part.querySelector('.pin-who').replaceChildren(to);
    fill(
      place,
      top,
      summary,
      el('h3', { class: 'p-sub ho-h' }, t('handover.notes'), count),
      list,
      others.length > 0
        ? [
            el('div', { class: 'pins' }, out.part, into.part),
            el('div', { class: 'gt-acts ho-acts' }, main, later),
            el('div', { class: 'p-form' }, el('label', { class: 'p-field' }, note)),
          ]
        : el('p', { class: 'tell' }, t('handover.alone')),
      el(
        'button',
        {
          type: 'button',
          class: 'gbtn gbtn-small ho-leave',
          onclick: () =>
            app.do.leave().catch(() => {
              fault = { at: draft.signed ? 'in' : 'out', text: t('signin.offline') };
              draw();
            }),
        },
        t('handover.leave'),
      ),
    );
    place.onkeydown = event => {
      if (event.key !== 'Enter' || event.target.tagName === 'BUTTON' || app.panel?.name !== 'handover') return;
      event.preventDefault();
      go();
    };
    app.panel.keys = event => {
      const typing = event.target === note || event.target === to;
      if (event.key === 'F10') skip();
      else if (event.key === 'F8' || (event.key === ' ' && !typing)) {
        const first = notes().find(one => !draft.read.has(one.id));
        if (first) mark(first);
      } else return false;
      return true;
    };
    (draft.signed ? into : out).input.setAttribute('autofocus', '');
    if (draft.to) to.value = draft.to;
    whileOpen(app, 'handover', summary, () => draw());
    app.sender.call('GET', 'handover').then(
      answer => {
        told = answer;
        // Who comes by the roster stands there already.
        if (!draft.to && told.next && others.some(one => one.id === told.next.id)) to.value = told.next.id;
        if (app.panel?.name === 'handover') draw();
      },
      () => {
        fault = { at: draft.signed ? 'in' : 'out', text: t('handover.offline') };
        if (app.panel?.name === 'handover') draw();
      },
    );
    draw();
  },

  /** The box does not open before these are read; F10 puts them off once, for somebody who stands there. */
  mustread(app, place) {
    const list = el('div', { class: 'p-rows ho-notes' });
    const left = () => mustRead(app.guard?.id);
    const draw = () => {
      const notes = left();
      if (notes.length === 0) {
        app.do.closePanel();
        return;
      }
      refill(
        list,
        notes.map((one, i) =>
          noteRow(
            one,
            'p-todo',
            el(
              'button',
              { type: 'button', class: 'gbtn gbtn-small', 'data-name': `read${one.id}`, onclick: () => mark(one) },
              i === 0 ? kbd(t('key.space')) : null,
              t('notes.read'),
            ),
          ),
        ),
      );
    };
    const mark = async one => {
      if (await readNote(app, one)) draw();
    };
    const skip = async () => {
      if (app.skip) return;
      const count = left().length;
      if (!(await app.do.record('notes_skipped', { unread: count }, { act: 'notes_skipped', name: '', unit: '' }, null))) return;
      await app.do.setSkip('open');
      app.do.closePanel();
    };
    fill(
      place,
      head(t('mustread.title', app.guard?.name ?? ''), t('mustread.line'), true),
      list,
      el(
        'div',
        { class: 'gt-acts gt-one' },
        app.skip
          ? el('p', { class: 'tell' }, t('mustread.spent'))
          : el(
              'button',
              { type: 'button', class: 'gbtn', 'data-key': 'F10', onclick: skip },
              kbd('F10'),
              el('span', null, t('handover.skip'), el('small', null, t('handover.skip.notes'))),
            ),
      ),
    );
    app.panel.keys = event => {
      if (event.key === 'F10') skip();
      else if (event.key === ' ' || event.key === 'F8') {
        const [first] = left();
        if (first) mark(first);
      } else if (/^F[1-9]$/.test(event.key)) {
        // Everything else waits.
      } else return false;
      return true;
    };
    whileOpen(app, 'mustread', list, draw);
    draw();
  },
};

/** Who comes in, and what the office writes, shows while the panel stands. */
function whileOpen(app, name, part, draw) {
  const timer = setInterval(() => {
    if (app.panel?.name !== name || !part.isConnected) clearInterval(timer);
    else draw();
  }, 2000);
}

/** Six boxes over one field of digits, with who signs and what came of it. */
function pinBox(name, label) {
  const input = el('input', {
    name: `pin-${name}`,
    class: 'pin-in',
    type: 'password',
    inputmode: 'numeric',
    maxlength: digits,
    autocomplete: 'off',
    'aria-label': `${label}: ${t('signin.pin')}`,
  });
  const who = el('span', { class: 'pin-who' });
  const state = el('b', { role: 'status' });
  const dots = el('span', { class: 'dots', 'aria-hidden': 'true' });
  const part = el(
    'div',
    { class: 'pin', 'data-pin': name },
    el('span', { class: 'pin-head' }, label, state),
    who,
    el('span', { class: 'pin-box' }, dots, input),
  );
  part.addEventListener('click', event => {
    if (event.target.tagName !== 'SELECT') input.focus();
  });
  return {
    input,
    part,
    draw(text, typed, { done, bad, on }) {
      if (text !== null) who.textContent = text;
      part.className = `pin ${bad ? 'bad' : done ? 'done' : on ? 'on' : ''}`;
      refill(state, done || bad ? [icon(done ? 'Check' : 'CloseCircle', 'i-sm'), done ?? bad] : []);
      refill(
        dots,
        Array.from({ length: digits }, (_, i) => el('i', { class: i < typed ? 'f' : i === typed && on ? 'c' : '' })),
      );
    },
  };
}
