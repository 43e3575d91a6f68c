// The words of the terminal, in the language of the device. They come from the portal's resources (/gate/words.json) and lie in the cache.

let words = {};
let language = 'es';

export async function load() {
  const both = await (await fetch('/gate/words.json')).json();
  // Of an older portal there may be one without the prefix beside it.
  const cookie = name => new RegExp(`(?:^|;\\s*)${name}=([^;]*)`).exec(document.cookie)?.[1];
  const chosen = cookie('__Host-\\.AspNetCore\\.Culture') ?? cookie('\\.AspNetCore\\.Culture');
  language = chosen ? (decodeURIComponent(chosen).includes('uic=en') ? 'en' : 'es') : navigator.language?.startsWith('en') ? 'en' : 'es';
  words = both[language];
  document.documentElement.lang = language;
}

/** The text of a key, with its holes filled and its counted words chosen: `{0} {0|visita|visitas}`. */
export function t(key, ...values) {
  const text = words[key];
  if (text === undefined) return key;
  return text
    .replace(/\{(\d+)\|([^|{}]*)\|([^|{}]*)\}/g, (_, hole, one, many) => (String(values[hole]) === '1' ? one : many))
    .replace(/\{(\d+)\}/g, (_, hole) => values[hole] ?? '');
}

const parts = (date, options) =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-US' : 'es-CO', { timeZone: 'UTC', ...options }).format(date);

/** 14:05 of a wall clock. */
export const time = wall => parts(wall, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

export const day = wall => parts(wall, { weekday: 'short', day: 'numeric', month: 'short' }).replaceAll('.', '').replace(',', '');

export const shortDay = wall => parts(wall, { day: 'numeric', month: 'short' }).replaceAll('.', '');

/** 45 min, 4 h 12, 2 d. */
export function duration(milliseconds) {
  const minutes = Math.max(0, Math.floor(milliseconds / 60000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, '0')}` : `${Math.floor(hours / 24)} d`;
}

/** When something is, seen from a day: the hour today, else with its day. */
export function moment(wall, today) {
  return wall.toISOString().slice(0, 10) === today.toISOString().slice(0, 10) ? time(wall) : `${shortDay(wall)}, ${time(wall)}`;
}
