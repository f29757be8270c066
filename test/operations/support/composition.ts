// The composition on the engine that is at hand, under a name of its own: what it makes is gone afterwards.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { until } from '../../support/until.js';
import { PACKAGE_ROOT } from '../../support/plenary.js';

const PROJECT = 'plenary-spec';
const OUTPUT_BYTES = 64 * 1024 * 1024;
const execute = promisify(execFile);

/** @throws where the command ends with another status than 0: with what it printed */
export async function docker(...args: string[]): Promise<string> {
  return (await execute('docker', args, { cwd: PACKAGE_ROOT, maxBuffer: OUTPUT_BYTES })).stdout.trim();
}

export interface Composition {
  /** @throws where the command ends with another status than 0 */
  readonly compose: (...args: string[]) => Promise<string>;
  /** A verb of Plenary in the container of a service: what it prints. */
  readonly plenary: (service: string, ...args: string[]) => Promise<string>;
  /** Makes a token, with the rights of who holds the keys. */
  readonly token: (service: string, role: string) => Promise<string>;
  /** Ends every process of the services, at once and without a word. */
  readonly kill: (...services: string[]) => Promise<void>;
  /** Resolves once its health check says that the service is well, or where it has none, that it runs. */
  readonly healthy: (service: string) => Promise<void>;
  /** Removes all of it, volumes too. */
  readonly remove: () => Promise<void>;
}

export function composition(profile?: string, set: Record<string, string> = {}): Composition {
  const env = { ...process.env, ...set };
  const compose = async (...args: string[]): Promise<string> => {
    const command = ['compose', '--project-name', PROJECT, ...(profile === undefined ? [] : ['--profile', profile]), ...args];
    return (await execute('docker', command, { cwd: PACKAGE_ROOT, env, maxBuffer: OUTPUT_BYTES })).stdout.trim();
  };
  const plenary = (service: string, ...args: string[]): Promise<string> => compose('exec', '--no-TTY', service, 'plenary', ...args);
  return {
    compose,
    plenary,
    token: (service, role) => plenary(service, 'token', 'create', '--role', role, '--name', `A ${role}`),
    kill: async (...services) => void (await compose('kill', '--signal', 'KILL', ...services)),
    healthy: async (service) => {
      const container = await compose('ps', '--all', '--quiet', service);
      const state = '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}';
      await until(async () => ['healthy', 'running'].includes(await docker('inspect', '--format', state, container)));
    },
    remove: async () => void (await compose('down', '--volumes', '--timeout', '5')),
  };
}
