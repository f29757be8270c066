// The pages that are generated from the code: made anew, or compared with what is committed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsPage } from './errors-page.js';
import { eventsPage } from './events-page.js';
import { lineDifferences } from './line-differences.js';
import { sqlPage } from './sql-page.js';

/** Path under the root → what it must hold. */
export async function generatePages(root: string): Promise<Map<string, string>> {
  return new Map([
    ['docs/events.md', eventsPage(root)],
    ['docs/sql.md', sqlPage()],
    ['docs/errors.md', await errorsPage(root)],
  ]);
}

export async function writePages(root: string): Promise<void> {
  for (const [page, text] of await generatePages(root)) writeFileSync(join(root, page), text);
}

/** For each page that is stale, how it differs from what it must hold. */
export async function stalePages(root: string): Promise<string[]> {
  const stale: string[] = [];
  for (const [page, text] of await generatePages(root)) {
    const committed = existsSync(join(root, page)) ? readFileSync(join(root, page), 'utf8') : '';
    if (committed !== text) stale.push(`${page} is stale: run "npm run docs" and commit it\n${lineDifferences(committed, text)}`);
  }
  return stale;
}
