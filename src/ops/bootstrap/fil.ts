const DECIMALS = 18;

/** attoFIL as lotus itself writes them: `12.0045 FIL`, `0 FIL`. */
export const formatFil = (atto: bigint): string => {
  const digits = `${atto < 0n ? -atto : atto}`.padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  return `${atto < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}${fraction === '' ? '' : `.${fraction}`} FIL`;
};

/** Of FIL a person writes this many decimals at the most: more than anybody needs, fewer than a number gets wrong. */
const WRITTEN = 6;

/** attoFIL of an amount that a person has written. */
export const attoFil = (fil: number): bigint =>
  BigInt(Math.round(fil * 10 ** WRITTEN)) * 10n ** BigInt(DECIMALS - WRITTEN);
