// A register on a phone: a tap goes from present to absent, late and excused; saving sends one event with a key of its own, which is sent until it is
// answered. What is tapped and not saved, and what is not delivered yet, stays on the device for twelve hours: numbers and states, no names.
const ORDER = ['present', 'absent', 'late', 'excused'];
const HOURS = 12 * 3600 * 1000;
const AGAIN = 5000;
const sheets = new WeakMap();

const keyOf = form => `register-${form.dataset.user}-${form.dataset.session}`;

// What is older goes, whichever register it is of.
function sweep() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith('register-') && !(Date.now() - (JSON.parse(localStorage.getItem(key))?.at ?? 0) < HOURS)) localStorage.removeItem(key);
    }
  } catch {
    // Where nothing may be kept there is nothing.
  }
}

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
    row.querySelector('.sheet-mark').textContent = words[said ?? 'none'];
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
    const was = kept(form);
    keep(form, { sent: was?.sent ?? null, draft: entries(), version: was?.draft ? was.version : +form.dataset.version });
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
    const outcome = await answer.json().catch(() => ({}));
    return answer.ok && Array.isArray(outcome.kept) ? outcome : { error: outcome.error ?? words.refused };
  };
  const send = async () => {
    clearTimeout(sheet.timer);
    const event = kept(form)?.sent;
    if (!event || sheet.sending) return;
    sheet.sending = true;
    say(words.saving);
    try {
      const outcome = await post(event);
      const now = kept(form);
      const mine = now?.sent?.key === event.key;
      if (outcome.error) {
        say(outcome.error, 'tone-bad');
        // Refused, it is as it was typed, to be saved again; signed out, it waits.
        if (!outcome.again && mine) keep(form, { sent: null, draft: now.draft ?? event.rows, version: event.version });
        return;
      }
      // Of whom another had written first, theirs stays: it is seen once the register is read again.
      const theirs = rows.filter(row => outcome.kept.includes(+row.dataset.enrolment));
      for (const row of theirs) show(row, null);
      // What was tapped meanwhile is there still, and is another save.
      const later = mine ? (now.draft?.filter(one => !outcome.kept.includes(one.enrolmentId)) ?? null) : null;
      if (mine) keep(form, later ? { sent: null, draft: later, version: outcome.version } : null);
      sheet.changed = kept(form) !== null;
      form.dataset.version = outcome.version;
      const names = theirs.map(row => row.querySelector('.sheet-name').firstChild.textContent.trim());
      if (names.length) say(words.kept.replace('{0}', names.join(', ')), 'tone-warn');
      else say(words.saved, 'tone-ok');
    } catch {
      say(words.pending, 'tone-warn');
      sheet.timer = setTimeout(() => void send(), AGAIN);
    } finally {
      sheet.sending = false;
      // Saved once more while this one was on its way.
      const next = kept(form)?.sent;
      if (next && next.key !== event.key) void send();
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
    const was = kept(form);
    // Of a draft, the version that it began with: what another saved since is not written over unseen.
    const version = was?.draft ? was.version : +form.dataset.version;
    keep(form, { sent: { key: crypto.randomUUID(), version, rows: list }, draft: null });
    void send();
  });
  addEventListener('online', () => void send());

  sweep();
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
