// A register on a phone: a tap goes from present to absent, late and excused; saving sends one event with a key of its own, which is sent until it is
// answered. What is tapped and not saved, and what is not delivered yet, stays on the device for twelve hours: numbers and states, no names.
const ORDER = ['present', 'absent', 'late', 'excused'];
const HOURS = 12 * 3600 * 1000;
const AGAIN = 5000;
const sheets = new WeakMap();

const keyOf = form => `register-${form.dataset.session}`;

function kept(form) {
  try {
    const one = JSON.parse(localStorage.getItem(keyOf(form)) ?? 'null');
    if (one && Date.now() - one.at < HOURS) return one;
    localStorage.removeItem(keyOf(form));
  } catch {
    // What cannot be read is as if it were not there.
  }
  return null;
}

function keep(form, one) {
  try {
    if (one) localStorage.setItem(keyOf(form), JSON.stringify({ ...one, at: Date.now() }));
    else localStorage.removeItem(keyOf(form));
  } catch {
    // A device that keeps nothing saves what it can send.
  }
}

export function writing(root) {
  const form = root.querySelector('form');
  return !!form && (sheets.get(form)?.changed === true || kept(form) !== null);
}

export function attach(root) {
  const form = root.querySelector('form[data-open]');
  if (!form || sheets.has(form)) return;
  const words = JSON.parse(form.dataset.words);
  const rows = [...form.querySelectorAll('li[data-enrolment]')];
  const state = form.querySelector('[data-state]');
  const count = form.querySelector('[data-count]');
  const sheet = { changed: false, timer: 0, sending: false };
  sheets.set(form, sheet);

  const say = (text, tone) => {
    state.textContent = text;
    state.className = `sheet-state ${tone ?? ''}`;
  };
  const show = (row, said) => {
    if (said) row.dataset.said = said;
    else delete row.dataset.said;
    const button = row.querySelector('button');
    row.querySelector('.sheet-mark').textContent = said ? words[said] : '·';
    const name = row.querySelector('.sheet-name').firstChild.textContent.trim();
    button.setAttribute('aria-label', `${name}: ${words[said ?? 'none']}`);
    row.querySelector('.sheet-why').hidden = !said || said === 'present';
  };
  const counted = () => {
    const open = rows.filter(row => !row.dataset.said).length;
    count.textContent = open ? words.left.replace('{0}', open) : '';
  };
  const entries = () =>
    rows
      .filter(row => row.dataset.said)
      .map(row => ({
        enrolmentId: +row.dataset.enrolment,
        status: row.dataset.said,
        reason: row.dataset.said === 'present' ? null : row.querySelector('.sheet-why').value.trim() || null,
      }));
  const changed = () => {
    sheet.changed = true;
    say('');
    counted();
    keep(form, { sent: kept(form)?.sent ?? null, draft: entries() });
  };
  const apply = list => {
    for (const one of list) {
      const row = rows.find(other => +other.dataset.enrolment === one.enrolmentId);
      if (!row) continue;
      show(row, one.status);
      row.querySelector('.sheet-why').value = one.reason ?? '';
    }
    counted();
  };

  const post = async event => {
    const answer = await fetch(`/programmes/sessions/${form.dataset.session}/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      credentials: 'same-origin',
      redirect: 'manual',
      body: JSON.stringify({ key: event.key, version: event.version, entries: event.rows }),
    });
    if (answer.type === 'opaqueredirect' || answer.status === 401) return { error: words.session, again: true };
    if (answer.status >= 500) throw new Error(`${answer.status}`);
    return answer.json();
  };
  const send = async () => {
    clearTimeout(sheet.timer);
    const event = kept(form)?.sent;
    if (!event || sheet.sending) return;
    sheet.sending = true;
    say(words.saving);
    try {
      const outcome = await post(event);
      if (outcome.error) {
        say(outcome.error, 'tone-bad');
        // Refused, it is as it was typed, to be saved again; signed out, it waits.
        if (!outcome.again) keep(form, { sent: null, draft: kept(form)?.draft ?? event.rows });
        return;
      }
      // What was tapped meanwhile is there still, and is another save.
      const now = kept(form);
      const later = now?.sent?.key === event.key ? now.draft : null;
      keep(form, now?.sent?.key !== event.key ? now : later ? { sent: null, draft: later } : null);
      sheet.changed = kept(form) !== null;
      form.dataset.version = outcome.version;
      const names = outcome.kept
        .map(id => rows.find(row => +row.dataset.enrolment === id)?.querySelector('.sheet-name').firstChild.textContent.trim())
        .filter(Boolean);
      if (names.length) say(words.kept.replace('{0}', names.join(', ')), 'tone-warn');
      else say(words.saved, 'tone-ok');
    } catch {
      say(words.pending, 'tone-warn');
      sheet.timer = setTimeout(() => void send(), AGAIN);
    } finally {
      sheet.sending = false;
    }
  };

  for (const row of rows) {
    row.querySelector('button').addEventListener('click', () => {
      show(row, ORDER[(ORDER.indexOf(row.dataset.said) + 1) % ORDER.length]);
      changed();
    });
    row.querySelector('.sheet-why').addEventListener('input', changed);
    row.querySelector('.sheet-why').addEventListener('keydown', event => {
      if (event.key === 'Enter') event.preventDefault();
    });
  }
  const all = form.querySelector('[data-all]');
  all.addEventListener('click', () => {
    for (const row of rows) if (!row.dataset.said) show(row, 'present');
    changed();
  });
  form.addEventListener('submit', event => {
    event.preventDefault();
    const list = entries();
    if (!list.length) return;
    keep(form, { sent: { key: crypto.randomUUID(), version: +form.dataset.version, rows: list }, draft: null });
    void send();
  });
  addEventListener('online', () => void send());

  const before = kept(form);
  const last = before?.draft ?? before?.sent?.rows;
  if (last) {
    apply(last);
    sheet.changed = true;
    say(before.sent ? words.pending : words.restored, 'tone-warn');
    void send();
  }
  counted();
  for (const button of form.querySelectorAll('[data-all], [data-save]')) button.disabled = false;
}
