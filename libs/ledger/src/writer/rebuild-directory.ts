// Makes a signer's directory that is lost anew, from the log, up to a checkpoint that was published. Whoever asks for it answers that
// nothing newer was signed: the directory alone would know.
import { equalBytes, ledgerHashes, TreeEdge, type Checkpoint } from '../core/index.js';
import { sha256 } from '../verify/node-crypto.js';
import { SignerDirectory } from './signer-directory.js';
import { SignerRefused } from './signer-refused.js';
import { TileRows } from './tile-rows.js';

const hashes = ledgerHashes(sha256);

/**
 * @param note the published checkpoint, whose signature the caller has proven
 * @param entries leaf entries from the first on; those behind the checkpoint are left out
 * @throws SignerRefused where a checkpoint lies there already, or the entries do not hash to the root
 */
export async function rebuildDirectory(
  path: string,
  note: string,
  { size, root }: Checkpoint,
  entries: AsyncIterable<readonly string[]>,
): Promise<void> {
  const directory = (await SignerDirectory.open(path)) ?? (await SignerDirectory.make(path));
  if (directory.checkpoint() !== undefined) throw new SignerRefused('not-alone', `${path} holds a checkpoint: it is not lost`);
  const rows = TileRows.at(directory, 0, new TreeEdge(hashes), []);
  for await (const batch of entries) {
    for (const entry of batch.slice(0, size - rows.size)) await rows.append(Buffer.from(entry));
    if (rows.size === size) break;
  }
  if (rows.size < size || !equalBytes(rows.root(), root))
    throw new SignerRefused('diverged', `the log does not hold the ${size} records of its checkpoint`);
  await rows.flush();
  await directory.swapCheckpoint(undefined, note);
  await rows.clearPartials();
}
