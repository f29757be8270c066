// C2SP tlog-tiles: the tree in files of 256 hashes, and the entries in bundles of 256, under paths that never change their meaning.
import { Malformed } from './malformed.js';

/** Hashes in a full tile, and tree levels that a tile spans: 2^8. */
export const TILE_WIDTH = 256;
export const TILE_LEVELS = 8;
export const MAX_ENTRY_BYTES = 65_535;
const HASH_BYTES = 32;
const MAX_TILE_LEVEL = 6;

export interface TileName {
  /** Of the tile: its hashes stand at level 8 × this of the tree. `entries` for a bundle of entries. */
  level: number | 'entries';
  index: number;
  /** Less than 256 for a partial tile. */
  width: number;
}

/** `tile/0/x001/x234/067`, `tile/entries/000.p/17` */
export function tilePath({ level, index, width }: TileName): string {
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  return `tile/${level}/${path}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/** The tile that a path names. @throws Malformed, also for another spelling of a path */
export function parseTilePath(path: string): TileName {
  const [, level, number, width] = /^tile\/(entries|[0-9])\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? [];
  if (level === undefined || number === undefined) throw new Malformed('is no path of a tile');
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: Number(number.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  if (name.width > TILE_WIDTH || (name.level !== 'entries' && name.level > MAX_TILE_LEVEL) || tilePath(name) !== path)
    throw new Malformed('is no path of a tile');
  return name;
}

/** How many hashes the tiles of a level hold in a tree of `size` leaves. */
export const hashesAtTileLevel = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** Whether a tree of `size` leaves has the tile, at that width or a larger one: what lies beyond is not signed yet. */
export function isTileOf({ level, index, width }: TileName, size: number): boolean {
  return index * TILE_WIDTH + width <= (level === 'entries' ? size : hashesAtTileLevel(level, size));
}

/** Every tile that a tree of `size` leaves has and one of `before` has not, or not so wide. Lowest level first. */
export function* tilesBetween(before: number, size: number): Generator<TileName & { level: number }> {
  for (let level = 0; hashesAtTileLevel(level, size) > 0; level++) {
    const hashes = hashesAtTileLevel(level, size);
    const had = hashesAtTileLevel(level, before);
    if (hashes === had) continue;
    for (let index = Math.floor(had / TILE_WIDTH); index * TILE_WIDTH < hashes; index++) {
      yield { level, index, width: Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH) };
    }
  }
}

/** @throws Malformed where the bytes are not `width` hashes */
export function hashesOfTile(bytes: Uint8Array, width: number): Uint8Array[] {
  if (bytes.length !== width * HASH_BYTES) throw new Malformed(`is no tile of ${width} hashes`);
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
}

export function tileBytes(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH_BYTES);
  hashes.forEach((hash, at) => bytes.set(hash, at * HASH_BYTES));
  return bytes;
}

/** Each entry behind its length as u16be. @throws Malformed for an entry beyond 65,535 bytes */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) throw new Malformed(`is too long for a bundle of entries: ${entry.length} bytes`);
    bytes[at] = entry.length >> 8;
    bytes[at + 1] = entry.length & 255;
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/** @throws Malformed */
export function decodeEntries(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at]! * 256 + (bytes[at + 1] ?? NaN);
    if (Number.isNaN(length) || at + 2 + length > bytes.length) throw new Malformed('is no bundle of entries: it ends within one');
    entries.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (entries.length > TILE_WIDTH) throw new Malformed('is no bundle of entries: it holds more than 256');
  return entries;
}
