// Visitors' cars: the alarms of those whose time is nearly or quite over, and the rule of one car an apartment. Reckoned here, so that they
// come without a line too.

import { keyOf } from './lookup.js';

const minute = 60000;

/** After so long an alarm is no news: who opens the page later hears only what comes next. */
const late = 90000;

/** The moments of a stay at which there is an alarm, in minutes after the entry. */
export function moments(limit, rules) {
  if (!limit || !rules?.alarm) return [];
  const all = limit > rules.alarm ? [limit - rules.alarm] : [];
  for (let after = 0; after <= rules.hours * 60; after += rules.alarm) all.push(limit + after);
  return all;
}

/**
 * The alarms that are due and were not given yet.
 * @param told what was given: id of the visit to minutes; it is written into
 */
export function alarms(inside, rules, now, told) {
  const due = [];
  for (const one of inside) {
    if (!one.car || !one.limit) continue;
    const stayed = now - one.since;
    const last = moments(one.limit, rules)
      .filter(at => at * minute <= stayed)
      .at(-1);
    if (last === undefined || told.get(one.id) === last) continue;
    told.set(one.id, last);
    if (stayed - last * minute <= late) due.push({ one, over: last >= one.limit, stayed });
  }
  for (const id of told.keys()) if (!inside.some(one => one.id === id)) told.delete(id);
  return due;
}

/** The apartment's other visitors' cars, where one more is against the rule. */
export function others(inside, rules, unit, plate) {
  if (!rules?.cars || !unit || !plate) return [];
  const key = keyOf(plate);
  const cars = inside.filter(one => one.car && one.unit === unit && keyOf(one.plate) !== key);
  return cars.length >= rules.cars ? cars : [];
}

/** Whether a plate is a visitor's: residents' cars have their own places. */
export const isVisitors = (plate, residents) => Boolean(plate) && !(residents ?? []).some(one => keyOf(one.plate) === keyOf(plate));
