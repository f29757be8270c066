// The signer on a real directory: what it writes and in which order, what it refuses, and how it takes up again.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  cpSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { leafEntryOf, nodeHashes } from '#event-store';
import {
  consistencyProof,
  decodeEntries,
  hashesOfTile,
  inclusionProof,
  isTileOf,
  Malformed,
  openKeyChange,
  parseTilePath,
  verifyConsistency,
  verifyInclusion,
} from '#ledger/core';
import { sha256, verifySignature } from '#ledger/verify';
import {
  changeKey,
  LEDGER_KEY,
  publishedCheckpoints,
  Signer,
  SignerDirectory,
  SignerRefused,
  Witness,
  WitnessRefused,
  type Bookkeeping,
  type LogSource,
  type SignerParts,
} from '#ledger/writer';
import { all, altered, batches, codesOf, History, logKey, meeting, newKey, NOW_MS, verify } from './support/ledger-history.js';

const talk = meeting('talk');
let directory: string;
let now: number;
let history: History;
let notes: Map<string, string>;
let bookkeeping: Bookkeeping;

const source = (): LogSource => ({
  size: () => Promise.resolve(history.size),
  entriesAfter: (size) => batches(history.events.slice(size).map((event) => ({ entry: leafEntryOf(event) }))),
});
const parts = (more: Partial<SignerParts> = {}): SignerParts => ({
  source: source(),
  key: logKey,
  directory: join(directory, 'signer'),
  bookkeeping,
  now: () => now,
  settleMs: 0,
  ...more,
});
const grow = (count: number): void => {
  for (let at = 0; at < count; at++) history.remark(talk);
};
const bookkeepingOn = (values: Map<string, string>): Bookkeeping => ({
  read: (key) => Promise.resolve(values.get(key)),
  write: (key, value) => Promise.resolve(void values.set(key, value)),
});
const refusal = (reason: string, record?: number) => expect.objectContaining({ reason, ...(record !== undefined && { record }) });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-signer-'));
  now = NOW_MS;
  history = new History();
  notes = new Map();
  bookkeeping = bookkeepingOn(notes);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

describe('the signer', () => {
  it('signs what is stored: a note, a cosignature with the time, and every tile below', async () => {
    const signer = await Signer.open(parts());
    expect(signer.last).toBeUndefined();
    for (const size of [1, 2, 255, 256, 257, 600]) {
      grow(size - history.size);
      const signed = (await signer.tick())!;
      expect(Buffer.from(signed.root)).toEqual(Buffer.from(history.root()));
      expect(await verify(await history.complete({ checkpoint: signed.note }))).toMatchObject({ status: 0, signedAtSeconds: now / 1000 });
      expect(readFileSync(join(directory, 'signer/checkpoint'), 'utf8')).toBe(signed.note);
      expect(notes.get(LEDGER_KEY)).toBe(signed.note);
      await expectEveryProof(signer.directory, size);
    }
    grow(1);
    const [one, other] = await Promise.all([signer.tick(), signer.tick()]);
    expect(other).toBe(one);
    expect(await signer.tick()).toBeUndefined();
    // The partial tiles below full ones are gone.
    expect(readdirSync(join(directory, 'signer/tile/0'))).toEqual(['000', '001', '002.p']);
    const full = decodeEntries(signer.directory.file('tile/entries/000')!);
    expect(full.map((entry) => Buffer.from(entry).toString())).toEqual(history.events.slice(0, 256).map(leafEntryOf));
    expect(await all(publishedCheckpoints(bookkeeping, 601))).toHaveLength(7);
  });

  async function expectEveryProof(from: SignerDirectory, size: number): Promise<void> {
    const root = history.root();
    for (const index of [0, Math.floor(size / 2), size - 1]) {
      const proof = inclusionProof(nodeHashes, await from.hashesFor(size, [index]), index, size);
      expect(verifyInclusion(nodeHashes, { index, size, leaf: history.leaves()[index]!, root, proof })).toBe(true);
    }
    for (const smaller of [1, Math.ceil(size / 3), size]) {
      const proof = consistencyProof(nodeHashes, await from.hashesFor(size, [smaller - 1]), smaller, size);
      expect(verifyConsistency(nodeHashes, { from: { size: smaller, root: history.root(smaller) }, to: { size, root }, proof })).toBe(true);
    }
  }

  it('takes up where its directory ends, at any size', async () => {
    for (const size of [1, 3, 256, 300, 511, 513]) {
      grow(size - history.size);
      const signer = await Signer.open(parts());
      expect((await signer.tick())!.size).toBe(size);
      expect((await Signer.open(parts())).last).toMatchObject({ size, timeSeconds: now / 1000 });
    }
    const tile = (await SignerDirectory.open(join(directory, 'signer')))!;
    expect(hashesOfTile(tile.file('tile/1/000.p/2')!, 2)).toHaveLength(2);
  });

  it('signs anew after a day, when it has compared the whole store once more', async () => {
    const signer = await Signer.open(parts());
    const first = (await signer.tick())!;
    now += 86_399_000;
    expect(await signer.tick()).toBeUndefined();
    now += 1000;
    const again = (await signer.tick())!;
    expect(again).toMatchObject({ size: 1, timeSeconds: first.timeSeconds + 86_400 });
    expect(again.note).not.toBe(first.note);
    // The first note of a size is the one that covered its records.
    expect(await all(publishedCheckpoints(bookkeeping, 1))).toEqual([first.note]);
    now += 86_400_000;
    history = Object.assign(new History(), {});
    await expect(signer.tick()).rejects.toEqual(refusal('diverged', 1));
  });

  it('signs what has settled, where the store may withdraw its tail', async () => {
    const signer = await Signer.open(parts({ settleMs: 10_000 }));
    grow(9);
    expect(await signer.tick()).toBeUndefined();
    grow(5);
    now += 9_999;
    expect(await signer.tick()).toBeUndefined();
    now += 1;
    expect((await signer.tick())!.size).toBe(10);
    expect(await signer.tick()).toBeUndefined();
    const withdrawn = history.events.splice(12);
    history.events.push(...withdrawn.map((event) => ({ ...event, recordedAt: event.recordedAt.replace('.000', '.001') as never })));
    now += 10_000;
    expect(await signer.tick()).toBeUndefined();
    expect(await signer.tick()).toBeUndefined();
    now += 10_000;
    const signed = (await signer.tick())!;
    expect(signed.size).toBe(15);
    expect((await Signer.open(parts())).last!.size).toBe(15);
  });

  it('lets records settle by a clock that does not jump with the wall clock', async () => {
    let elapsed = 0;
    const signer = await Signer.open(parts({ settleMs: 10_000, elapsed: () => elapsed }));
    await signer.tick();
    now += 3_600_000;
    expect(await signer.tick()).toBeUndefined();
    now -= 7_200_000;
    elapsed = 10_000;
    expect(await signer.tick()).toMatchObject({ size: 1, timeSeconds: now / 1000 });
  });

  it('signs nothing where the tail that was read is gone', async () => {
    const signer = await Signer.open(parts({ settleMs: 10_000 }));
    grow(9);
    await signer.tick();
    history.events.splice(5);
    now += 10_000;
    expect(await signer.tick()).toBeUndefined();
    await signer.tick();
    now += 10_000;
    expect((await signer.tick())!.size).toBe(5);
  });
});

describe('the signer refuses', () => {
  const opened = async (): Promise<Signer> => {
    grow(299);
    const signer = await Signer.open(parts());
    await signer.tick();
    return signer;
  };

  it('a history that is not the one that it signed, and names the first record', async () => {
    await opened();
    history.events[270] = { ...history.events[270]!, schemaVersion: 2 };
    await expect(Signer.open(parts())).rejects.toEqual(refusal('diverged', 271));
  });

  it('one that is shorter', async () => {
    const signer = await opened();
    history.events.splice(290);
    await expect(signer.tick()).rejects.toEqual(refusal('diverged', 291));
    // Once it has refused, it goes on refusing.
    grow(50);
    await expect(signer.tick()).rejects.toThrow(SignerRefused);
    expect(signer.refusal).toMatchObject({ reason: 'diverged' });
    history.events.splice(290);
    await expect(Signer.open(parts())).rejects.toEqual(refusal('diverged', 291));
  });

  it('an event that no node of the installation wrote', async () => {
    const signer = await Signer.open(
      parts({
        source: {
          ...source(),
          entriesAfter: (size) =>
            batches(
              history.events
                .slice(size)
                .map((event, at) => ({ entry: leafEntryOf(event), ...(size + at === 3 && { forged: 'seal' as const }) })),
            ),
        },
      }),
    );
    grow(9);
    await expect(signer.tick()).rejects.toEqual(refusal('forged', 4));
    expect(signer.last).toBeUndefined();
  });

  it('to begin anew where checkpoints were published', async () => {
    await opened();
    rmSync(join(directory, 'signer'), { recursive: true });
    await expect(Signer.open(parts())).rejects.toEqual(refusal('directory-missing'));
  });

  it('an older copy of its directory', async () => {
    await opened();
    cpSync(join(directory, 'signer'), join(directory, 'older'), { recursive: true });
    grow(1);
    await (await Signer.open(parts())).tick();
    await expect(Signer.open(parts({ directory: join(directory, 'older') }))).rejects.toEqual(refusal('diverged'));
  });

  it('tiles that were altered, and a checkpoint of another key', async () => {
    await opened();
    const tile = join(directory, 'signer/tile/0/001.p/44');
    const bytes = readFileSync(tile);
    writeFileSync(
      tile,
      bytes.map((byte, at) => (at === 5 ? byte ^ 1 : byte)),
    );
    await expect(Signer.open(parts())).rejects.toEqual(refusal('directory-damaged'));
    rmSync(tile);
    await expect(Signer.open(parts())).rejects.toEqual(refusal('directory-damaged'));
    writeFileSync(tile, bytes);
    await expect(Signer.open(parts({ key: newKey() }))).rejects.toEqual(refusal('directory-damaged'));
    expect((await Signer.open(parts({ key: newKey(), formerKeys: [logKey.verifierKey] }))).last!.size).toBe(300);
  });

  it('to share its directory with another', async () => {
    const one = await opened();
    const two = await Signer.open(parts());
    grow(1);
    expect((await one.tick())!.size).toBe(301);
    await expect(two.tick()).rejects.toEqual(refusal('not-alone'));
    grow(1);
    writeFileSync(join(directory, 'signer/checkpoint.next'), 'half');
    await expect(one.tick()).rejects.toEqual(refusal('not-alone'));
    // What a crash left of a swap is cleared by the next start.
    expect((await (await Signer.open(parts())).tick())!.size).toBe(302);
  });
});

describe('a crash', () => {
  it.each(['writeTile', 'writeEntries', 'swapCheckpoint'] as const)(
    'at %s leaves the last checkpoint standing, and the next start goes on',
    async (step) => {
      grow(299);
      await (await Signer.open(parts())).tick();
      const before = readFileSync(join(directory, 'signer/checkpoint'), 'utf8');
      grow(300);
      const signer = await Signer.open(parts());
      jest.spyOn(SignerDirectory.prototype, step).mockRejectedValueOnce(new Error('EIO'));
      await expect(signer.tick()).rejects.toThrow('EIO');
      expect(readFileSync(join(directory, 'signer/checkpoint'), 'utf8')).toBe(before);
      expect((await Signer.open(parts())).last!.size).toBe(300);
      // The same signer goes on too: an error of the disk is no divergence.
      expect((await signer.tick())!.size).toBe(600);
      expect((await Signer.open(parts())).last!.size).toBe(600);
    },
  );

  it('or a full disk in the middle of a swap is nobody else', async () => {
    const at = await SignerDirectory.make(join(directory, 'swapped'));
    await expect(at.swapCheckpoint(undefined, undefined as never)).rejects.toThrow('"data" argument');
    await at.swapCheckpoint(undefined, 'one');
    await expect(at.swapCheckpoint('other', 'two')).rejects.toThrow('another signer uses the directory');
    expect(at.checkpoint()).toBe('one');
  });

  it('between signing and publishing is made up for', async () => {
    const signer = await Signer.open(parts({ bookkeeping: { ...bookkeeping, write: () => Promise.reject(new Error('unreachable')) } }));
    await expect(signer.tick()).rejects.toThrow('unreachable');
    expect(notes.size).toBe(0);
    await Signer.open(parts());
    expect(notes.get(LEDGER_KEY)).toBe(readFileSync(join(directory, 'signer/checkpoint'), 'utf8'));
    expect(await all(publishedCheckpoints(bookkeeping, 1))).toHaveLength(1);
  });

  it('or what kept it from publishing is made up for by its next try, which reads nothing again', async () => {
    grow(299);
    await (await Signer.open(parts())).tick();
    grow(9);
    const read: number[] = [];
    const from: LogSource = { ...source(), entriesAfter: (size) => (read.push(size), source().entriesAfter(size)) };
    let failures = 2;
    const write = (key: string, value: string): Promise<void> =>
      failures-- > 0 ? Promise.reject(new Error('unreachable')) : bookkeeping.write(key, value);
    const signer = await Signer.open(parts({ source: from, bookkeeping: { ...bookkeeping, write } }));
    for (let attempt = 0; attempt < 2; attempt++) await expect(signer.tick()).rejects.toThrow('unreachable');
    grow(1);
    expect((await signer.tick())!.size).toBe(310);
    // It was opened once, and what came since was read once.
    expect(read).toEqual([0, 300, 309]);
    expect((await all(publishedCheckpoints(bookkeeping, 310))).map((note) => note.split('\n')[1])).toEqual(['300', '309', '310']);
  });

  it('of which it is not known whether it came before or after the swap is nobody else', async () => {
    const signer = await Signer.open(parts());
    jest.spyOn(SignerDirectory.prototype, 'swapCheckpoint').mockImplementationOnce((_, next) => {
      writeFileSync(join(directory, 'signer/checkpoint'), next);
      return Promise.reject(new Error('EIO'));
    });
    await expect(signer.tick()).rejects.toThrow('EIO');
    expect(await signer.tick()).toBeUndefined();
    expect(notes.get(LEDGER_KEY)).toBe(readFileSync(join(directory, 'signer/checkpoint'), 'utf8'));
    grow(1);
    expect((await signer.tick())!.size).toBe(2);
  });

  it('of a tile that the disk does not give says nothing about the directory: the next try goes on', async () => {
    grow(299);
    let isAway = false;
    const from: LogSource = {
      ...source(),
      size: () => (isAway ? Promise.reject(new Error('unreachable')) : Promise.resolve(history.size)),
    };
    const signer = await Signer.open(parts({ source: from }));
    await signer.tick();
    grow(1);
    isAway = true;
    await expect(signer.tick()).rejects.toThrow('unreachable');
    isAway = false;
    const tile = join(directory, 'signer/tile/0/001.p/44');
    renameSync(tile, `${tile}.whole`);
    mkdirSync(tile);
    await expect(signer.tick()).rejects.toThrow(/^EISDIR/);
    await expect(Signer.open(parts())).rejects.toThrow(/^EISDIR/);
    rmdirSync(tile);
    renameSync(`${tile}.whole`, tile);
    expect((await signer.tick())!.size).toBe(301);
  });

  it('never leaves a checkpoint above tiles that are not there', async () => {
    const signer = await Signer.open(parts());
    grow(299);
    const swap = jest.spyOn(SignerDirectory.prototype, 'swapCheckpoint').mockImplementationOnce(() => {
      for (const path of ['tile/0/000', 'tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/000', 'tile/entries/001.p/44'])
        expect([path, existsSync(join(directory, 'signer', path))]).toEqual([path, true]);
      return Promise.reject(new Error('stop'));
    });
    await expect(signer.tick()).rejects.toThrow('stop');
    expect(swap).toHaveBeenCalledTimes(1);
  });
});

it('tiles beyond the checkpoint are not of the tree', () => {
  const of = (path: string, size: number) => isTileOf(parseTilePath(path), size);
  expect([
    of('tile/0/000', 256),
    of('tile/0/000', 255),
    of('tile/0/000.p/255', 255),
    of('tile/1/000.p/1', 256),
    of('tile/1/000.p/1', 255),
    of('tile/entries/001.p/2', 258),
    of('tile/entries/001.p/3', 258),
  ]).toEqual([true, false, true, true, false, true, false]);
});

describe('a change of keys', () => {
  it('is signed by both', () => {
    const next = newKey();
    const change = changeKey(logKey, next);
    expect(openKeyChange(sha256, verifySignature, change.note)).toMatchObject({ from: logKey.verifierKey, to: next.verifierKey });
    const [text, signatures] = change.note.split('\n\n') as [string, string];
    for (const line of signatures.trim().split('\n'))
      expect(() => openKeyChange(sha256, verifySignature, `${text}\n\n${line}\n`)).toThrow(Malformed);
    expect(() => changeKey(logKey, newKey('another.example/log'))).toThrow(TypeError);
  });
});

describe('a witness', () => {
  const witness = (more: object = {}) =>
    new Witness({
      key: newKeyOfWitness,
      logs: [logKey.verifierKey],
      stateFile: join(directory, 'witness/state.json'),
      now: () => now,
      ...more,
    });
  const newKeyOfWitness = newKey('witness.example/w');
  const prove = (from: number, to: number) => consistencyProof(nodeHashes, history.hashOf, from, to);

  it('cosigns what goes on from what it saw, and remembers it', async () => {
    for (const size of [1, 5, 5, 300]) {
      grow(size - history.size);
      const note = await witness().cosign(history.note(), prove);
      expect(await verify(await history.complete({ checkpoint: note }), { witnesses: [newKeyOfWitness.cosignerKey] })).toMatchObject({
        status: 0,
        custody: 'proven',
      });
      expect(witness().last(logKey.key.name)!.size).toBe(size);
      // Its older signature gives way to the new one.
      expect((await witness().cosign(note, prove)).split('\n')).toHaveLength(note.split('\n').length);
    }
  });

  it('refuses a log that was rewritten, taken back, shown twice, or that it does not know', async () => {
    grow(299);
    await witness().cosign(history.note(), prove);
    const seen = history;
    await expect(witness().cosign(seen.note(200), prove)).rejects.toThrow('history was taken back');
    history = new History();
    grow(299);
    await expect(witness().cosign(history.note(), prove)).rejects.toThrow('split view');
    grow(50);
    await expect(witness().cosign(history.note(), prove)).rejects.toThrow(WitnessRefused);
    await expect(witness().cosign(history.note(350, newKey()), prove)).rejects.toThrow('no log that this witness watches');
    expect(witness().last(logKey.key.name)!.size).toBe(300);
  });
});

it('a rewritten history under the signing key is shown by the directory, before anybody verifies', async () => {
  grow(99);
  await (await Signer.open(parts())).tick();
  const lines = await history.complete();
  expect(
    codesOf(
      await verify(
        lines.with(
          20,
          altered<{ tv: number }>(lines[20]!, (line) => void (line.tv = 5)),
        ),
      ),
    ),
  ).toEqual(['record-altered']);
  history = new History();
  grow(200);
  await expect(Signer.open(parts())).rejects.toEqual(refusal('diverged', 1));
});
