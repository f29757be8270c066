// What a register serves of the signed tree, byte for byte what the signer's directory holds; and what the ledger makes of either.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { leafEntryOf, nodeHashes, type EventStore, type LoggedEvent } from '#event-store';
import { isTileOf, tilePath, tilesBetween, verifyConsistency, verifyInclusion } from '#ledger/core';
import { Signer, SignerDirectory, type Bookkeeping } from '#ledger/writer';
import { Ledger, TreeDiffers } from '../../apps/api/src/ledger/ledger.js';
import { RegisterTiles, StoreDiffers, type ProjectedTree } from '../../apps/api/src/ledger/signed-tiles.js';
import { TilesOfLog } from '../../apps/api/src/ledger/tiles-of-log.js';
import { batches, History, logKey, meeting, NOW_MS } from './support/ledger-history.js';

const SIZE = 600;
const talk = meeting('talk');
let directory: string;
let history: History;
let notes: Map<string, string>;

const bookkeeping: Bookkeeping = {
  read: (key) => Promise.resolve(notes.get(key)),
  write: (key, value) => Promise.resolve(void notes.set(key, value)),
};
const signerDirectory = () => join(directory, 'signer');
const register = (): ProjectedTree => ({
  treeHashes: (level, from, count) =>
    Array.from({ length: Math.min(count, Math.floor(history.size / 2 ** level) - from) }, (_, at) => history.hashOf(level, from + at)),
  logRow: (record) => ({ position: `at ${record}` }),
});
const store: Pick<EventStore, 'readLog'> = {
  readLog: ({ after, limit = Infinity } = {}) => {
    const from = after === undefined ? 0 : Number(after.slice(3));
    return batches(history.events.slice(from, from + limit) as unknown as LoggedEvent[]);
  },
};
const ledgerWith = (otherTiles: ConstructorParameters<typeof Ledger>[0]['otherTiles'], signer = signerDirectory()): Ledger =>
  new Ledger({ bookkeeping, signerDirectory: signer, otherTiles });
const nowhere = () => join(directory, 'nowhere');

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-tiles-'));
  history = new History();
  notes = new Map();
  while (history.size < SIZE) history.remark(talk);
  const signer = await Signer.open({
    key: logKey,
    directory: signerDirectory(),
    bookkeeping,
    now: () => NOW_MS,
    settleMs: 0,
    source: {
      size: () => Promise.resolve(history.size),
      entriesAfter: (size) => batches(history.events.slice(size).map((event) => ({ entry: leafEntryOf(event) }))),
    },
  });
  await signer.tick();
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the tiles of a register', () => {
  it('are those that the signer keeps, with its entries', async () => {
    const tiles = new RegisterTiles(register(), store);
    const kept = SignerDirectory.find(signerDirectory())!;
    const names = [...tilesBetween(0, SIZE)];
    expect(names.map(({ level, index, width }) => `${level}/${index}/${width}`)).toEqual(['0/0/256', '0/1/256', '0/2/88', '1/0/2']);
    for (const name of [
      ...names,
      ...names.filter(({ level }) => level === 0).map(({ index, width }) => ({ level: 'entries' as const, index, width })),
    ]) {
      const path = tilePath(name);
      expect([path, (await tiles.file(path, SIZE))?.toString('hex')]).toEqual([path, kept.file(path)!.toString('hex')]);
    }
  });

  it('end where the checkpoint ends', async () => {
    history.remark(talk);
    const tiles = new RegisterTiles(register(), store);
    for (const name of [
      { level: 0, index: 2, width: 89 },
      { level: 'entries' as const, index: 2, width: 89 },
      { level: 0, index: 3, width: 1 },
      { level: 1, index: 0, width: 3 },
    ]) {
      expect(isTileOf(name, SIZE)).toBe(false);
      expect(await tiles.file(tilePath(name), SIZE)).toBeUndefined();
    }
  });

  it('hold no entry of a record that the store changed since it was projected', async () => {
    const altered = {
      ...store,
      readLog: () =>
        batches(
          history.events
            .map((event, index) => (index === 300 ? { ...event, recordedAt: '2024-01-01T00:00:00.000Z' } : event))
            .slice(256) as unknown as LoggedEvent[],
        ),
    };
    await expect(new RegisterTiles(register(), altered).file('tile/entries/001', SIZE)).rejects.toEqual(
      expect.objectContaining({ message: expect.stringContaining('record 301 in the store') }),
    );
    await expect(new RegisterTiles(register(), altered).file('tile/entries/001', SIZE)).rejects.toBeInstanceOf(StoreDiffers);
  });
});

describe('the ledger', () => {
  it.each([
    ['the signer’s directory', signerDirectory],
    ['a register', nowhere],
  ])('proves every record, and every smaller tree, from %s', async (_, signer) => {
    const ledger = ledgerWith([new RegisterTiles(register(), store)], signer());
    const tree = (await ledger.newest())!;
    expect(tree).toMatchObject({ size: SIZE, root: history.root() });
    for (const index of [0, 255, 256, 511, 512, 599]) {
      const { proof, checkpoint } = await ledger.prove(index + 1, tree);
      expect(checkpoint).toBe(tree.note);
      expect(verifyInclusion(nodeHashes, { index, size: SIZE, leaf: history.leaves()[index]!, root: tree.root, proof })).toBe(true);
    }
    for (const size of [1, 2, 256, 257, 512, 599, 600]) {
      const proof = await ledger.proveConsistency(size, tree);
      expect(verifyConsistency(nodeHashes, { from: { size, root: history.root(size) }, to: tree, proof })).toBe(true);
    }
    await expect(ledger.prove(601, tree)).rejects.toBeInstanceOf(RangeError);
    await expect(ledger.proveConsistency(601, tree)).rejects.toBeInstanceOf(RangeError);
    expect(Buffer.from(await ledger.tile(2, 88)).length).toBe(88 * 32);
  });

  it('gives no proof that does not lead to the signed root, and reads again what it kept', async () => {
    const ledger = ledgerWith([new RegisterTiles(register(), store)], nowhere());
    const tree = (await ledger.newest())!;
    await ledger.prove(300, tree);
    const before = history.events[299]!;
    const leaf = 'ab'.repeat(32);
    history.events[299] = { ...before, leaf, recordedAt: '2024-01-01T00:00:00.000Z' as never };
    // What was kept is still right; what is read now is not.
    await ledger.prove(300, tree);
    await expect(ledgerWith([new RegisterTiles(register(), store)], nowhere()).prove(300, tree)).rejects.toBeInstanceOf(TreeDiffers);
    await expect(ledgerWith([new RegisterTiles(register(), store)], nowhere()).proveConsistency(300, tree)).rejects.toBeInstanceOf(
      TreeDiffers,
    );
    // The signer's directory still leads there.
    await ledgerWith([new RegisterTiles(register(), store)]).prove(300, tree);
    const wrongBefore = ledgerWith([new RegisterTiles(register(), store)], nowhere());
    await expect(wrongBefore.prove(300, tree)).rejects.toBeInstanceOf(TreeDiffers);
    history.events[299] = before;
    await wrongBefore.prove(300, tree);
  });

  it('hashes tiles from the log itself where nothing else is at hand', async () => {
    const tiles = new TilesOfLog(store);
    const ledger = ledgerWith([tiles], nowhere());
    const wanted = await Promise.all([0, 1, 2].map((index) => ledgerWith([]).tile(index, index === 2 ? 88 : 256)));
    for (const index of [0, 1, 2, 0, 2, 1])
      expect(Buffer.from(await ledger.tile(index, index === 2 ? 88 : 256))).toEqual(Buffer.from(wanted[index]!));
    await expect(ledger.tile(2, 89)).rejects.toThrow('the log ends before record 601');
    await tiles.close();
  });
});
