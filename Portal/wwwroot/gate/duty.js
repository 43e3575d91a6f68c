// Who is on duty: enrolling the device, signing in. Handing over is in handover.js.

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
    // A new shift: what was put off in the last one is to be read now.
    await app.do.setSkip(null, answer.guard.id);
    await app.do.signedIn(answer.guard);
    app.sender.kick();
    return true;
  } catch (error) {
    form.elements.pin.value = '';
    wrong(form, 'pin', pinWords(app, error));
    return false;
  }
}

/** Why a PIN did not do. */
export function pinWords(app, error) {
  if (!(error instanceof Refusal)) return t('signin.offline');
  const { body } = error;
  if (body.error === 'locked') return t('error.pin.locked', body.until ? time(app.clock.wall(Date.parse(body.until))) : '');
  return body.error === 'pin' ? t('error.pin', body.left ?? '') : t('error.pin.refused');
}
