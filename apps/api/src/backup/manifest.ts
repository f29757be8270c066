// What a backup says of itself. It is written last: a directory without it is none, or one that was cut off.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sync, writeSynced } from '#durable';
import { BackupRefused } from './backup-refused.js';

export const MANIFEST_FILE = 'manifest.json';
/** What it is called until it is written whole. */
export const MANIFEST_DRAFT = `${MANIFEST_FILE}.new`;
const FORMAT = 1;

export interface Manifest {
  format: number;
  /** The version of Plenary that took it. */
  plenary: string;
  takenAt: string;
  origin: string;
  /** Records in it. */
  size: number;
  /** Base64 of the Merkle root over their leaves. */
  root: string;
  last: { id: string; leaf: string };
  /** The newest signed checkpoint that was published, a signed note. */
  checkpoint?: string;
  /** Of log.db. */
  bytes: number;
  sha256: string;
}

export async function writeManifest(directory: string, manifest: Omit<Manifest, 'format'>): Promise<void> {
  const text = `${JSON.stringify({ format: FORMAT, ...manifest }, null, 2)}\n`;
  await writeSynced(join(directory, MANIFEST_FILE), text, join(directory, MANIFEST_DRAFT));
  await sync(directory);
}

/** @throws BackupRefused where there is none, or none that this version reads */
export function readManifest(directory: string): Manifest {
  const file = join(directory, MANIFEST_FILE);
  if (!existsSync(file))
    throw new BackupRefused(`${directory} is no backup, or one that was cut off: it has no ${MANIFEST_FILE}, which is written last`);
  const manifest = parsed(file);
  if (typeof manifest.format === 'number' && manifest.format > FORMAT)
    throw new BackupRefused(`${file} has format ${manifest.format}, made by a newer version`);
  const { size, root, last, sha256, bytes, origin } = manifest;
  const isWhole =
    manifest.format === FORMAT &&
    Number.isSafeInteger(size) &&
    size! > 0 &&
    Number.isSafeInteger(bytes) &&
    [root, sha256, origin, last?.id, last?.leaf].every((each) => typeof each === 'string');
  if (!isWhole) throw new BackupRefused(`${file} is not a manifest that plenary backup writes`);
  return manifest as Manifest;
}

function parsed(file: string): Partial<Manifest> {
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof manifest === 'object' && manifest !== null) return manifest;
  } catch {
    // Said below.
  }
  throw new BackupRefused(`${file} is not JSON`);
}
