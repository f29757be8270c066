import { once } from 'node:events';
import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, it } from '@jest/globals';

const loader = new URL('../../../test/support/swc-register.mjs', import.meta.url);
const worker = new URL('./give-way.ts', import.meta.url);

it('lowers the priority of the thread that calls it, and of no other', async () => {
  const before = getPriority();
  const code = `
    const { giveWay } = await import(${JSON.stringify(worker.href)});
    const { getPriority } = await import('node:os');
    const { parentPort } = await import('node:worker_threads');
    giveWay();
    parentPort.postMessage(getPriority());`;
  const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    execArgv: ['--conditions=plenary-src', '--import', loader.href],
  });
  const [there] = (await once(thread, 'message')) as [number];
  expect(there).toBe(process.platform === 'linux' ? Math.max(10, before) : before);
  expect(getPriority()).toBe(before);
});
