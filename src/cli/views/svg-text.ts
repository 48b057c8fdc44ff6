/** Colour of text that is to be read. */
export const INK = '#1e293b';
/** Colour of text that is there to be looked up. */
export const QUIET = '#64748b';

export interface TextStyle {
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
  readonly anchor?: 'middle' | 'end';
}

/** A text element at its baseline. */
export const text = (
  x: number,
  y: number,
  content: string,
  { size, weight, fill = INK, anchor }: TextStyle,
): string => {
  const attributes = [
    `x="${round(x)}" y="${round(y)}" fill="${fill}"`,
    size && `font-size="${size}"`,
    weight && `font-weight="${weight}"`,
    anchor && `text-anchor="${anchor}"`,
  ];
  return `<text ${attributes.filter(Boolean).join(' ')}>${escapeXml(content)}</text>`;
};

/** Coordinates need one decimal. */
export const round = (value: number): number => Math.round(value * 10) / 10;

export const escapeXml = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
