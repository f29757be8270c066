// Three nodes under load, of which two are killed in turn and started again, as a suite: nothing that was acknowledged is missing,
// nothing is there twice, and all hold the same.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { nodeHashes } from '#event-store';
import { TreeEdge } from '#ledger/core';
import { currentFile } from '#read-models';
import { openDatabase } from '#sqlite';
import { openTable, remarkOf, type Table } from '../../support/server-faults.js';
import type { Server } from '../../support/server.js';
import { registerOf, type Database, type Nodes } from './nodes.js';

const WRITERS = 6;
const NAMES = ['one', 'two', 'three'] as const;

/** Sends a remark, to one node after the other, until one acknowledges it. Answers its id. */
async function untilRecorded(running: ReadonlyMap<string, Server>, table: Table, words: string, first: number): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const node = running.get(NAMES[(first + attempt) % NAMES.length]!)!;
    const sent = { token: table.token, body: remarkOf(table, words), headers: { 'idempotency-key': words } };
    const answer = await node.api('POST', `/meetings/${table.meeting}/remarks`, sent).catch(() => undefined);
    if (answer?.status === 201) return answer.body.id;
    if (answer && answer.status !== 503) throw new Error(`${words}: ${answer.status} ${answer.text}`);
    await new Promise(setImmediate);
  }
}

const rootOf = (leaves: readonly string[]): string => {
  const edge = new TreeEdge(nodeHashes);
  for (const leaf of leaves) edge.append(Buffer.from(leaf, 'hex'));
  return Buffer.from(edge.root()).toString('hex');
};

/** The root over what a node that is stopped has projected. */
function rootIn({ data }: Server): string {
  const file = openDatabase(currentFile(data)!, { mode: 'read-only' });
  try {
    return rootOf(
      file
        .prepare<{ leaf: Uint8Array }>('SELECT leaf FROM log ORDER BY record')
        .all()
        .map(({ leaf }) => Buffer.from(leaf).toString('hex')),
    );
  } finally {
    file.close();
  }
}

export function describeThreeNodes(database: string, open: () => Promise<Nodes<Database>>): void {
  let nodes: Nodes<Database>;
  const running = new Map<string, Server>();

  beforeAll(async () => {
    nodes = await open();
  });

  afterAll(() => nodes.close());

  it(`three nodes on ${database}, of which two are killed in turn, hold the same register and the same root`, async () => {
    for (const name of NAMES) running.set(name, await nodes.start(name));
    const table = await openTable(running.get('one')!);
    const acknowledged = new Map<string, string>();
    let looking: () => void = () => undefined;
    const more = async (count: number): Promise<void> => {
      const enough = acknowledged.size + count;
      while (acknowledged.size < enough) await new Promise<void>((resolve) => (looking = resolve));
    };
    let killing = true;
    const killInTurn = async (): Promise<void> => {
      // The second is a node like any other; the first also signs.
      for (const name of ['two', 'one']) {
        await more(20);
        await running.get(name)!.kill();
        running.set(name, await nodes.start(name));
      }
      await more(20);
      killing = false;
    };
    const write = async (writer: number): Promise<void> => {
      for (let remark = 0; killing; remark++) {
        const words = `w${writer}-${remark}`;
        acknowledged.set(words, await untilRecorded(running, table, words, writer + remark));
        looking();
      }
    };
    await Promise.all([killInTurn(), ...Array.from({ length: WRITERS }, (_, writer) => write(writer))]);
    await nodes.settled();
    for (const node of running.values()) expect(await node.stop()).toBe(0);

    const log = await nodes.log();
    const remarks = log.filter(({ type }) => type === 'remark-made').map(({ data }) => (JSON.parse(data) as { remark: string }).remark);
    expect(remarks.sort()).toEqual([...acknowledged.values()].sort());
    expect(new Set(remarks).size).toBe(acknowledged.size);

    const registers = [...running.values()].map(registerOf);
    expect(registers[1]).toEqual(registers[0]);
    expect(registers[2]).toEqual(registers[0]);
    for (const node of running.values()) expect(rootIn(node)).toBe(rootOf(log.map(({ leaf }) => leaf)));
  });
}
