// `npm run docs` writes the generated pages; with --check it compares them instead, and fails where one is stale.
import { fileURLToPath } from 'node:url';
import { stalePages, writePages } from './docs/pages.js';

const root = fileURLToPath(new URL('..', import.meta.url));

if (process.argv.includes('--check')) {
  const stale = await stalePages(root);
  for (const difference of stale) process.stderr.write(`${difference}\n`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  await writePages(root);
}
