import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WalRoom } from './wal-room.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-wal-'));
  file = join(directory, 'log.db-wal');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the room in the write-ahead log', () => {
  it('is as much again whenever the end is reached, up to the most, and what was written stands', () => {
    const room = new WalRoom(file, 7_000_000);
    const sizes: number[] = [];
    writeFileSync(file, Buffer.alloc(1_500_000, 'f'));
    for (const growsTo of [1_500_000, 2_000_000, 3_000_001, 6_500_000, 8_000_000]) {
      if (statSync(file).size < growsTo) truncateSync(file, growsTo);
      room.keep();
      sizes.push(statSync(file).size);
    }
    room.close();
    expect(sizes).toEqual([3_000_000, 3_000_000, 6_000_002, 7_000_000, 8_000_000]);
    expect(readFileSync(file).subarray(0, 1_500_001).lastIndexOf('f')).toBe(1_499_999);
  });

  it('makes no file, and does without where there is none', () => {
    const room = new WalRoom(file, 1_000_000);
    room.keep();
    room.close();
    expect(() => statSync(file)).toThrow('ENOENT');
  });
});
