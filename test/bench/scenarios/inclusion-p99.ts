// An inclusion proof of a long history, asked for one after the other; each proof asked for is one of another record.
import { createHash } from 'node:crypto';
import { ledgerHashes, parseCheckpoint, parseTlogProof, verifyInclusion } from '#ledger/core';
import { drive, request } from '../http-load.js';
import { prepare } from '../prepared.js';
import { median, milliseconds, quantile } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

const MOST_MS = 5;
/** Records between two that are asked for: a prime, so that they lie in every part of every tile. */
const STRIDE = 7_919;

const hashes = ledgerHashes((...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest());

export const inclusionP99: Scenario = {
  names: ['inclusion-p99'],
  async run(context) {
    const { sizes } = context;
    const { directory, layout } = await prepare(context, sizes.manyEvents, sizes.hotVersions);
    return withServed(Served.product(directory), async (served) => {
      const auditor = await served.makeToken('auditor');
      const size = await signed(served, auditor, layout.events);
      await checkProofs(served, auditor, size);
      const p99s: number[] = [];
      const medians: number[] = [];
      let record = 0;
      for (let round = 0; round <= sizes.rounds; round++) {
        const { latenciesMs } = await drive({
          address: served.address,
          connections: 1,
          forMs: sizes.roundMs,
          next: () => request('GET', `/log/proofs/${1 + (record = (record + STRIDE) % size)}`, auditor),
          onAnswer: ({ status }) => check(status === 200, `a proof was answered with ${status}`),
        });
        if (round === 0) continue;
        p99s.push(quantile(latenciesMs, 0.99));
        medians.push(median(latenciesMs));
      }
      return [
        {
          name: 'inclusion-p99',
          value: median(p99s) / MOST_MS,
          bound: { is: 'at-most', value: 1 },
          says: `99th percentile of an inclusion proof at ${size.toLocaleString('en')} records, one connection, over ${MOST_MS} ms`,
          figures: [
            ['p99', milliseconds(median(p99s))],
            ['median', milliseconds(median(medians))],
          ],
        },
      ];
    });
  },
};

/** The size of the newest checkpoint, once it covers so many records. */
async function signed(served: Served, token: string, records: number): Promise<number> {
  for (;;) {
    const response = await fetch(`${served.address}/api/v1/log/checkpoint`, { headers: { authorization: `Bearer ${token}` } });
    const size = response.ok ? parseCheckpoint(`${(await response.text()).split('\n\n')[0]}\n`).size : 0;
    if (size >= records) return size;
  }
}

async function checkProofs(served: Served, token: string, size: number): Promise<void> {
  for (const record of [1, Math.ceil(size / 3), size]) {
    const answer = await fetch(`${served.address}/api/v1/log/proofs/${record}`, { headers: { authorization: `Bearer ${token}` } });
    const proof = parseTlogProof(await answer.text());
    const { leaf } = (await served.ask('GET', `/records/${record}`, token)) as { leaf: string };
    const { size: treeSize, root } = parseCheckpoint(`${proof.checkpoint.split('\n\n')[0]}\n`);
    check(
      verifyInclusion(hashes, { index: record - 1, size: treeSize, leaf: Buffer.from(leaf, 'hex'), proof: proof.proof, root }),
      `the proof of record ${record} does not hold`,
    );
  }
}
