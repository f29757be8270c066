// `plenary demo`: a server on a directory of its own, a real conference recorded through its API, and what the register then answers.
import { join, resolve } from 'node:path';
import type { Configuration, Serving } from '#api';
import { ApiClient } from './api-client.js';
import { exactly, Failure, verb, type Environment } from './command-line.js';
import { DemoTokens } from './demo/demo-tokens.js';
import { printRegister } from './demo/register-tables.js';
import { findMissing } from './demo/what-is-missing.js';
import { packageRoot } from './package-root.js';
import { readPlayFile, type Role } from './play/play-file.js';
import { playSteps } from './play/player.js';
import { untilSignal } from './signals.js';
import type { Terminal } from './terminal.js';

const SAMPLE = 'samples/wco-europe-2024.json';
/** Whose delegate the demo's delegate is. */
const DELEGATES_ORGANISATION = 'organisation.norwegian-customs';

export const demoCommand = verb({
  name: 'demo',
  usage: '[--once] [--directory DIR]',
  says: 'Records a real conference through the API, prints what the register holds, and keeps serving.',
  details: [
    '  --once           ends after printing, with status 0 only if everything was recorded',
    '  --directory DIR  where its record and its keys lie (./.demo); kept between runs, and a second run records nothing twice',
    '',
    'PORT sets the port (3000, or any free one where that is taken).',
  ],
  options: { once: { type: 'boolean', default: false }, directory: { type: 'string', default: '.demo' } },
  async run({ values: { once, directory }, positionals, env, terminal }) {
    exactly(positionals);
    const play = readPlayFile(join(packageRoot(), SAMPLE));
    const { serving, keys } = await start(resolve(directory), once, env);
    try {
      terminal.print(`${play.title}: ${play.steps.length} steps, recorded through ${serving.address}`);
      const tokens = new DemoTokens(serving.address, keys, serving.adminTokenFile);
      const clients = { admin: await clientOf('admin', tokens, serving), secretariat: await clientOf('secretariat', tokens, serving) };
      const { made, recorded, repeated } = await playSteps(play, clients, terminal);
      terminal.print(`${recorded} steps were recorded${repeated > 0 ? `, ${repeated} had been recorded before` : ''}.`);
      const missing = await findMissing(play, made, clients.secretariat);
      await printRegister(clients.secretariat, made.get('meeting')!.id, terminal);
      if (missing.length > 0) throw new Failure(`not everything was recorded:\n${missing.map((each) => `  ${each}`).join('\n')}`);
      const all: [Role, string][] = [];
      for (const role of ['admin', 'secretariat', 'auditor'] as const) all.push([role, await tokens.of(role)]);
      all.push(['delegate', await tokens.of('delegate', made.get(DELEGATES_ORGANISATION)!.id)]);
      if (once) return 0;
      invite(serving, made.get('meeting')!.id, all, terminal);
      await untilSignal();
      return 0;
    } finally {
      await serving.stop();
    }
  },
});

const clientOf = async (role: 'admin' | 'secretariat', tokens: DemoTokens, { address }: Serving): Promise<ApiClient> =>
  new ApiClient(address, await tokens.of(role));

async function start(directory: string, once: boolean, env: Environment): Promise<{ serving: Serving; keys: string }> {
  const { readConfiguration, serve } = await import('#api');
  const own = {
    PLENARY_DATA: join(directory, 'data'),
    PLENARY_KEYS: join(directory, 'keys'),
    PLENARY_LOG: env['PLENARY_LOG'] ?? 'error',
    ...(once && { PORT: '0' }),
  };
  const configuration: Configuration = readConfiguration({ ...env, ...own });
  try {
    return { serving: await serve(configuration), keys: configuration.keys };
  } catch (error) {
    // Who names no port gets another one.
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' || env['PORT']) throw error;
    return { serving: await serve({ ...configuration, port: 0 }), keys: configuration.keys };
  }
}

function invite({ address }: Serving, meeting: string, tokens: readonly [Role, string][], terminal: Terminal): void {
  terminal.print(`\nPlenary serves this record at ${address} until you press Ctrl+C.`);
  terminal.print(`API documentation: ${address}/api/docs`);
  terminal.print('A token for each role:');
  for (const [role, token] of tokens) terminal.print(`  ${role.padEnd(11)}  ${token}`);
  const auditor = tokens.find(([role]) => role === 'auditor')![1];
  terminal.print('\nThe report of the conference, each sentence with the number of its record:');
  terminal.print(`  curl -H 'Authorization: Bearer ${auditor}' ${address}/api/v1/meetings/${meeting}/report`);
}
