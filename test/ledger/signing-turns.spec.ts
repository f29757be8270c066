// What the signer's thread does with what it is asked for while it is still at work, as it is every few seconds during an outage.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { SigningTurns } from '../../apps/api/src/ledger/signing-turns.js';

let begun: (number | string)[];
let finish: () => void;
let turns: SigningTurns;
beforeEach(() => {
  begun = [];
  turns = new SigningTurns((tick) => {
    begun.push(tick);
    return new Promise((resolve) => (finish = resolve));
  });
});

/** Whatever can go on by itself has. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function ask(...ticks: number[]): Promise<void> {
  for (const tick of ticks) turns.ask(tick);
  await settled();
}
async function finished(): Promise<void> {
  finish();
  await settled();
}

describe('the turns of the signer', () => {
  it('lets one wait, which answers for the last that was asked for', async () => {
    await ask(1);
    await ask(2, 3, 4);
    await ask(5);
    expect(begun).toEqual([1]);
    await finished();
    expect(begun).toEqual([1, 5]);
    await ask(6);
    await finished();
    expect(begun).toEqual([1, 5, 6]);
    await finished();
    expect(begun).toEqual([1, 5, 6]);
  });

  it('changes the key between what was asked for before and after', async () => {
    await ask(1, 2);
    await ask(3);
    turns.change(() => begun.push('key'));
    await ask(4, 5);
    await finished();
    await finished();
    expect(begun).toEqual([2, 3, 'key', 5]);
  });

  it('ends once what is under way is done, and begins nothing that waits', async () => {
    await ask(1);
    await ask(2);
    let ended = false;
    const ending = turns.end().then(() => (ended = true));
    await settled();
    expect(ended).toBe(false);
    await finished();
    await ending;
    expect(begun).toEqual([1]);
  });
});
