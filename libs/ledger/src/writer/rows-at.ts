// The tree as the last checkpoint left it, taken up from the tiles in the signer's directory.
import { decodeEntries, equalBytes, ledgerHashes, Malformed, peaksOf, TILE_WIDTH, tilePath, TreeEdge } from '../core/index.js';
import { sha256 } from '../verify/node-crypto.js';
import type { Signed } from './last-signed.js';
import type { SignerDirectory } from './signer-directory.js';
import { SignerRefused } from './signer-refused.js';
import { TileRows } from './tile-rows.js';

const hashes = ledgerHashes(sha256);

export async function edgeAt(directory: SignerDirectory, size: number): Promise<TreeEdge> {
  if (size === 0) return new TreeEdge(hashes);
  const hashOf = await directory.hashesFor(size, []);
  return new TreeEdge(
    hashes,
    size,
    peaksOf(size).map(({ level, index }) => hashOf(level, index)),
  );
}

/** @throws SignerRefused where the tiles are not those of the checkpoint */
export async function rowsAt(directory: SignerDirectory, signed: Signed | undefined): Promise<TileRows> {
  const size = signed?.size ?? 0;
  try {
    const edge = await edgeAt(directory, size);
    if (signed && !equalBytes(edge.root(), signed.root)) throw new Malformed('the tiles do not hash to the root');
    return TileRows.at(directory, size, edge, lastEntries(directory, size));
  } catch (error) {
    // No file handle left, a disk that reports an error: it may pass, and says nothing about what lies there.
    if ((error as NodeJS.ErrnoException).errno !== undefined) throw error;
    throw new SignerRefused('directory-damaged', `${directory.path} cannot be used: ${(error as Error).message}`);
  }
}

function lastEntries(directory: SignerDirectory, size: number): Uint8Array[] {
  const width = size % TILE_WIDTH;
  if (width === 0) return [];
  const index = Math.floor(size / TILE_WIDTH);
  const bytes =
    directory.file(tilePath({ level: 'entries', index, width })) ??
    directory.file(tilePath({ level: 'entries', index, width: TILE_WIDTH }));
  if (!bytes) throw new Malformed(`entries from ${index * TILE_WIDTH} on are missing`);
  return decodeEntries(bytes).slice(0, width);
}
