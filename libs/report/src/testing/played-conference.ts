// The sample played through the API of a server of its own, and the history that it left.
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { readKeys, SqliteEventStore, type LoggedEvent } from '#event-store';
import { ApiClient } from '../../../../apps/cli/src/api-client.js';
import { readPlayFile, type Play } from '../../../../apps/cli/src/play/play-file.js';
import { playSteps, type Played } from '../../../../apps/cli/src/play/player.js';
import { Server } from '../../../../test/support/server.js';
import { hiddenTerminal } from '../../../../test/support/terminal.js';
import { logOf } from '../../../event-store/src/testing/collect.js';

const SAMPLE = fileURLToPath(new URL('../../../../samples/wco-europe-2024.json', import.meta.url));

export interface PlayedConference {
  play: Play;
  played: Played;
  meeting: string;
  /** The whole history, in the order of the log. */
  events: LoggedEvent[];
  writerKey: Buffer;
  /** The report as the server answers it. */
  markdown: string;
}

export async function playConference(): Promise<PlayedConference> {
  const server = await Server.start();
  try {
    const play = readPlayFile(SAMPLE);
    const secretariat = new ApiClient(server.address, await server.token('secretariat'));
    const played = await playSteps(play, { admin: new ApiClient(server.address, server.admin), secretariat }, hiddenTerminal());
    const meeting = played.made.get('meeting')!.id;
    await untilApproved(secretariat);
    const markdown = (await secretariat.get(`/meetings/${meeting}/report`)).text;
    const store = await SqliteEventStore.open({ directory: server.data, mode: 'reader' });
    const events = await logOf(store);
    await store.close();
    return { play, played, meeting, events, writerKey: readKeys(join(server.keys)).writer!, markdown };
  } finally {
    await server.stop();
  }
}

async function untilApproved(client: ApiClient): Promise<void> {
  for (let waited = 0; waited < 200; waited++) {
    const allocations = await client.list<{ status: string }>('/seat-allocations');
    if (allocations.every(({ status }) => status === 'approved')) return;
    await delay(50);
  }
  throw new Error('the allocations are not approved');
}
