// The version of this release, as package.json has it.
import { readFileSync } from 'node:fs';

export const VERSION = (JSON.parse(readFileSync(findPackage(), 'utf8')) as { version: string }).version;

/** From the sources it lies three folders up, from the build four. */
function findPackage(): URL {
  return new URL(import.meta.url.includes('/dist/apps/') ? '../../../../package.json' : '../../../package.json', import.meta.url);
}
