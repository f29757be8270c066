// The sample, played through the API of a server that goes on running.
import { fileURLToPath } from 'node:url';
import { ApiClient } from '../../../apps/cli/src/api-client.js';
import { readPlayFile } from '../../../apps/cli/src/play/play-file.js';
import { playSteps } from '../../../apps/cli/src/play/player.js';
import type { Server } from '../../support/server.js';
import { hiddenTerminal } from '../../support/terminal.js';

const SAMPLE = fileURLToPath(new URL('../../../samples/wco-europe-2024.json', import.meta.url));

/** The id of what a named step made. */
export type Made = (name: string) => string;

export async function playSample(server: Server, secretariat: string): Promise<Made> {
  const { made } = await playSteps(
    readPlayFile(SAMPLE),
    { admin: new ApiClient(server.address, server.admin), secretariat: new ApiClient(server.address, secretariat) },
    hiddenTerminal(),
  );
  return (name) => made.get(name)!.id;
}

const TRIES = 400;

/** Asks until what process managers do has been done. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tried = 0; tried < TRIES; tried++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it did not come about');
}
