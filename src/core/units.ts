export const KiB = 1024;
export const MiB = 1024 ** 2;
export const GiB = 1024 ** 3;
export const TiB = 1024 ** 4;

/**
 * Bytes of a size as mount options and kernels write it: a number, of K, M, G or T; null where it is none.
 */
export const parseSize = (text: string): number | null => {
  const [, number = '', unit = ''] = /^(\d+)([KMGT]?)$/i.exec(text) ?? [];
  return number === '' ? null : Number(number) * KiB ** ' KMGT'.indexOf(unit.toUpperCase() || ' ');
};

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes for people: `512 B`, `1.5 GiB`, `112 GiB`. */
export const formatBytes = (bytes: number): string => {
  const power = Math.min(Math.max(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 0), BYTE_UNITS.length - 1);
  const value = bytes / 1024 ** power;
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${BYTE_UNITS[power]}`;
};

/** Seconds for people: `0.3 s`, `12 s`, `3 min 5 s`, `5 h 30 min`. */
export const formatSeconds = (seconds: number): string => {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
};

/** `1 host`, `3 hosts`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
