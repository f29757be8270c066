// The verdict for people, and for programs. Lines are the verifier's own: what a bundle says stands in quotes within them, and what anything else
// said to fail, which may be read out of a data directory or come from a server, steers nothing either.
import { asciiOnly, oneLine, quote } from './quote.js';
import type { Judgement, Verdict } from './verdict.js';

const HEADLINES = [
  'PROVEN: what is in this bundle is what was signed.',
  'MANIPULATION: what is in this bundle is not what was signed.',
  'GAP: no manipulation was found, but not everything could be shown.',
  'NOT VERIFIED: the verification could not be run.',
] as const;

const SIGNED_BY_OTHERS = 'NOT SIGNED BY YOUR KEY: no key that you gave signed the checkpoint of this bundle, so nothing in it was checked.';

/** So many streams are named to people. */
const NAMED_STREAMS = 50;

const WORDS: Record<Judgement, string> = { proven: 'proven', 'not-proven': 'NOT PROVEN', broken: 'BROKEN' };

export function verdictProse(verdict: Verdict): string {
  const lines: string[] = [verdict.signedByOthers ? SIGNED_BY_OTHERS : HEADLINES[verdict.status]];
  if (verdict.couldNotRun !== undefined) return `${lines[0]}\n  ${oneLine(verdict.couldNotRun)}.\n`;
  const { bundle, counted } = verdict;
  if (bundle) {
    const scope = bundle.scope.id === undefined ? quote(bundle.scope.kind) : `${quote(bundle.scope.kind)} ${quote(bundle.scope.id)}`;
    lines.push(
      `  Bundle:        log ${quote(bundle.origin)}, ${bundle.size} records, scope ${scope}, said to be ${bundle.complete ? 'complete' : 'a selection'}`,
    );
  }
  if (bundle && bundle.streams.length > 0) lines.push(`  Streams:       ${streams(bundle)}`);
  lines.push(`  Integrity:     ${WORDS[verdict.integrity]}: ${integrity(verdict)}`);
  lines.push(`  Completeness:  ${WORDS[verdict.completeness]}: ${completeness(verdict)}`);
  lines.push(`  Custody:       ${WORDS[verdict.custody]}: ${custody(verdict)}`);
  lines.push(`  Report:        ${report(verdict)}`);
  if (counted.quorums > 0) lines.push(`  Quorums:       ${counted.quorums} counted again from the attendance`);
  if (verdict.firstWrongRecord !== undefined)
    lines.push(`  First wrong:   record ${verdict.firstWrongRecord} (leaf index ${verdict.firstWrongRecord - 1})`);
  if (verdict.findings.length > 0) lines.push('  Findings:');
  for (const { grade, message, line } of verdict.findings)
    lines.push(`    [${grade}] ${oneLine(message)}${line === undefined ? '' : ` (line ${line})`}`);
  const unlisted = verdict.found.manipulation + verdict.found.gap + verdict.found.notice - verdict.findings.length;
  if (unlisted > 0) lines.push(`    and ${unlisted} more`);
  if (verdict.keep !== undefined) {
    lines.push('  Keep this checkpoint, and bring it to the next verification (it alone shows a history that was taken back whole):');
    for (const line of verdict.keep.trimEnd().split('\n')) lines.push(line === '' ? '' : `    ${quoteLess(line)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Of a checkpoint that a trusted key signed; the em dash is the format's own. */
const quoteLess = (line: string): string => (line.startsWith('\u2014 ') ? `\u2014 ${asciiOnly(line.slice(2))}` : asciiOnly(line));

/** That all of a stream is here only a complete bundle shows. */
function streams({ streams: declared, complete }: NonNullable<Verdict['bundle']>): string {
  const more = declared.length - NAMED_STREAMS;
  return `${declared.length} ${complete ? 'said to be here whole' : 'of which all records are said to be here; that none follows the last of them is not shown'}: ${declared
    .slice(0, NAMED_STREAMS)
    .map((stream) => quote(stream))
    .join(', ')}${more > 0 ? ` and ${more} more, which the verdict for programs names` : ''}`;
}

function integrity({ integrity: answer, counted, signedByOthers }: Verdict): string {
  const what = `${counted.events} events, ${counted.values} sealed values`;
  if (signedByOthers) return 'nothing was checked';
  if (answer === 'broken') return `${what} were checked; see the findings`;
  return answer === 'proven' ? `${what} are as they were recorded` : `${what} were checked, and not everything could be shown`;
}

/** What a report leaves out stands in the events; no line of a bundle shows it. */
function report({ counted: { facts, stated, events }, signedByOthers }: Verdict): string {
  if (signedByOthers) return 'not looked at';
  if (facts === 0) return 'none: what is in the events, nobody put in words here';
  return `${facts} statements about ${stated} of ${events} events were compared with them; their order, headings and labels, and what they leave out, are the exporter's`;
}

function completeness({ completeness: answer, bundle, counted, signedByOthers }: Verdict): string {
  if (signedByOthers) return 'nothing was checked';
  if (answer === 'broken') return 'see the findings';
  if (bundle && !bundle.complete)
    return 'this is a selection: it shows that its events are in the history, not that nothing was left out (a later rescission, say)';
  const gone = [
    ...(counted.removedValues > 0 ? [`${counted.removedValues} values removed by law`] : []),
    ...(counted.lostRecords > 0 ? [`${counted.lostRecords} records declared lost`] : []),
  ];
  if (answer === 'not-proven') return 'see the findings';
  return `all ${counted.entries} entries up to the checkpoint are here, so nothing about its streams was left out${gone.length > 0 ? `, but for ${gone.join(' and ')}` : ''}`;
}

function custody({ custody: answer, signedAtSeconds }: Verdict): string {
  const when = signedAtSeconds === undefined ? 'at an unknown time' : new Date(Math.min(signedAtSeconds, 8.64e12) * 1000).toISOString();
  if (answer === 'broken') return 'see the findings';
  if (answer === 'proven') return `signed by a key that you trust, ${when}, and borne out by a checkpoint that you kept or by witnesses`;
  return `signed ${when}, but only the log itself vouches for it: without a kept checkpoint or witnesses, a history that was taken back whole, or shown to others differently, cannot be told`;
}

export const verdictJson = (verdict: Verdict): string => `${asciiOnly(JSON.stringify(verdict, null, 2))}\n`;
