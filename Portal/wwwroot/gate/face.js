// How an answer looks and what may be done with it: colour, icon, one word, one line, facts, what to do. The same for what the snapshot
// knows and for what the portal answers.

import { duration, moment, shortDay, t, time } from './words.js';

const looks = {
  expected: ['', 'CheckCircle', 'good'],
  unchecked: ['verdict-warn', 'Phone', 'warn'],
  early: ['verdict-warn', 'Clock', 'warn'],
  expired: ['verdict-warn', 'Clock', 'warn'],
  paused: ['verdict-warn', 'Pause', 'warn'],
  wrong_day: ['verdict-warn', 'Calendar', 'warn'],
  wrong_hour: ['verdict-warn', 'Clock', 'warn'],
  over_capacity: ['verdict-warn', 'People', 'warn'],
  used: ['verdict-bad', 'Stop', 'bad'],
  revoked: ['verdict-bad', 'Stop', 'bad'],
  blocked: ['verdict-bad', 'Shield', 'bad'],
  inside: ['verdict-info', 'Gate', 'done'],
  known: ['verdict-info', 'User', 'done'],
  resident: ['', 'Car', 'good'],
  several: ['verdict-list', 'List', null],
  unknown: ['verdict-bad', 'Search', 'bad'],
  looking: ['verdict-idle', 'Search', null],
  asking: ['verdict-info', 'Bell', 'done'],
};

const stands = {
  welcome: ['', 'CheckCircle', 'good'],
  checked_in: ['verdict-info', 'Check', 'done'],
  early: ['verdict-warn', 'Clock', 'warn'],
  over: ['verdict-warn', 'Clock', 'warn'],
  not_confirmed: ['verdict-warn', 'Clock', 'warn'],
};

export const lookOf = verdict => {
  if (!verdict) return ['verdict-idle', 'Gate', null];
  if (verdict.kind === 'done') return verdict.tone === 'idle' ? ['verdict-idle', 'Stop', 'done'] : ['', 'CheckCircle', 'done'];
  if (verdict.kind === 'full') return ['verdict-bad', 'Save', 'bad'];
  if (verdict.kind === 'booking') return stands[verdict.booking.stand] ?? ['verdict-bad', 'Stop', 'bad'];
  if (verdict.kind === 'unit') return verdict.choices?.length ? ['verdict-info', 'Building', 'done'] : ['verdict-bad', 'Stop', 'bad'];
  if (verdict.kind === 'answered') {
    return (
      { yes: ['', 'CheckCircle', 'good'], leave: ['verdict-warn', 'Package', 'warn'], no: ['verdict-bad', 'Stop', 'bad'] }[
        verdict.answer
      ] ?? ['verdict-warn', 'Phone', 'warn']
    );
  }
  return looks[verdict.kind] ?? looks.unknown;
};

/** Word and line. */
export function wordsOf(verdict, typed, clock) {
  const unit = verdict?.unit?.unit ?? '',
    host = verdict?.unit?.host ?? '';
  const today = clock.wall();
  const at = text => moment(new Date(`${text}Z`), today);
  switch (verdict?.kind) {
    case undefined:
      return [t('idle.word'), t('idle.line')];
    case 'looking':
      return [t('v.looking'), t('v.looking.line')];
    case 'done':
      return [
        t(`v.done.${verdict.what}`),
        [verdict.name, t(`v.done.${verdict.what}.line`, time(clock.wall(verdict.at)))].filter(Boolean).join(' · '),
      ];
    case 'full':
      return [t('v.full'), t('v.full.line', time(clock.wall(verdict.at)), unit || verdict.name || '')];
    case 'expected':
      return [t('v.expected'), t('v.expected.line', unit, host)];
    case 'early':
    case 'wrong_day':
    case 'wrong_hour':
      return [t('v.early'), t('v.early.line', at(verdict.from))];
    case 'expired':
      return [t('v.expired'), t('v.expired.line', at(verdict.until))];
    case 'paused':
      return [t('v.paused'), t('v.paused.line', unit)];
    case 'over_capacity':
      return [
        t('v.full_house'),
        t('v.full_house.line', verdict.pass?.cap?.in ?? verdict.cap?.in ?? '', verdict.pass?.cap?.of ?? verdict.cap?.of ?? ''),
      ];
    case 'used':
      return [t('v.used'), t('v.used.line', verdict.name ?? '')];
    case 'revoked':
      return [t('v.revoked'), t('v.revoked.line')];
    case 'blocked':
      return [t('v.blocked'), t('v.blocked.line')];
    case 'inside':
      return [t('v.inside', time(clock.wall(verdict.since))), t('v.inside.line', verdict.name ?? verdict.plate ?? '', unit)];
    case 'known':
      return [t('v.known'), t('v.known.line', verdict.name ?? '', unit)];
    case 'resident':
      return [t('v.resident'), t('v.resident.line', verdict.plate ?? '', unit)];
    case 'booking':
      return [t(`v.booking.${verdict.booking.stand}`), `${verdict.booking.facility}, ${at(verdict.from)} – ${at(verdict.until)} · ${unit}`];
    case 'unit':
      return verdict.choices?.length ? [unit, t('v.unit.line', host)] : [t('v.unexpected'), t('v.unexpected.line', unit)];
    case 'several':
      return [t('v.several'), t('v.several.line', verdict.count ?? verdict.choices.length)];
    case 'unchecked':
      return [t('v.unchecked'), t('v.unchecked.line')];
    case 'asking':
      return [t('v.asking'), t('v.asking.line', verdict.name, unit)];
    case 'answered':
      return [
        t(`v.answer.${verdict.answer}`),
        t(`v.answer.${verdict.answer}.line`, verdict.name, verdict.by ?? '', verdict.at ? time(new Date(`${verdict.at}Z`)) : ''),
      ];
    default:
      return [t('v.unknown'), verdict?.askName ? t('v.unknown.name') : t('v.unknown.line', typed)];
  }
}

/** Name and value of what the guard compares. */
export function factsOf(verdict) {
  if (!verdict) return [];
  const hours = verdict.from && verdict.until ? `${time(new Date(`${verdict.from}Z`))} – ${time(new Date(`${verdict.until}Z`))}` : null;
  if (verdict.kind === 'booking') {
    return [
      [t('f.booking'), verdict.booking.number ?? '—'],
      [t('f.people'), verdict.people ?? '—'],
      [t('f.host'), verdict.booking.host ?? verdict.unit?.host ?? '—'],
      [t('f.when'), hours ?? '—'],
    ];
  }
  if (
    !['expected', 'known', 'over_capacity', 'early', 'wrong_day', 'wrong_hour', 'expired', 'inside', 'answered'].includes(verdict.kind) ||
    !verdict.name
  )
    return [];
  const pass = verdict.pass;
  const facts = [[t('f.visitor'), verdict.name]];
  if (verdict.identification) facts.push([t('f.document'), verdict.identification]);
  if (pass?.days)
    facts.push([
      t('f.days'),
      pass.days
        .split(',')
        .map(day => t(`day.${day}`))
        .join(', '),
    ]);
  else if (pass?.cap) facts.push([t('f.capacity'), t('f.capacity.of', pass.cap.in, pass.cap.of)]);
  else facts.push([t('f.people'), verdict.people ?? 1]);
  if (verdict.company) facts.push([t('f.company'), verdict.company]);
  else if (verdict.plate) facts.push([t('f.plate'), verdict.plate]);
  if (hours) facts.push([t('f.window'), hours]);
  if (pass?.last) facts.push([t('f.until'), shortDay(new Date(`${pass.last}T00:00:00Z`))]);
  return facts.slice(0, 4);
}

/** What to do, in one sentence. */
export function whyOf(verdict, clock, offline, made) {
  const host = verdict?.unit?.host ?? '',
    unit = verdict?.unit?.unit ?? '';
  switch (verdict?.kind) {
    case 'expected':
      return offline ? t('why.offline', time(clock.wall(made))) : null;
    case 'early':
    case 'expired':
    case 'paused':
    case 'wrong_day':
    case 'wrong_hour':
      return t('why.expired', host, unit);
    case 'over_capacity':
      return t('why.full_house', host);
    case 'used':
    case 'revoked':
      return t('why.used', host);
    case 'blocked':
      return t('why.blocked');
    case 'known':
      return verdict.last ? t('why.known', shortDay(new Date(`${verdict.last}T00:00:00Z`)), host) : null;
    case 'unit':
      return verdict.choices?.length ? null : t('why.unexpected', host);
    case 'unknown':
      return t('why.unknown');
    case 'unchecked':
      return t('why.unchecked');
    case 'full':
      return t('why.full', time(clock.wall(verdict.at)), unit);
    case 'booking':
      return verdict.booking.stand === 'welcome' ? null : t(`why.booking.${verdict.booking.stand}`);
    case 'asking':
      return verdict.seconds >= 55 ? t('why.asking.intercom', host) : t('why.asking');
    case 'answered':
      return verdict.answer === 'none' ? t(`why.rule.${verdict.rule}`) : lateOf(verdict);
    default:
      return null;
  }
}

export const chipOf = state =>
  ({
    expected: ['CheckCircle', 'ok'],
    inside: ['Gate', 'info'],
    early: ['Clock', 'warn'],
    expired: ['Clock', 'warn'],
    paused: ['Pause', 'warn'],
    over_capacity: ['People', 'warn'],
    used: ['Stop', 'bad'],
    revoked: ['Stop', 'bad'],
    unit: ['Home', 'plain'],
    host: ['Home', 'plain'],
    resident: ['Car', 'ok'],
    known: ['History', 'plain'],
    apartment: ['Home', 'plain'],
    unknown: ['Stop', 'plain'],
  })[state] ?? ['User', 'plain'];

/** The second line of one who may be meant. */
export function detailOf(choice, clock) {
  const verdict = choice.verdict;
  if (!verdict) return choice.detail ?? '';
  const today = clock.wall();
  const parts = [verdict.unit?.unit];
  if (verdict.kind === 'inside') parts.push(t('which.inside', time(clock.wall(verdict.since))));
  else if (verdict.kind === 'unit') parts.splice(0, 1, verdict.unit.host);
  else if (verdict.from)
    parts.push(verdict.unit?.host, `${moment(new Date(`${verdict.from}Z`), today)} – ${moment(new Date(`${verdict.until}Z`), today)}`);
  if (verdict.plate && verdict.kind !== 'resident') parts.push(verdict.plate);
  return parts.filter(Boolean).join(' · ');
}

/** What others of the apartment said after the first answer, or after its time. */
const lateOf = verdict =>
  (verdict.late ?? []).map(one => t(`late.${one.answer}`, one.by, time(new Date(`${one.at}Z`)))).join(' · ') || null;

export { duration };
