// Ratios as lines for a terminal, and as docs/benchmarks.md.
import { cpus, loadavg, totalmem, type as systemType, release } from 'node:os';
import { isMet, type Ratio } from './scenario.js';

const bound = ({ bound: { is, value } }: Ratio): string => `${is === 'at-least' ? 'at least' : 'at most'} ${value}`;
const number = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

export function printed(ratio: Ratio): string {
  const figures = ratio.figures.map(([label, value]) => `    ${label}: ${value}`);
  return [
    `${ratio.name.padEnd(14)} ${number(ratio.value).padStart(6)}   bound: ${bound(ratio)}   ${isMet(ratio) ? 'met' : 'MISSED'}`,
    ...figures,
  ].join('\n');
}

/** @param database the server on which the scenarios of the engine ran, where they ran on a real one */
export function written(ratios: readonly Ratio[], database?: string): string {
  const rows = ratios.map(
    (ratio) => `| \`${ratio.name}\` | ${number(ratio.value)} | ${bound(ratio)} | ${isMet(ratio) ? 'yes' : '**no**'} |`,
  );
  const details = ratios.flatMap((ratio) => [
    `### ${ratio.name}`,
    `${ratio.says}.`,
    ratio.figures.map(([label, value]) => `- ${label}: ${value}`).join('\n'),
  ]);
  return `${[
    `# Benchmarks${database ? ' on a database' : ''}`,
    `Written by \`${commandOf(database)}\`. Ratios are taken within one run, as medians over interleaved rounds: compare them, not the absolute figures beside them.`,
    machine(database),
    ['| ratio | measured | bound | met |', '|---|---|---|---|', ...rows].join('\n'),
    '## What each compares',
    ...details,
    ...(database ? [] : ['## How it is measured', HOW]),
  ].join('\n\n')}\n`;
}

const commandOf = (database?: string): string => `${database ? 'EVENTSTORE_URL=… ' : ''}npm run bench -- --full`;

function machine(database?: string): string {
  const cores = cpus();
  return [
    `- Machine: ${cores.length} cores (${cores[0]?.model.trim() || 'unnamed'}), ${Math.round(totalmem() / 2 ** 30)} GiB of memory, ${systemType()} ${release()}`,
    `- Node ${process.version}`,
    ...(database ? [`- Database: ${database}, on the same machine`] : []),
    `- Load average over the last five minutes, the benchmark's own included: ${loadavg()[1]!.toFixed(1)}`,
    `- ${new Date().toISOString().slice(0, 10)}, \`${commandOf(database)}\``,
  ].join('\n');
}

const HOW = `The server runs the built output in a process of its own, without a limit on requests. The load comes from another process: a client of
its own (test/bench/http-load.ts) that writes prepared bytes to keep-alive sockets and cuts the answers apart. It sees each answer, which the
checks need, and what it sends depends on the answers before (a correction names the remark acknowledged last); autocannon takes about a
quarter more of a core for each request, which on two cores is missing to the server's writer and projector.
\`commands-1\` asks of one client that waits for each answer a share of what the disk alone could sync: where a sync takes a tenth of a
millisecond, a request that stores nothing takes longer than that by itself. Its rate stands beside it, and is the most that could be reached.
The scenarios of the engine run on a real server where \`EVENTSTORE_URL\` names one: [benchmarks-database.md](benchmarks-database.md).
Each scenario checks its own work (that what was acknowledged is recorded once and listed, that answers are those of the moment, that what is
rebuilt equals what stood): the run fails where a check does, and never because something was slow.`;
