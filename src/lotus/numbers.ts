/** Numbers as the lotus programs write them (github.com/filecoin-project/lotus v1.11.1); null where it is none. */

/** A count: digits, and no more than a number holds. */
export const countOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** Bytes of `45.75 TiB`. Four digits are written, so that a size is as near as that. */
export const bytesOf = (text: string): number | null => {
  const [, number, unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?) ?([KMGTPE]?i?B)$/.exec(text) ?? [];
  const power = BYTE_UNITS.indexOf(unit);
  return number === undefined || power < 0 ? null : Math.round(Number(number) * 1024 ** power);
};

/** Decimals of FIL that a prefix stands for. The letter of micro is Greek in lotus; the sign looks alike. */
const PREFIXES: Readonly<Record<string, number>> = { '': 18, m: 15, μ: 12, µ: 12, n: 9, p: 6, f: 3, a: 0 };

/** attoFIL of `12.0045 FIL`, `211.611 pFIL` (three decimals are written of it) or the bare `0` that zero is. */
export const attoFilOf = (text: string): bigint | null => {
  if (text === '0') return 0n;
  const [, sign = '', whole, fraction = '', prefix = ''] =
    /^(-?)(\d{1,30})(?:\.(\d{1,18}))? ?([afpnμµm]?)FIL$/.exec(text) ?? [];
  const decimals = PREFIXES[prefix];
  if (whole === undefined || decimals === undefined || fraction.length > decimals) return null;
  return BigInt(`${sign}${whole}${fraction.padEnd(decimals, '0')}`);
};

/** Epoch at the start of `1031520 (8 minutes 30 seconds ago)`; how the rest is worded depends on the version. */
export const epochOf = (text: string): number | null => {
  const [, number] = /^(-?\d{1,15})(?=\s|$)/.exec(text) ?? [];
  return number === undefined ? null : Number(number);
};

/** Seconds of a duration as Go writes it: `4h12m33.8s`, `31h0m2.4s`, `250ms`. */
export const secondsOf = (text: string): number | null => {
  const [, small, unit] = /^(\d{1,12}(?:\.\d{1,9})?)(ms|µs|us|ns)$/.exec(text) ?? [];
  if (small !== undefined) return Number(small) / (unit === 'ms' ? 1e3 : unit === 'ns' ? 1e9 : 1e6);
  const [all, hours = '0', minutes = '0', seconds = '0'] =
    /^(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9}(?:\.\d{1,9})?)s)?$/.exec(text) ?? [];
  return all ? Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) : null;
};
