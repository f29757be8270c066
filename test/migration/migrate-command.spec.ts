// `plenary migrate`, as an operator gives it: what it says, and with which status it ends.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Place } from '../ledger/support/lost-tail.js';
import { runPlenary, type Ended } from '../support/plenary.js';
import { generate } from './support/generated-history.js';
import { storedIn } from './support/stored.js';

let place: Place;
let other: string;
beforeAll(async () => {
  place = Place.make();
  other = join(place.directory, 'other');
  await generate(place, 300, 4);
});
afterAll(() => place.remove());

const plenary = (...args: string[]): Promise<Ended> => runPlenary(['migrate', ...args], { PLENARY_KEYS: place.keys });

it.each([
  [[], '--from is missing'],
  [['--from', 'data'], '--to is missing'],
  [['--give-up', '--from', 'data', '--keys', 'keys'], '--give-up needs neither --keys nor --signer'],
  [['--from', 'data', '--to', 'data', 'now'], 'is one argument too many'],
])('%j is misused', async (args, says) => {
  const { status, stderr } = await plenary(...args);
  expect([status, stderr]).toEqual([2, expect.stringContaining(says)]);
});

it('says what it did and how to start, and gives it up again', async () => {
  const { root } = await storedIn(place.data);
  const moved = await plenary('--from', place.data, '--to', other, '--signer', place.signer);
  expect([moved.status, moved.stderr]).toEqual([0, '']);
  for (const says of [
    `The history of records.example.org/moving, 300 records, lies in ${other}: compared record by record, under the root ${root}.`,
    `It goes through the checkpoint over 300 records in ${place.signer}.`,
    `${place.data} serves reading alone from now on.`,
    `  PLENARY_DATA=${other} PLENARY_KEYS=${place.keys} PLENARY_SIGNER_DIR=${place.signer}`,
  ])
    expect(moved.stdout).toContain(says);
  expect((await plenary('--from', place.data, '--to', other, '--signer', place.signer)).stdout).toContain('were moved to');

  const kept = await plenary('--give-up', '--from', place.data);
  expect([kept.status, kept.stderr]).toEqual([1, expect.stringContaining('name that with --to')]);
  const givenUp = await plenary('--give-up', '--from', place.data, '--to', other);
  expect([givenUp.status, givenUp.stdout]).toEqual([0, expect.stringContaining(`The history in ${place.data} takes commands again.`)]);
});

it('never says the password of a database', async () => {
  const { status, stdout, stderr } = await plenary('--from', place.data, '--to', 'esdb://clerk:zqxhidden@127.0.0.1:1?tls=false');
  expect([status, stderr]).toEqual([1, expect.stringContaining('cannot be opened')]);
  expect(stdout + stderr).not.toContain('zqxhidden');
});
