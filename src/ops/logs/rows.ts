/** A row of logs.sh; a log is known by its index. */
export type LogRow =
  | { readonly type: 'env'; readonly names: string }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'absent' | 'missed' | 'rotated' | 'truncated'; readonly log: number }
  | { readonly type: 'at'; readonly log: number; readonly file: string; readonly offset: number }
  /** `offset`: where it is read on; null: a row of its own says it. */
  | { readonly type: 'data'; readonly log: number; readonly offset: number | null; readonly bytes: Buffer }
  | { readonly type: 'beat' | 'over' };

const isNumber = (text: string | undefined): text is string => text !== undefined && /^\d{1,15}$/.test(text);

/** A row, or null where it is none. */
export const parseRow = (text: string): LogRow | null => {
  const [type, first, second, third] = text.split('\t');
  switch (type) {
    case 'env':
      return { type, names: first ?? '' };
    case 'refused':
      return {
        type,
        message: Buffer.from(first ?? '', 'base64')
          .toString('utf8')
          .trim(),
      };
    case 'beat':
    case 'over':
      return { type };
    case 'absent':
    case 'missed':
    case 'rotated':
    case 'truncated':
      return isNumber(first) ? { type, log: Number(first) } : null;
    case 'at':
      if (!isNumber(first) || second === undefined || !isNumber(third)) return null;
      return { type, log: Number(first), file: second, offset: Number(third) };
    case 'data': {
      if (!isNumber(first) || third === undefined || !(second === '-' || isNumber(second))) return null;
      const offset = second === '-' ? null : Number(second);
      return { type, log: Number(first), offset, bytes: Buffer.from(third, 'base64') };
    }
    default:
      return null;
  }
};
