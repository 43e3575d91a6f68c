// All that the terminal knows while its page is open. The disk (store.js) has the rest.

import { Clock } from './clock.js';
import { Slots } from './slots.js';

export const clock = new Clock();
export const slots = new Slots();
export const find = id => document.getElementById(id);
export const box = find('box');

/** All that the screen shows. */
export const app = {
  clock,
  terminal: null,
  guard: null,
  snapshot: null,
  lost: null,
  waiting: [],
  sent: [],
  outcomes: [],
  inside: [],
  used: new Set(),
  arrived: new Map(),

  /** Notes that somebody has read here, as `guard:note`, until a snapshot tells it. */
  read: new Set(),

  /** Photos that are still to be sent. */
  photos: 0,

  /** Whether the one on duty has put the notes off: 'open' while they see to somebody, 'spent' after it. */
  skip: null,
  verdict: null,
  asked: '',
  chosen: 0,
  toast: null,
  panel: null,
  onlyOver: false,
  tower: null,
  asking: new Map(),
  stored: true,
  since: null,
  busy: false,
  muted: false,
  altDown: false,
  pressing: false,
  late: false,
  sender: null,

  /** What may be done: by the keys, the buttons and the panels. */
  do: {},
};

export const overstays = (one, now) => one.limit > 0 && now - one.since > one.limit * 60000;

/** What this guard has to read before they go on. */
export const mustRead = guard =>
  (app.snapshot?.notes ?? []).filter(
    one =>
      one.must &&
      !one.done.includes(guard) &&
      !app.read.has(`${guard}:${one.id}`) &&
      (!one.until || clock.fromWall(one.until) > clock.now()),
  );

/** Of whom one is to be chosen; none where the answer is one. */
export const choicesOf = verdict => (verdict?.choices?.length ? verdict.choices : []);
