// Draws what the terminal knows: top, answer, who is inside, keys.

import { chipOf, detailOf, duration, factsOf, lookOf, whyOf, wordsOf } from './face.js';
import { app, choicesOf, clock, find, overstays, slots } from './state.js';
import { el, fill, icon, kbd, marked, refill } from './view.js';
import { day, moment, t, time } from './words.js';

const fullAt = 5000;

/** A button is being pressed: what is drawn now would take it away from under the finger. */
function waits() {
  app.late ||= app.pressing;
  return app.pressing;
}

export function draw() {
  drawTop();
  drawAnswer();
  drawSide();
  drawKeys();
}

export function drawTop() {
  const wall = clock.wall();
  document.body.dataset.night = wall.getUTCHours() >= 20 || wall.getUTCHours() < 6 ? 'yes' : 'no';
  const waiting = app.waiting.length + app.photos;
  const [tone, sign, text] = app.sender.online
    ? ['net-on', 'Online', waiting > 0 ? t('net.sending', waiting) : t('net.online')]
    : !app.snapshot
      ? [
          'net-dead',
          'Offline',
          [t('net.offline'), waiting > 0 ? t('net.waiting', waiting) : null, app.lost ? t('net.expired') : t('net.nodata')]
            .filter(Boolean)
            .join(' · '),
        ]
      : [
          'net-off',
          'Offline',
          [t('net.offline'), waiting > 0 ? t('net.waiting', waiting) : null, t('net.data', moment(clock.wall(app.snapshot.made), wall))]
            .filter(Boolean)
            .join(' · '),
        ];
  const net = find('net');
  if (net.dataset.text !== text || net.className !== `gt-net ${tone}`) {
    net.dataset.text = text;
    net.className = `gt-net ${tone}`;
    fill(net, icon(sign), el('span', null, text));
  }
  find('terminal').textContent = app.terminal?.name ?? t('terminal');
  find('guard').textContent = app.guard?.name ?? '';
  find('day').textContent = day(wall);
  find('time').textContent = time(wall);
}

export function drawToast() {
  const place = find('toast');
  const shown = app.toast && performance.now() < app.toast.until;
  place.hidden = !shown;
  if (shown)
    fill(
      place,
      icon('Check'),
      el('span', null, app.toast.text),
      app.toast.undo ? el('button', { type: 'button', 'data-name': 'undo', onclick: app.do.undo }, kbd('Ctrl+Z'), t('act.undo')) : null,
    );
}

export function drawAnswer() {
  if (waits()) return;
  const place = find('answer');
  const verdict = app.verdict;
  const [css, sign] = lookOf(verdict);
  const offline = !app.sender.online && app.snapshot;
  find('hint').textContent = offline ? t('ask.hint.offline') : t('ask.hint');
  if (!verdict && (app.outcomes.length > 0 || app.back)) fill(place, drawOutcomes());
  else if (choicesOf(verdict).length > 0 && ['several', 'unknown'].includes(verdict.kind)) fill(place, drawChoices(verdict));
  else {
    const [word, line] = wordsOf(verdict, app.asked, clock);
    const facts = factsOf(verdict);
    const why = whyOf(verdict, clock, offline, app.snapshot?.made);
    const role = css === 'verdict-bad' || css === 'verdict-warn' ? 'alert' : 'status';
    fill(
      place,
      el(
        'section',
        { class: `verdict ${css}`, role, 'data-kind': verdict?.kind ?? 'idle' },
        offline && verdict && !['done', 'full'].includes(verdict.kind)
          ? el('p', { class: 'v-src' }, icon('Offline'), t('v.source', time(clock.wall(app.snapshot.made))))
          : null,
        verdict?.watch ? el('p', { class: 'v-src' }, icon('Warning'), t('v.watch')) : null,
        el(
          'div',
          { class: 'v-top' },
          icon(sign, 'i-huge'),
          el('div', null, el('p', { class: 'v-word' }, word), el('p', { class: 'v-line' }, line)),
        ),
        verdict?.kind === 'unit' && verdict.choices.length > 0 ? drawExpected(verdict) : null,
        facts.length > 0
          ? el(
              'dl',
              { class: 'v-facts' },
              facts.map(([name, value]) => el('div', null, el('dt', null, name), el('dd', null, value))),
            )
          : null,
        verdict?.kind === 'asking' ? el('p', { class: 'v-why num' }, t('v.asking.left', Math.max(0, 110 - (verdict.seconds ?? 0)))) : null,
        why ? el('p', { class: 'v-why' }, el('b', null, t('why.what')), ' ', why) : null,
        app.dial && verdict?.unit
          ? el(
              'p',
              { class: 'v-phone num' },
              verdict.phone
                ? t('why.phone', verdict.unit.host, verdict.unit.dial, verdict.phone)
                : t('why.dial', verdict.unit.host, verdict.unit.dial ?? verdict.unit.unit),
            )
          : null,
        app.dial && !verdict?.unit ? el('p', { class: 'v-phone' }, t('why.dial.ask')) : null,
      ),
    );
  }
  fill(
    find('acts'),
    app.do
      .acts()
      .map(act =>
        el(
          'button',
          { type: 'button', class: `gbtn ${act.main ? 'gbtn-main' : ''}`, 'data-key': act.key, 'data-name': act.key, onclick: act.press },
          kbd(t(`key.${act.key}`)),
          act.words,
        ),
      ),
  );
}

function drawExpected(verdict) {
  return el(
    'ul',
    { class: 'v-choices' },
    verdict.choices.map((choice, i) =>
      el(
        'li',
        null,
        el(
          'button',
          { type: 'button', class: i === app.chosen ? 'on' : '', onclick: () => app.do.pick(choice) },
          el('b', null, choice.title),
          el('span', null, choice.verdict ? detailOf(choice, clock) : choice.detail),
          kbd(i === app.chosen ? t('key.Enter') : t('key.alt', i + 1)),
        ),
      ),
    ),
  );
}

function drawChoices(verdict) {
  const all = verdict.choices;
  const head =
    verdict.kind === 'several'
      ? [el('h2', null, t('v.several')), el('span', null, t('which.count', verdict.count ?? all.length))]
      : [el('h2', null, t('v.unknown')), el('span', null, t('which.alike', app.asked))];
  return el(
    'section',
    { class: 'which', role: 'status', 'data-kind': verdict.kind },
    el('header', null, head, el('span', { class: 'end' }, kbd('↑'), kbd('↓'), t('which.enter'))),
    el(
      'ol',
      { 'aria-label': t('v.several') },
      all.map((choice, i) => {
        const [sign, tone] = chipOf(choice.state);
        return el(
          'li',
          { class: i === app.chosen ? 'on' : '', 'aria-current': i === app.chosen ? 'true' : null },
          el(
            'button',
            { type: 'button', 'data-name': `choice${i}`, onclick: () => app.do.pick(choice) },
            el('span', { class: 'words' }, el('strong', null, marked(choice.title, app.asked)), el('small', null, detailOf(choice, clock))),
            el('span', { class: `chip chip-${tone}` }, icon(sign, 'i-sm'), t(`which.${choice.state}`)),
            i === app.chosen ? kbd(t('key.Enter')) : kbd(t('key.alt', i + 1)),
          ),
        );
      }),
    ),
    el('p', { class: 'tell' }, t('which.none', app.asked)),
  );
}

function drawOutcomes() {
  const look = app.outcomes.filter(one => one.look).length;
  return el(
    'section',
    { class: 'sent', role: 'status', 'data-kind': 'back' },
    el(
      'header',
      null,
      icon('CheckCircle'),
      el(
        'div',
        null,
        el('b', null, look > 0 ? t('back.title.look', app.outcomes.length, look) : t('back.title', app.outcomes.length)),
        el(
          'span',
          null,
          app.back ? t('back.line', time(clock.wall(app.back.from)), time(clock.wall(app.back.until))) : t('back.line.none'),
        ),
      ),
    ),
    el(
      'ol',
      null,
      app.outcomes.slice(-40).map(one =>
        el(
          'li',
          { class: one.look ? 'look' : '' },
          el('span', { class: 'num' }, time(clock.wall(Date.parse(one.at) + (one.offset ?? 0) * 1000))),
          el(
            'span',
            null,
            el('b', null, one.label?.name ?? ''),
            ` ${t(`back.act.${one.label?.act ?? 'in'}`)}${one.label?.unit ? ` · ${one.label.unit}` : ''}`,
            one.look
              ? el(
                  'small',
                  null,
                  [one.reason, ...(one.flags ?? [])]
                    .filter((text, i, all) => text && all.indexOf(text) === i)
                    .map(text => reason(text))
                    .join(' '),
                )
              : null,
          ),
          el(
            'span',
            { class: `chip chip-${one.look ? 'warn' : 'ok'}` },
            icon(one.look ? 'Warning' : 'Check', 'i-sm'),
            one.look ? t('back.toread') : t(`back.${one.outcome}`),
          ),
        ),
      ),
    ),
    el('p', { class: 'tell' }, t('back.tell')),
  );
}

const reason = code => {
  const text = t(`reason.${code}`);
  return text === `reason.${code}` ? code : text;
};

export function drawSide() {
  if (waits()) return;
  const now = clock.now();
  const towers = new Map();
  for (const one of app.inside) {
    const tower = towerOf(one);
    if (tower) towers.set(tower, (towers.get(tower) ?? 0) + 1);
  }
  if (app.tower && !towers.has(app.tower)) app.tower = null;
  const longest = (a, b) => overstays(b, now) - overstays(a, now);
  const rows = slots
    .follow(
      [...app.inside].sort((a, b) => longest(a, b) || a.since - b.since),
      performance.now(),
      app.altDown,
    )
    .filter(one => (!app.tower || towerOf(one) === app.tower) && (!app.onlyOver || overstays(one, now)))
    .sort((a, b) => longest(a, b) || (a.number ?? 99) - (b.number ?? 99) || a.since - b.since);
  const pale = !app.panel && choicesOf(app.verdict).length > 0;
  find('count').textContent = app.inside.length;
  find('side-hint').textContent = pale ? t('inside.hint.list') : t('inside.hint');
  refill(find('queue'), drawQueue(), drawAsking());
  refill(
    find('towers'),
    [null, ...[...towers.keys()].sort()].slice(0, 4).map(tower =>
      el(
        'button',
        {
          type: 'button',
          class: app.tower === tower ? 'on' : '',
          'aria-pressed': app.tower === tower ? 'true' : 'false',
          'data-name': `tower${tower}`,
          onclick: () => {
            app.tower = tower;
            drawSide();
          },
        },
        tower === null ? t('inside.all') : `${tower} ${towers.get(tower)}`,
      ),
    ),
  );
  refill(
    find('inside'),
    rows.length === 0
      ? el('li', { class: 'none' }, app.snapshot || app.inside.length > 0 ? t('inside.none') : t('inside.unknown'))
      : rows.map(one => {
          const over = overstays(one, now),
            unit = shortUnit(one);
          return el(
            'li',
            { class: `in ${one.gone ? 'gone' : over ? 'in-over' : ''}`, 'data-visit': one.id },
            el(
              'span',
              { class: 'words' },
              el('strong', null, one.name || one.plate || ''),
              el(
                'small',
                null,
                one.pending ? icon('Save', 'i-sm') : over ? icon('Warning', 'i-sm') : null,
                [unit, one.pending ? t('inside.pending') : null, one.people > 1 ? t('inside.people', one.people) : one.plate]
                  .filter(Boolean)
                  .join(' · '),
              ),
            ),
            el(
              'span',
              { class: 'dur' },
              one.gone ? t('inside.left') : duration(now - one.since),
              over && !one.gone ? el('small', null, t('inside.limit', duration(one.limit * 60000))) : null,
            ),
            el(
              'button',
              {
                type: 'button',
                class: `key ${pale ? 'pale' : ''}`,
                disabled: one.gone ? true : null,
                'data-name': `exit${one.id}`,
                'aria-label': one.number ? `${one.number}: ${t('inside.exit', one.name)}` : t('inside.exit', one.name),
                onclick: () => app.do.exit(one),
              },
              one.number ?? icon('Right'),
            ),
          );
        }),
  );
}

/** B 1204: in a list of one building the tower's letter is enough. */
const shortUnit = one => (app.snapshot?.unit(one.unit)?.unit ?? '').replace(/^(?:Torre|Tower) /, '');

const towerOf = one => /^(?:Torre |Tower )?(\S+) /.exec(app.snapshot?.unit(one.unit)?.unit ?? '')?.[1] ?? null;

function drawQueue() {
  if (app.waiting.length === 0 && app.outcomes.length === 0) return null;
  if (app.waiting.length === 0) {
    const look = app.outcomes.filter(one => one.look).length;
    return look > 0 && (app.verdict || app.panel)
      ? el(
          'button',
          {
            type: 'button',
            class: 'queue queue-read',
            'data-name': 'read',
            onclick: () => {
              app.do.closePanel();
              app.do.clear();
            },
          },
          icon('Warning'),
          t('queue.toread', look),
        )
      : null;
  }
  if (app.sender.online && app.waiting.length < 4 && app.stored) return null;
  const last = app.waiting.slice(-3);
  return el(
    'section',
    { class: 'queue', 'aria-label': t('queue.title') },
    el('h3', null, icon('Save'), t('queue.waiting', app.waiting.length), el('span', null, app.stored ? t('queue.here') : t('queue.full'))),
    el(
      'ol',
      null,
      last.map(event =>
        el(
          'li',
          null,
          el('time', null, time(clock.wall(Date.parse(event.at) + event.offset * 1000))),
          el(
            'span',
            null,
            el('b', null, t(`queue.act.${event.label?.act ?? 'other'}`)),
            ` ${[event.label?.name, event.label?.unit?.replace(/^(?:Torre|Tower) /, '')].filter(Boolean).join(' · ')}`,
          ),
        ),
      ),
    ),
    el('p', null, !app.stored ? t('queue.paper') : app.waiting.length >= fullAt ? t('queue.many') : t('queue.alone')),
  );
}

function drawAsking() {
  return [...app.asking.values()]
    .filter(one => one.approval !== app.verdict?.approval)
    .map((one, i) =>
      el(
        'button',
        {
          type: 'button',
          class: `queue queue-read queue-${one.kind}`,
          'data-name': one.key,
          onclick: () => {
            app.do.closePanel();
            app.do.show(one);
          },
        },
        icon(one.kind === 'asking' ? 'Bell' : one.answer === 'yes' ? 'CheckCircle' : 'Warning'),
        one.kind === 'asking'
          ? t('asking.line', one.name, one.unit.unit, Math.max(0, 110 - (one.seconds ?? 0)))
          : t(`asking.${one.answer}`, one.name, one.unit.unit),
        i === 0 ? kbd(t('key.alt', 0)) : null,
      ),
    );
}

export function drawKeys() {
  if (waits()) return;
  const now = clock.now();
  const over = app.inside.filter(one => overstays(one, now)).length;
  const unread = app.snapshot?.notes.filter(one => !one.must).length ?? 0;
  const button = (key, words, press, alert, on) =>
    el(
      'button',
      {
        type: 'button',
        class: alert ? 'alert' : '',
        'aria-pressed': on === undefined ? null : String(on),
        'data-name': key,
        'data-key': key,
        onclick: press,
      },
      kbd(key),
      words,
    );
  refill(
    find('keys'),
    button('F1', t('act.new'), () => app.do.openNew('phone')),
    button('F5', t('act.package'), () => app.do.openPanel('parcels')),
    button('F6', t('act.plates'), () => app.do.openPanel('plates')),
    button('F7', over > 0 ? t('act.over', over) : t('act.over.none'), app.do.toggleOver, over > 0, app.onlyOver),
    button('F8', unread > 0 ? t('act.notes.unread', unread) : t('act.notes'), () => app.do.openPanel('notes'), unread > 0),
    button('F9', t('act.handover'), () => app.do.openPanel('handover')),
  );
}
