// The guard's terminal: one box for whatever they have in hand, one answer in one colour, one key per act. What they do is written on this
// device first and delivered afterwards; no key waits for the network.

import { dutyPanels } from './duty.js';
import { lookOf } from './face.js';
import { handoverPanels } from './handover.js';
import { incidentPanels } from './incident.js';
import { codeHash, codeIn, Lookup, once, tokenIn } from './lookup.js';
import { workPanels } from './panels.js';
import { parcelPanels } from './parcels.js';
import { alarms, isVisitors, others } from './parking.js';
import { Sender } from './sender.js';
import { draw, drawAnswer, drawKeys, drawSide, drawToast, drawTop } from './screen.js';
import * as snapshots from './snapshot.js';
import { app, box, choicesOf, clock, find, mustRead, overstays, slots } from './state.js';
import * as store from './store.js';
import { sound } from './view.js';
import { duration, load as loadWords, t, time } from './words.js';

const undoTime = 10 * 60000;
const undoable = ['enter', 'exit', 'deny'];
const notesKinds = ['note', 'note_read', 'notes_skipped'];

const sender = (app.sender = new Sender(clock, {
  version: () => app.snapshot?.version,
  status: () => drawTop(),
  async state(state) {
    const before = app.guard?.id;
    // The cookie may outlive what the device kept: without the portal's key nothing it says can be checked.
    if (!app.terminal?.key) return this.blocked('terminal');
    app.terminal = { ...app.terminal, ...state.terminal };
    app.guards = state.guards ?? [];
    await store.put('clock', clock.kept);
    if (state.guard && state.guard.id !== before) await signedIn(state.guard);
    if (!state.guard && app.guard) await this.blocked('session');
    if (!state.guard) {
      if (app.panel?.name !== 'signin') openPanel('signin');
      return;
    }
    if (app.panel?.name === 'signin' || app.panel?.name === 'enrol') closePanel();
    for (const { key, answer: said, by, at } of state.approvals ?? []) answered({ key, answer: said, by, at });
    if (!app.snapshot || state.version !== app.snapshot.version || clock.now() - app.snapshot.made > 60 * 60000) await fetchSnapshot();
  },
  async blocked(why) {
    // Nothing is waited for before the screen says it: who enrols or signs in meanwhile must not be undone by what came before.
    const { generation } = sender;
    const still = () => generation === sender.generation;
    if (why === 'terminal') {
      const had = app.terminal !== null;
      app.terminal = null;
      app.snapshot = null;
      openPanel('enrol');
      if (had && still()) await store.remove('terminal');
      if (had && still()) await forgetSnapshot();
    } else if (app.panel?.name !== 'signin') {
      app.guard = null;
      openPanel('signin');
      if (still()) await store.remove('guard');
    }
    drawTop();
  },
  async delivered(shown) {
    const offline = shown.some(one => one.offline);
    for (const one of shown) {
      const { outcome, reason, flags = [] } = one.result;
      const look = outcome === 'refused' || outcome === 'conflict' || flags.length > 0;
      if (look || one.offline) {
        app.outcomes.push({ key: one.key, at: one.at, offset: one.offset, label: one.label, outcome, reason, flags, look });
      }
    }
    await store.put('outcomes', app.outcomes);
    await reload();
    if (offline || app.outcomes.some(one => one.look)) backAgain();
    if (app.waiting.length === 0) await fetchSnapshot();
  },
  async photos() {
    await reload();
    drawTop();
  },
}));

// ---- what is known ----

/** The acts of this device, from the disk. */
async function reload() {
  [app.waiting, app.sent, app.photos] = await Promise.all([store.waiting(), store.delivered(), store.photoCount()]);
  derive();
}

/** Who is inside, and which single passes are used up: the snapshot and what this device logged since. */
function derive() {
  const inside = new Map();
  app.used = new Set();
  app.arrived = new Map();
  app.read = new Set();
  const waiting = new Set(app.waiting.map(event => event.seq));
  for (const one of app.snapshot?.inside ?? []) {
    const id = one.k ?? `v${one.v}`;
    inside.set(id, { ...one, id, since: clock.fromWall(one.since) });
  }
  for (const { key, effect, seq } of [...app.sent, ...app.waiting].sort((a, b) => a.seq - b.seq)) {
    if (!effect) continue;
    const pending = waiting.has(seq);
    const same = [...inside.entries()].find(([id, one]) => id === effect.id || (effect.v && one.v === effect.v))?.[0];
    if (effect.type === 'enter') {
      inside.set(key, { ...effect, id: key, k: key, pending });
      if (same && same !== key) inside.delete(same);
      for (const used of effect.uses ?? []) app.used.add(used);
    } else if (effect.type === 'exit') {
      if (same) inside.delete(same);
      // A guest of an event may come back.
      if (effect.was?.g) app.used.delete(`g${effect.was.g}`);
    } else if (effect.type === 'read') {
      app.read.add(`${effect.guard}:${effect.note}`);
    } else if (effect.type === 'arrived') {
      app.arrived.set(effect.booking, effect.stand);
    } else if (effect.type === 'deny') {
      for (const used of effect.uses ?? []) app.used.add(used);
    } else if (effect.type === 'undo') {
      inside.delete(effect.of);
      if (effect.restores) inside.set(effect.restores.id, effect.restores);
      for (const used of effect.frees ?? []) app.used.delete(used);
    }
  }
  app.inside = [...inside.values()].sort((a, b) => a.since - b.since);
}

const lookup = () => new Lookup(app.snapshot, app.inside, app.used, app.arrived, clock.now(), clock);

let fetching = null;

/** The newest snapshot, where the portal answers. One question at a time. */
function fetchSnapshot() {
  return (fetching ??= (async () => {
    try {
      const kept = await store.get('snapshot');
      const have = kept ? Object.keys(kept.bodies).join(',') : '';
      const merged = snapshots.merge(await sender.call('GET', `snapshot?have=${have}`, undefined, 15000), kept);
      const read = await snapshots.read(merged, app.terminal);
      if (!read) {
        // Bodies that do not fit what is signed: all of it anew, next time.
        await store.remove('snapshot');
        return;
      }
      // Another portal may have read later than this one: what is known already does not go back.
      if (app.snapshot && read.at < app.snapshot.at && app.snapshot.at - read.at < 600000) return;
      await store.put('snapshot', merged);
      await store.forgetDelivered(read.at);
      app.snapshot = read;
      app.lost = null;
      await reload();
      draw();
    } finally {
      fetching = null;
    }
  })());
}

async function forgetSnapshot() {
  app.snapshot = null;
  await store.remove('snapshot');
  await store.clearDelivered();
  derive();
}

async function signedIn(guard) {
  app.guard = guard;
  app.asking.clear();
  app.handover = null;
  await store.put('guard', guard);
  await resumeSkip();
  draw();
  askToRead();
}

/** Whether this guard has put the notes off in this shift: also after the page was loaded again. */
async function resumeSkip() {
  const kept = await store.get('skip');
  app.skip = kept && kept.guard === app.guard?.id ? kept.state : null;
}

async function setSkip(state, guard = app.guard?.id) {
  app.skip = state;
  await store.put('skip', { guard, state });
}

/** What must be read stands before everything else, unless somebody is being seen to. */
function askToRead() {
  if (!app.guard || app.panel || app.skip === 'open' || mustRead(app.guard.id).length === 0) return;
  const busy = app.verdict && !(app.verdict.kind === 'done' && clock.now() - app.verdict.at > 4000);
  if (!busy && (app.skip === 'spent' || box.value === '' || box.value === app.asked)) openPanel('mustread');
}

/** Whoever leaves takes with them what the device knows; what waits to be delivered stays. */
async function leave() {
  await sender.call('POST', 'leave', {});
  await forgetSnapshot();
  await store.remove('guard');
  app.guard = null;
  app.verdict = null;
  sender.kick();
  openPanel('signin');
}

// ---- acts ----

/**
 * Writes an act down; true when it is on this device's disk.
 * @param label  what the lists say of it: { name, unit, act }
 * @param effect what it changes on this screen until the portal tells it
 * @param photos written with it, sent after it: { key, type, bytes }
 */
async function record(kind, fields, label, effect, stamp = clock.stamp(), photos = []) {
  if (!app.guard) {
    openPanel('signin');
    return null;
  }
  const event = {
    key: crypto.randomUUID(),
    v: 1,
    kind,
    ...stamp,
    offline: !sender.online,
    guard: app.guard.id,
    fields,
    label,
    effect,
  };
  try {
    event.seq = await store.add(event, photos);
  } catch (error) {
    app.stored = false;
    app.retry = { kind, fields, label, effect, stamp, photos };
    show({ kind: 'full', name: label.name, unit: label.unitRow, at: clock.now(), disk: store.isFull(error) });
    return null;
  }
  app.stored = true;
  app.photos += photos.length;
  // The notes were put off for somebody: they have been seen to.
  if (app.skip === 'open' && !notesKinds.includes(kind)) await setSkip('spent');
  app.since ??= event.offline ? clock.now() : null;
  app.waiting.push(event);
  if (undoable.includes(kind)) lastActs.push(event);
  derive();
  drawSide();
  drawTop();
  sender.kick();
  return event;
}

let acting = Promise.resolve();

/**
 * One act after the other, in the order of the keys. What may happen only once is claimed by the key itself, before it waits: a second Enter of
 * the same moment finds it taken.
 */
function inTurn(act) {
  app.busy = true;
  // One that failed must not hold up the next.
  const mine = acting
    .catch(() => {})
    .then(act)
    .finally(() => {
      if (acting === mine) app.busy = false;
    });
  acting = mine;
  return mine;
}

/** An answer is acted on once. Where nothing could be written it may be tried again. */
function claim(verdict, act) {
  if (verdict.taken) return undefined;
  verdict.taken = true;
  return inTurn(async () => {
    try {
      verdict.taken = Boolean(await act());
    } catch (error) {
      verdict.taken = false;
      throw error;
    }
  });
}

const labelOf = (verdict, act) => ({
  act,
  name: verdict.name ?? verdict.plate ?? '',
  unit: verdict.unit?.unit ?? '',
  unitRow: verdict.unit ?? null,
});

const usesOf = verdict => {
  const pass = verdict.pass;
  if (!pass || !once(pass)) return [];
  return [pass.g ? `g${pass.g}` : pass.v ? `v${pass.v}` : `p${pass.p}`];
};

/** Somebody comes in. */
function enter(verdict, authority, approved = false) {
  return claim(verdict, async () => {
    const { pass } = verdict;
    const now = clock.now();
    const fields = {
      visit: pass?.v ?? verdict.visit ?? null,
      pass: pass?.p ?? null,
      guest: pass?.g ?? null,
      unit: verdict.unit?.id ?? null,
      name: verdict.name ?? '',
      identification: verdict.identification ?? null,
      vk: verdict.vk ?? 'guest',
      people: verdict.people ?? 1,
      plate: verdict.plate ?? null,
      company: verdict.company ?? null,
      purpose: verdict.purpose ?? null,
      authority,
      approved,
      approval: verdict.approval ?? null,
    };
    const effect = {
      type: 'enter',
      v: fields.visit,
      p: fields.pass,
      g: fields.guest,
      name: fields.name || fields.company || '',
      vk: fields.vk,
      unit: fields.unit,
      plate: fields.plate,
      people: fields.people,
      since: now,
      limit: limitOf(fields.vk),
      car: isVisitors(fields.plate, app.snapshot?.residents),
      uses: usesOf(verdict),
    };
    const cars = effect.car ? others(app.inside, app.snapshot?.parking, fields.unit, fields.plate) : [];
    const event = await record('enter', fields, labelOf({ ...verdict, name: effect.name }, 'in'), effect);
    if (event) done('in', effect.name, now);
    if (event && cars.length > 0) {
      say(t('parking.second', verdict.unit?.unit ?? '', cars.map(one => one.plate).join(', ')));
      sound(app.muted ? null : 'warn');
    }
    return event;
  });
}

/** The building's limit for this kind of visit, as the snapshot's visits show it; none is known: no alarm. */
const limitOf = vk => app.snapshot?.inside.find(one => one.vk === vk)?.limit ?? 0;

/** A visit of the form. */
async function formEntry(visit) {
  const lookedUp = await lookup().blocked(visit.identification, visit.plate, visit.unit?.id ?? null);
  if (lookedUp === 'block') {
    show({ kind: 'blocked', ...visit });
    return;
  }
  await enter(visit, visit.authority, visit.authority === 'phone' || visit.authority === 'host');
}

const leaving = new Set();

function exit(one, from = 'list') {
  // Said in its turn: the words of the first exit, still being written down, must not cover these.
  if (leaving.has(one.id)) return inTurn(async () => say(t('exit.already', one.name)));
  leaving.add(one.id);
  return inTurn(async () => {
    const now = clock.now();
    const unit = app.snapshot?.unit(one.unit);
    const event = await record(
      'exit',
      { visit: one.v ?? null, entry: one.k ?? null, plate: one.plate ?? null, name: one.name, unit: one.unit ?? null },
      { act: 'out', name: one.name, unit: unit?.unit ?? '', unitRow: unit },
      { type: 'exit', id: one.id, v: one.v ?? null, was: one },
    );
    leaving.delete(one.id);
    if (!event) return;
    if (from === 'box') done('out', one.name, now);
    else say(t('toast.out', one.name, time(clock.wall(now))), event);
  });
}

function deny(verdict) {
  return claim(verdict, async () => {
    const { pass } = verdict;
    const fields = {
      visit: pass?.v ?? verdict.visit ?? null,
      pass: pass?.p ?? null,
      guest: pass?.g ?? null,
      unit: verdict.unit?.id ?? null,
      name: verdict.name ?? '',
    };
    const event = await record('deny', fields, labelOf(verdict, 'denied'), { type: 'deny', uses: usesOf(verdict) });
    if (event) done('denied', verdict.name ?? '', clock.now(), 'idle');
    return event;
  });
}

function checkIn(verdict, back) {
  return claim(verdict, async () => {
    const { booking } = verdict;
    const name = `${booking.facility} · ${verdict.unit?.unit ?? ''}`;
    const [kind, act] = back ? ['undo_check_in', 'undone'] : ['check_in', 'arrived'];
    const effect = { type: 'arrived', booking: booking.id, stand: back ? 'welcome' : 'checked_in' };
    const event = await record(kind, { booking: booking.id }, { act, name, unit: verdict.unit?.unit ?? '' }, effect);
    if (event && back) ask(box.value || booking.number || '');
    else if (event) done(act, name, clock.now());
    return event;
  });
}

/** Takes back the last act of this terminal that can be. */
function undo() {
  return inTurn(async () => {
    const acts = [...app.waiting, ...app.sent, ...lastActs].sort((a, b) => b.seq - a.seq);
    const undone = new Set(acts.filter(event => event.effect?.type === 'undo').map(event => event.effect.of));
    const last = acts.find(event => undoable.includes(event.kind) && !undone.has(event.key) && !undoneKeys.has(event.key));
    const at = last ? Date.parse(last.at) + last.offset * 1000 : 0;
    if (!last || clock.now() - at > undoTime) {
      say(t('undo.none'));
      return;
    }
    const name = last.label?.name ?? last.effect?.name ?? '';
    const effect = {
      type: 'undo',
      of: last.key,
      restores: last.effect?.type === 'exit' ? last.effect.was : null,
      frees: last.effect?.uses,
    };
    if (await record('undo', { of: last.key }, { act: 'undone', name, unit: last.label?.unit ?? '' }, effect)) {
      undoneKeys.add(last.key);
      say(t('undo.done', name));
      if (app.verdict?.kind === 'done') show(null);
    }
  });
}

/** What was done since the page was opened: it can be undone also after a snapshot has told it. */
const lastActs = [];
const undoneKeys = new Set();

function done(what, name, at, tone) {
  box.value = '';
  app.asked = '';
  show({ kind: 'done', what, name, at, tone });
}

/** A line that goes by itself; `event` can be undone with Ctrl+Z. */
function say(text, event) {
  app.toast = { text, undo: Boolean(event), until: performance.now() + 8000 };
  drawToast();
}

// ---- asking ----

let asking = 0;

/** @param what is looked up. @param shown what stands in the box for it. */
async function ask(what, shown = what) {
  const text = what.trim();
  const mine = ++asking;
  if (!text) return;
  app.onlyOver = false;
  box.value = app.asked = tokenIn(text) ? t('ask.qr') : shown.trim();
  box.select();
  const here = text.startsWith('#') ? Promise.resolve(null) : lookup().ask(text);
  const there = sender.online ? portal(text) : Promise.resolve(null);
  // Whatever knows first: this device knows names and plates at once, but a six-digit code it must work out.
  const own = here.then(local => ({ local }));
  const first = await Promise.race([own, there.then(told => (told && told.kind !== 'unknown' ? { told } : own))]);
  if (mine !== asking) return;
  if (first.told) {
    answer(first.told);
    return;
  }
  const { local } = first;
  const unsure = local === null || ['unknown', 'unchecked'].includes(local.kind);
  if (!unsure) answer(local);
  else if (sender.online) show({ kind: 'looking' });
  else answer(local ?? { kind: 'unchecked' });
  const told = await there;
  // Somebody typed on, or acted on what this device knew.
  if (mine !== asking || app.busy || app.verdict?.kind === 'done' || app.panel) return;
  if (told && (unsure || differs(local, told))) answer(told.kind === 'unknown' && !unsure ? local : told);
  else if (!told && app.verdict?.kind === 'looking') answer(local ?? { kind: 'unchecked' });
}

/** What the portal knows; null where it does not answer in time. */
async function portal(text) {
  try {
    return withOwn(fromPortal(await sender.call('GET', `ask?q=${encodeURIComponent(text)}`, undefined, 2500)));
  } catch {
    return null;
  }
}

/** What this device logged a moment ago stands before an answer that was on its way then. */
function withOwn(told) {
  const { pass, booking } = told;
  if (booking && app.arrived.has(booking.id)) return { ...told, booking: { ...booking, stand: app.arrived.get(booking.id) } };
  if (!['expected', 'used'].includes(told.kind) || !pass) return told;
  const of = one => (pass.v && one.v === pass.v) || (pass.p && one.p === pass.p && (one.g ?? null) === (pass.g ?? null));
  const inside = app.inside.find(one => of(one) && (told.kind === 'used' || one.pending || clock.now() - one.since < 60000));
  if (!inside) return told;
  // Whose pass opens again and again goes out with it; a pass of one entry was used.
  return once(pass) ? { ...told, kind: 'used' } : { ...told, kind: 'inside', inside, since: inside.since };
}

function differs(local, told) {
  if (told.kind === 'unknown') return false;
  if (local.booking && told.booking) return local.booking.stand !== told.booking.stand;
  // A recurring pass of somebody who is inside takes them out; the portal calls it used.
  if (local.kind === 'inside' && told.kind === 'used') return false;
  if (local.kind === 'several' && told.kind === 'several') return told.choices.length > local.choices.length;
  return local.kind !== told.kind || told.watch;
}

/** The portal's answer in the shape of this device's. */
function fromPortal(told) {
  const kinds = { too_early: 'early', apartment: 'unit' };
  // As this device shortens the host's name.
  const unit = told.unit ? { ...strip(told.unit), unit: told.unit.name, ...app.snapshot?.unit(told.unit.id) } : null;
  const inside =
    told.kind === 'inside'
      ? (app.inside.find(one => one.v === told.visit) ?? {
          id: `v${told.visit}`,
          v: told.visit,
          k: null,
          name: told.visitor?.name ?? '',
          unit: unit?.id ?? null,
          since: told.since ? clock.fromWall(told.since) : clock.now(),
        })
      : undefined;
  const pass =
    told.pass || told.guest || told.visit
      ? (app.snapshot?.passes.find(one =>
          told.guest ? one.g === told.guest : told.pass ? one.p === told.pass && !one.g : one.v === told.visit,
        ) ?? {
          p: told.pass ?? null,
          g: told.guest ?? null,
          v: told.kind === 'inside' ? null : (told.visit ?? null),
          kind: told.guest ? 'event' : 'single',
        })
      : undefined;
  return {
    kind: kinds[told.kind] ?? told.kind,
    unit,
    name: told.visitor?.name,
    identification: told.visitor?.identification || undefined,
    vk: told.visitor?.kind,
    people: told.visitor?.people ?? told.booking?.people ?? 1,
    plate: told.visitor?.plate ?? undefined,
    company: told.visitor?.company ?? undefined,
    from: told.from ?? undefined,
    until: told.until ?? undefined,
    last: told.last?.slice(0, 10),
    since: told.since ? clock.fromWall(told.since) : inside?.since,
    inside,
    pass,
    visit: told.visit,
    watch: told.watch,
    askName: told.askName,
    phone: told.phone,
    choices: told.choices?.map(one => ({ ...one, state: one.state === 'apartment' ? 'unit' : one.state })),
    booking: told.booking ? { ...told.booking, host: unit?.host } : undefined,
  };
}

const strip = unit => Object.fromEntries(Object.entries(unit).filter(([, value]) => value !== null && value !== undefined));

function answer(verdict) {
  if (verdict.kind === 'several' && verdict.choices.length === 0) verdict = { kind: 'unknown' };
  // A scanner types the whole address of a booking's QR; what stands in the box is for people.
  if (verdict.booking?.number && box.value === app.asked) box.value = app.asked = verdict.booking.number;
  show(verdict);
  box.select();
  sound(app.muted ? null : lookOf(verdict)[2]);
}

function show(verdict) {
  app.verdict = verdict;
  app.chosen = 0;
  app.dial = false;
  drawAnswer();
  drawSide();
}

function pick(choice) {
  if (!choice) return;
  box.value = app.asked = choice.title;
  if (choice.verdict) answer(choice.verdict);
  else ask(choice.ask, choice.title);
}

/** What may be done with the answer: key, words, act; the first is Enter's too where it says so. */
function acts() {
  const verdict = app.verdict;
  const call = main => ({
    key: 'F2',
    words: verdict.unit ? t('act.call.to', verdict.unit.dial ?? verdict.unit.unit) : t('act.call'),
    main,
    press: dial,
  });
  const no = { key: 'F4', words: t('act.deny'), press: () => deny(verdict) };
  const approvedAct = {
    key: 'F3',
    words: t('act.approved'),
    press: () => (verdict.name ? enter(verdict, 'phone', true) : openNew('phone')),
  };
  if (!verdict) return app.outcomes.length > 0 ? [{ key: 'Enter', words: t('act.read'), main: true, press: readOutcomes }] : [];
  if (choicesOf(verdict).length > 0 && verdict.kind !== 'unit') return [];
  switch (verdict.kind) {
    case 'expected':
      return [{ key: 'Enter', words: t('act.enter'), main: true, press: () => enter(verdict, 'pass') }, call(), no];
    case 'early':
    case 'expired':
    case 'paused':
    case 'wrong_day':
    case 'wrong_hour':
    case 'over_capacity':
      return [call(true), approvedAct, no];
    case 'known':
      return [
        { key: 'Enter', words: t('act.enter'), main: true, press: () => enter(verdict, 'known') },
        call(),
        { key: 'F3', words: t('act.new'), press: () => openNew('phone') },
      ];
    case 'inside':
      return [{ key: 'Enter', words: t('act.exit'), main: true, press: () => exit(verdict.inside, 'box') }, call()];
    case 'unit':
      return [
        sender.online ? { key: 'Enter', words: t('act.ask'), main: true, press: () => openNew('ask') } : call(true),
        ...(sender.online ? [call()] : []),
        { key: 'F3', words: t('act.approved'), press: () => openNew('phone') },
      ];
    case 'used':
    case 'revoked':
    case 'blocked':
      return [call(true)];
    case 'unchecked':
      return [
        { ...call(true), words: t('act.intercom') },
        { key: 'F3', words: t('act.approved'), press: () => openNew('phone') },
      ];
    case 'booking':
      if (verdict.booking.stand === 'welcome')
        return [{ key: 'Enter', words: t('act.checkin'), main: true, press: () => checkIn(verdict, false) }, call()];
      if (verdict.booking.stand === 'checked_in')
        return [call(true), { key: 'F4', words: t('act.checkin.undo'), press: () => checkIn(verdict, true) }];
      return [call(true)];
    case 'full':
      return [
        { key: 'Enter', words: t('act.again'), main: true, press: again },
        { key: 'Esc', words: t('act.written'), press: clear },
      ];
    case 'unknown':
      return [{ key: 'F1', words: t('act.new'), main: true, press: () => openNew('phone') }];
    case 'asking':
      return [
        call(verdict.seconds >= 55),
        { key: 'F3', words: t('act.approved'), press: () => enter({ ...verdict, kind: 'known' }, 'phone', true) },
        no,
      ];
    case 'answered':
      if (verdict.answer === 'yes')
        return [{ key: 'Enter', words: t('act.enter'), main: true, press: () => enter(verdict, 'host', true) }, no];
      if (verdict.answer === 'leave')
        return [{ key: 'F5', words: t('act.package'), main: true, press: () => openPanel('parcels', { unit: verdict.unit }) }, call()];
      if (verdict.answer === 'no') return [{ ...no, main: true }, call()];
      return [call(true), approvedAct, no];
    default:
      return [];
  }
}

/** What the disk did not take, at the time at which it happened. */
async function again() {
  const { kind, fields, label, effect, stamp, photos } = app.retry;
  if (await record(kind, fields, label, effect, stamp, photos)) done(label.act, label.name, Date.parse(stamp.at) + stamp.offset * 1000);
}

function dial() {
  app.dial = true;
  drawAnswer();
}

function clear() {
  asking++;
  box.value = app.asked = '';
  show(null);
  box.focus();
}

/** Whom an answer was about comes back in the form, but not somebody who is inside or has a pass that opens: the new one is another. */
function openNew(authority) {
  const verdict = app.verdict;
  const about = ['inside', 'expected', 'done', 'resident', 'booking', 'full'].includes(verdict?.kind) ? null : verdict;
  const asked = about ? app.asked : '';
  const digits = /^[0-9. -]{5,}$/.test(asked);
  openPanel('visit', {
    authority,
    unit: about?.unit ?? null,
    name: about?.name ?? (/[0-9]/.test(asked) ? '' : asked),
    identification: about?.identification ?? (digits && !about?.unit ? asked : ''),
    plate: about?.plate ?? '',
    vk: about?.vk ?? 'guest',
    pass: about?.pass,
  });
}

/** Asks the apartment by its people's phones. */
const askUnit = visit =>
  inTurn(async () => {
    const key = crypto.randomUUID();
    const body = {
      key,
      unit: visit.unit.id,
      name: visit.name,
      vk: visit.vk,
      people: visit.people,
      company: visit.company || null,
      plate: visit.plate || null,
    };
    const told = await sender.call('POST', 'approvals', body);
    app.asking.set(key, { ...visit, key, kind: 'asking', approval: key, asked: performance.now(), answer: told.answer, rule: told.rule });
    closePanel();
    show(app.asking.get(key));
  });

/** The portal tells what the apartment said. */
function answered(told) {
  const one = app.asking.get(told.key);
  if (!one || told.answer === 'waiting' || (one.answer === told.answer && one.kind === 'answered')) return;
  const shown = app.verdict?.approval === told.key;
  const next = { ...one, ...strip(told), kind: 'answered' };
  app.asking.set(told.key, next);
  if (shown) answer(next);
  else {
    sound(app.muted ? null : 'warn');
    drawSide();
  }
}

async function followAsked() {
  for (const one of app.asking.values()) {
    const seconds = Math.floor((performance.now() - one.asked) / 1000);
    if (one.kind === 'asking') {
      one.seconds = seconds;
      if (sender.online && seconds % 2 === 0) {
        sender.call('GET', `approvals/${one.key}`, undefined, 2000).then(answered, () => {});
      }
      if (seconds >= 115) answered({ key: one.key, answer: 'none', rule: one.rule });
    } else if (seconds > 900) app.asking.delete(one.key);
    if (app.verdict?.approval === one.key && one.kind === 'asking') show(one);
  }
}

// ---- back again ----

/** The line is up and the queue was delivered: what came of it, for reading. It holds up nothing. */
function backAgain() {
  if (app.waiting.length === 0 && app.since !== null) {
    app.back = { from: app.since, until: clock.now() };
    app.since = null;
  }
  if (!app.verdict || app.verdict.kind === 'done') show(app.outcomes.some(one => one.look) || app.back ? null : app.verdict);
}

async function readOutcomes() {
  app.outcomes = [];
  app.back = null;
  await store.put('outcomes', []);
  show(null);
  box.focus();
}

// ---- keys ----

const burst = [];

/** What a scanner typed, faster than hands can; null where hands typed. */
function scanned() {
  let from = burst.length - 1;
  while (from > 0 && burst[from].at - burst[from - 1].at < 35) from--;
  const chars = burst.slice(Math.max(0, from));
  burst.length = 0;
  return chars.length >= 6 ? chars.map(one => one.char).join('') : null;
}

const inForm = () => app.panel !== null && app.panel.place.contains(document.activeElement);

function pressed(event) {
  sender.touch();
  if (event.key === 'Alt') app.altDown = true;
  // A form has taken this key, and may have closed by it: the same Enter must not act on what stands behind.
  if (event.defaultPrevented) return;
  const digit = event.altKey && !event.ctrlKey ? /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1] : undefined;
  if (digit !== undefined) {
    event.preventDefault();
    if (event.repeat) return;
    number(Number(digit));
    return;
  }
  if (event.altKey && event.code === 'KeyI') {
    event.preventDefault();
    openPanel('incident');
    return;
  }
  if (event.ctrlKey && event.code === 'KeyZ' && !inForm() && (box.value === '' || box.value.trim() === app.asked)) {
    event.preventDefault();
    undo();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (app.panel?.keys?.(event)) {
    event.preventDefault();
    return;
  }
  if (functionKey(event)) {
    event.preventDefault();
    return;
  }
  if (app.panel) {
    if (event.key === 'Escape' && !app.panel.fixed) {
      event.preventDefault();
      closePanel();
    }
    return;
  }
  const list = choicesOf(app.verdict);
  if (event.key === 'Escape') {
    event.preventDefault();
    clear();
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && list.length > 0) {
    event.preventDefault();
    app.chosen = (app.chosen + (event.key === 'ArrowDown' ? 1 : list.length - 1)) % list.length;
    drawAnswer();
  } else if (event.key === 'Enter' && (document.activeElement === box || document.activeElement === document.body)) {
    event.preventDefault();
    if (!event.repeat) entered();
  } else if (event.key.length === 1) {
    if (document.activeElement !== box && !(event.key === ' ' && document.activeElement.matches('button, a'))) box.focus();
    burst.push({ char: event.key, at: event.timeStamp });
    if (burst.length > 200) burst.splice(0, 100);
  }
}

function entered() {
  const scan = scanned();
  if (scan && scan.trim().length >= 6) {
    ask(scan);
    return;
  }
  const text = box.value.trim();
  if (text !== app.asked) {
    ask(text);
    return;
  }
  const list = choicesOf(app.verdict);
  if (list.length > 0) {
    pick(list[app.chosen]);
    return;
  }
  const main = acts().find(act => act.main);
  if (main && (main.key === 'Enter' || app.verdict)) main.press();
}

function number(digit) {
  const list = choicesOf(app.verdict);
  if (!app.panel && list.length > 0) {
    pick(list[digit - 1]);
    return;
  }
  if (digit === 0) {
    const one = [...app.asking.values()][0];
    if (one) show(one);
    return;
  }
  const one = slots.at(digit);
  if (!one) return;
  if (one.gone || !app.inside.some(here => here.id === one.id)) say(t('exit.already', one.name));
  else exit(one);
}

function functionKey(event) {
  const act = acts().find(one => one.key === event.key);
  if (event.repeat) return /^F[0-9]+$/.test(event.key);
  if (act && !app.panel) {
    act.press();
    return true;
  }
  switch (event.key) {
    case 'F1':
      openNew('phone');
      return true;
    case 'F2':
    case 'F3':
    case 'F4':
    case 'F10':
      return true;
    case 'F5':
      openPanel('parcels');
      return true;
    case 'F6':
      openPanel('plates');
      return true;
    case 'F7':
      toggleOver();
      return true;
    case 'F8':
      openPanel('notes');
      return true;
    case 'F9':
      openPanel('handover');
      return true;
    default:
      return false;
  }
}

function toggleOver() {
  const now = clock.now();
  app.onlyOver = !app.onlyOver && app.inside.some(one => overstays(one, now));
  drawSide();
  drawKeys();
}

function typed() {
  if (box.value.trim() === app.asked) return;
  asking++;
  if (app.verdict) show(null);
  // Reading a six-digit code is slow on purpose: it begins before Enter.
  const code = codeIn(box.value);
  if (code && app.snapshot && Object.keys(app.snapshot.codes.list).length > 0) codeHash(code, app.snapshot.codes);
}

// ---- panels ----

function openPanel(name, given = {}) {
  if (app.panel?.name === name) return;
  if (app.panel?.fixed && !['signin', 'enrol'].includes(name)) return;
  const place = find('panel');
  app.panel = { name, place, fixed: ['signin', 'enrol', 'mustread'].includes(name) };
  place.hidden = false;
  find('work').hidden = true;
  panels[name](app, place, given);
  (place.querySelector('[autofocus]') ?? place.querySelector('input, select, textarea, button'))?.focus();
  drawSide();
  drawKeys();
}

function closePanel() {
  if (!app.panel) return;
  const { place } = app.panel;
  app.panel = null;
  place.hidden = true;
  place.replaceChildren();
  find('work').hidden = false;
  draw();
  box.focus();
}

function released() {
  app.pressing = false;
  if (app.late) draw();
  app.late = false;
}

const alarmed = new Map();

/** Cars whose time is nearly or quite over: a line and a sound; the list beside shows them as long as it lasts. */
function parkingAlarms() {
  const due = alarms(app.inside, app.snapshot?.parking, clock.now(), alarmed);
  if (due.length === 0) return;
  const [{ one, over, stayed }] = due;
  const where = [one.plate, one.space, app.snapshot?.unit(one.unit)?.unit].filter(Boolean).join(' · ');
  say(over ? t('parking.over', where, duration(stayed)) : t('parking.ending', where, duration(one.limit * 60000 - stayed)));
  sound(app.muted ? null : 'warn');
}

async function tick() {
  // Twelve hours after it was made what the device knows is over, and leaves the disk.
  if (app.snapshot && app.snapshot.expires <= clock.now()) {
    app.lost = { made: app.snapshot.made };
    await forgetSnapshot();
    show(app.verdict?.kind === 'done' ? app.verdict : null);
  }
  await followAsked();
  askToRead();
  parkingAlarms();
  if (app.toast && performance.now() > app.toast.until) {
    app.toast = null;
    drawToast();
  }
  drawTop();
  if (!app.altDown) drawSide();
  drawKeys();
}

// ---- beginning ----

const panels = { ...workPanels, ...parcelPanels, ...dutyPanels, ...handoverPanels, ...incidentPanels };

Object.assign(app.do, {
  acts,
  ask,
  askUnit,
  clear,
  closePanel,
  exit,
  formEntry,
  leave,
  openNew,
  openPanel,
  pick,
  record,
  say,
  setSkip,
  show,
  signedIn,
  toggleOver,
  undo,
});

async function begin() {
  await loadWords();
  document.title = `${t('title')} · Vallhalla`;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', t(node.dataset.label));
  document.addEventListener('keydown', pressed);
  document.addEventListener('keyup', event => {
    if (event.key === 'Alt') {
      event.preventDefault();
      app.altDown = false;
      drawSide();
    }
  });
  window.addEventListener('blur', () => {
    app.altDown = false;
  });
  // A finger between down and up must find the same button: what is drawn meanwhile waits.
  document.addEventListener('pointerdown', () => {
    app.pressing = true;
  });
  for (const name of ['pointerup', 'pointercancel']) document.addEventListener(name, () => setTimeout(released));
  window.addEventListener('online', () => sender.kick());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
      reload().then(draw);
      sender.kick();
    }
  });
  box.addEventListener('input', typed);
  find('clear').addEventListener('click', clear);
  find('ask').addEventListener('submit', event => {
    event.preventDefault();
  });
  const muted = find('mute');
  muted.addEventListener('click', async () => {
    app.muted = !app.muted;
    await store.put('muted', app.muted);
    muted.setAttribute('aria-pressed', String(!app.muted));
    box.focus();
  });
  try {
    clock.resume(await store.get('clock'));
    app.terminal = (await store.get('terminal')) ?? null;
    app.guard = (await store.get('guard')) ?? null;
    await resumeSkip();
    app.outcomes = (await store.get('outcomes')) ?? [];
    app.muted = (await store.get('muted')) ?? false;
    muted.setAttribute('aria-pressed', String(!app.muted));
    app.snapshot = await snapshots.read(await store.get('snapshot'), app.terminal);
    if (app.snapshot && app.snapshot.expires <= clock.now()) await forgetSnapshot();
    await reload();
    if (app.waiting.some(event => event.offline)) app.since = Date.parse(app.waiting[0].at) + app.waiting[0].offset * 1000;
    navigator.storage?.persist?.();
  } catch (error) {
    // A browser that keeps nothing is no terminal: what is logged would be gone with the page.
    openPanel('broken', { error });
    return;
  }
  draw();
  if (!app.terminal) openPanel('enrol');
  else if (!app.guard) openPanel('signin');
  else {
    box.focus();
    askToRead();
  }
  sender.kick();
  setInterval(tick, 1000);
  await update();
  document.body.dataset.ready = 'yes';
}

/** A new version waits until everything was delivered. */
async function update() {
  if (!('serviceWorker' in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register('/gate/sw.js', { scope: '/gate/' });
    const take = async () => {
      if (registration?.waiting && (await store.waiting()).length + (await store.photoCount()) === 0 && !app.verdict && !app.panel)
        registration.waiting.postMessage('take over');
    };
    setInterval(take, 30000);
    setInterval(() => registration.update().catch(() => {}), 15 * 60000);
    let had = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (had) location.reload();
      had = true;
    });
  } catch {
    // Without it the terminal works as long as its page is open.
  }
}

begin();
