// Before the first spec: what specs start as processes is the built program, and as new as the sources that they import.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const buildIfStale = fileURLToPath(new URL('../../apps/cli/build-if-stale.mjs', import.meta.url));

export default () => void execFileSync(process.execPath, [buildIfStale], { stdio: 'inherit' });
