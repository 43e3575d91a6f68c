// Parts of the forms that open over the main column.

import { keyOf } from './lookup.js';
import { el, fill, kbd } from './view.js';
import { t } from './words.js';

export const head = (title, line, fixed) =>
  el(
    'header',
    { class: 'p-head' },
    el('div', null, el('h2', null, title), line ? el('p', null, line) : null),
    fixed ? null : el('span', { class: 'end' }, t('panel.close'), kbd(t('key.Esc'))),
  );

export const field = (name, label, input, help) =>
  el(
    'label',
    { class: 'p-field' },
    el('span', null, label),
    input,
    help ? el('small', null, help) : null,
    el('small', { class: 'p-error', role: 'alert', hidden: true, 'data-error': name }),
  );

export const pair = (...fields) => el('div', { class: 'p-row p-two' }, fields);

export const choice = (name, all, words, chosen) =>
  el(
    'select',
    { name },
    all.map(one => el('option', { value: one, selected: one === chosen }, words(one))),
  );

export const input = (name, value = '', more = {}) =>
  el('input', { name, value, autocomplete: 'off', 'aria-label': more.label ?? null, maxlength: 200, ...more });

export function wrong(form, name, text) {
  const place = form.querySelector(`[data-error="${name}"]`);
  place.textContent = text;
  place.hidden = !text;
  const box = form.elements[name];
  if (box) box.setAttribute('aria-invalid', text ? 'true' : 'false');
  if (text) box?.focus();
}

/** Enter goes to the next field that is needed and empty; where none is, it saves. */
export function byEnter(form, needed, save) {
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.target.tagName === 'BUTTON' || event.target.tagName === 'TEXTAREA') return;
    event.preventDefault();
    if (event.defaultPrevented && event.target.dataset.picking) return;
    const missing = needed().find(name => !form.elements[name].value.trim());
    if (missing && form.elements[missing] !== event.target) form.elements[missing].focus();
    else save();
  });
}

/** Chooses an apartment by what is typed: its number, its tower, its host. */
export function unitPicker(app, chosen, name = 'unit') {
  let unit = chosen;
  let at = 0;
  const box = input(name, chosen?.unit ?? '', {
    role: 'combobox',
    'aria-expanded': 'false',
    'aria-controls': `${name}-list`,
    'aria-autocomplete': 'list',
  });
  const list = el('ul', { id: `${name}-list`, role: 'listbox', class: 'p-list', hidden: true });
  const fold = text =>
    (text ?? '')
      .normalize('NFD')
      .replace(/\p{Diacritic}/gu, '')
      .toUpperCase();
  const matches = () => {
    const key = keyOf(box.value).replace(/(APARTAMENTO|APTO|APT|AP)(?=[0-9])/, '');
    if (!key) return [];
    const exact = app.snapshot?.units.filter(one => one.keys.includes(key)) ?? [];
    const begun =
      app.snapshot?.units.filter(
        one =>
          !exact.includes(one) &&
          (one.keys.some(k => k.startsWith(key)) || (key.length > 2 && fold(one.host).includes(fold(box.value.trim())))),
      ) ?? [];
    return [...exact, ...begun].slice(0, 6);
  };
  const draw = () => {
    const found = unit ? [] : matches();
    list.hidden = found.length === 0;
    box.setAttribute('aria-expanded', String(found.length > 0));
    at = Math.min(at, Math.max(0, found.length - 1));
    fill(
      list,
      found.map((one, i) =>
        el(
          'li',
          {
            role: 'option',
            id: `${name}-${i}`,
            'aria-selected': String(i === at),
            onmousedown: event => {
              event.preventDefault();
              take(one);
            },
          },
          el('b', null, one.unit),
          ` ${one.host}`,
        ),
      ),
    );
    if (found.length > 0) box.setAttribute('aria-activedescendant', `${name}-${at}`);
    else box.removeAttribute('aria-activedescendant');
    return found;
  };
  const take = one => {
    unit = one;
    box.value = one.unit;
    draw();
  };
  box.addEventListener('input', () => {
    unit = null;
    at = 0;
    draw();
  });
  box.addEventListener('blur', () => {
    const found = matches();
    if (!unit && found.length > 0 && (found.length === 1 || found[0].keys.includes(keyOf(box.value)))) take(found[0]);
    list.hidden = true;
  });
  box.addEventListener('keydown', event => {
    const found = list.hidden ? [] : matches();
    if (found.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      at = (at + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length;
      draw();
    } else if (found.length > 0 && (event.key === 'Enter' || event.key === 'Tab') && !unit) take(found[at]);
  });
  return {
    part: el('div', { class: 'p-pick' }, box, list),
    get unit() {
      return unit;
    },
    take,
  };
}
