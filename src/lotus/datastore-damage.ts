import { plainLines } from './plain-text.ts';

/** Lines of a log that say that a datastore (leveldb, badger) is damaged, and files that they name. */
export interface DatastoreDamage {
  readonly lines: readonly string[];
  /** As the lines name them: `000123.ldb`, `MANIFEST-000071`; each once. */
  readonly files: readonly string[];
}

/** As goleveldb, badger and the packages of lotus around them say it. */
const DAMAGE =
  /leveldb[^\n]{0,40}(?:corrupt|missing|checksum|manifest)|(?:corrupted or incomplete CURRENT file)|checksum mismatch[^\n]{0,80}(?:ldb|sst|vlog|block)|MANIFEST[^\n]{0,40}(?:corrupt|unsupported|checksum|removal of non-existing)|value log truncate required|badger[^\n]{0,60}(?:corrupt|checksum|truncat)|(?:opening|open)[^\n]{0,30}datastore[^\n]{0,80}(?:corrupt|missing|checksum|no such file|input\/output)|\[file=[\w.-]+\][^\n]{0,60}(?:corrupt|missing|checksum)|file missing \[file=/i;

/** Names of files of leveldb and badger. */
const FILES = /\b(\d{6}\.(?:ldb|log|sst|vlog)|MANIFEST-\d{6}|MANIFEST|CURRENT)\b/g;

/** The last so many lines count: what was mended before is not told. */
const MOST_LINES = 3;

/** Null where no line says so. */
export const datastoreDamage = (text: string): DatastoreDamage | null => {
  const found = plainLines(text)
    .filter((line) => DAMAGE.test(line))
    .slice(-MOST_LINES);
  if (found.length === 0) return null;
  const files = new Set(found.flatMap((line) => [...line.matchAll(FILES)].map(([, name = '']) => name)));
  return { lines: found, files: [...files] };
};
