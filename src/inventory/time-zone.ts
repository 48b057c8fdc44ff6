import { closest } from '../core/suggest.ts';

const SUPPORTED = (): readonly string[] => [...Intl.supportedValuesOf('timeZone'), 'UTC'];

/** First parts of the names in /usr/share/zoneinfo, links such as US/Pacific included. */
const AREAS = new Set(
  'Africa America Antarctica Arctic Asia Atlantic Australia Brazil Canada Chile Etc Europe Indian Mexico Pacific US'.split(
    ' ',
  ),
);

/** The names of three capitals that /usr/share/zoneinfo has; Intl takes others too, such as CST and JST. */
const SHORT = new Set('CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET'.split(' '));

const isKnownToIntl = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/**
 * Whether a host has this time zone, as far as that can be told from here: a name or a link (PRC,
 * Asia/Chongqing) that Intl knows. Intl takes any case, the file system of a host does not.
 */
export const isTimeZone = (zone: string): boolean => {
  const [area, ...rest] = zone.split('/');
  if (!isKnownToIntl(zone)) return false;
  if (rest.length === 0) return zone.length > 3 ? /^[A-Z]/.test(zone) : SHORT.has(zone);
  if (!AREAS.has(area ?? '')) return false;
  const lower = zone.toLowerCase();
  return SUPPORTED().every((name) => name === zone || name.toLowerCase() !== lower);
};

/** What China's one time zone is often called. */
const SHANGHAI =
  /^(cst|ctt|china|(asia\/)?(beijing|peking|shenzhen|guangzhou|chengdu|hangzhou)|(utc|gmt)?\+0?8(:?00)?)$/i;

/** The time zone that was most likely meant. */
export const nearTimeZone = (zone: string): string | undefined => {
  const name = zone.trim().replaceAll(' ', '_');
  if (SHANGHAI.test(name)) return 'Asia/Shanghai';
  const sameCity = SUPPORTED().find((known) =>
    [name, name.replace('_', '/')].some((text) => known.toLowerCase().endsWith(`/${text.toLowerCase()}`)),
  );
  return sameCity ?? closest(name.replace(/^([A-Za-z]+)_/, '$1/'), SUPPORTED()) ?? closest(name, SUPPORTED());
};
