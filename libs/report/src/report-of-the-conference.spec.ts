// The generated report against the public one: every fact is told, every sentence is borne out by its record, and no record can go without being missed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LoggedEvent } from '#event-store';
import type { RecordNumber, Uuid } from '#kernel';
import { catalogue, projections } from '../../../apps/api/src/composition.js';
import { Languages } from '../../http/src/presenter.js';
import { auditor, Workbench } from '../../read-models/src/testing/workbench.js';
import { composeReport } from './compose-report.js';
import { en } from './phrases/en.js';
import { fr } from './phrases/fr.js';
import { putIntoWords, type WordedReport } from './put-into-words.js';
import { RegisterAt } from './register-at.js';
import { toMarkdown } from './render/markdown.js';
import { notBorneOut, open, sentencesOf, untold, type OpenedEvent } from './testing/complaints.js';
import { FACTS } from './testing/facts-of-the-conference.js';
import { playConference, type PlayedConference } from './testing/played-conference.js';
import type { Report } from './values.js';

const PLAYED_WITHIN_MS = 60_000;

let conference: PlayedConference;
let bench: Workbench;
let opened: OpenedEvent[];

beforeAll(async () => {
  conference = await playConference();
  bench = new Workbench({ projections, catalogue, writerKey: conference.writerKey });
  bench.project(conference.events);
  opened = conference.events.map(open);
}, PLAYED_WITHIN_MS);
afterAll(() => bench.close());

async function compose(): Promise<Report | undefined> {
  const moment = { record: bench.projector.checkpoint.record, isNow: true };
  return composeReport(new RegisterAt(bench.reading, moment, auditor, projections), conference.meeting as Uuid);
}

const inWords = (report: Report, phrases: Parameters<typeof putIntoWords>[1] = en, asked = 'en'): WordedReport => {
  const languages = new Languages(asked);
  return putIntoWords(report, phrases, (texts) => languages.choose(texts));
};

describe('the report of the conference', () => {
  it('tells every fact of the public report, each by the record of the event that says so', async () => {
    expect(FACTS.length).toBeGreaterThanOrEqual(30);
    expect(untold(inWords((await compose())!), opened)).toEqual([]);
  });

  it('says nothing that the records which it cites do not hold', async () => {
    expect(notBorneOut((await compose())!, opened)).toEqual([]);
  });

  it('is what the server answers', async () => {
    expect(conference.markdown).toBe(toMarkdown(inWords((await compose())!)));
  });

  it('cites every event of every step, and those that followed', async () => {
    const cited = new Set(sentencesOf(inWords((await compose())!)).map(({ record }) => conference.events[record - 1]!.id));
    const steps = conference.play.steps.map((step, index) => ({
      step: step.name,
      cited: conference.played.events[index]!.every((id) => cited.has(id as Uuid)),
    }));
    expect(steps.filter((step) => !step.cited)).toEqual([]);
    const approvals = conference.events.filter(({ type }) => type === 'seat-allocation-approved');
    expect(approvals.map(({ id }) => cited.has(id))).toEqual([true, true]);
  });

  it('marks what is illustrative, and nothing that the public report states', async () => {
    const illustrative = new Set(
      conference.play.steps.flatMap(({ body }, index) => (body['illustrative'] === true ? conference.played.events[index]! : [])),
    );
    const sentences = sentencesOf(inWords((await compose())!));
    const isSample = ({ record }: { record: number }): boolean => illustrative.has(conference.events[record - 1]!.id);
    expect(sentences.filter((each) => isSample(each) && !each.illustrative)).toEqual([]);
    // What follows from an illustrative allocation is illustrative too.
    expect(sentences.filter((each) => !isSample(each) && each.illustrative && !each.text.includes('Finance Committee'))).toEqual([]);
  });

  it('is given in another language, with the original where that is missing', async () => {
    const french = inWords((await compose())!, fr, 'fr-CH');
    expect(french.foreign).toEqual(['en']);
    const texts = sentencesOf(french).map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringContaining('49 sur 52 Member States of the WCO European region étaient présents'));
    expect(texts).toContainEqual(expect.stringContaining('Commission de politique générale : commission qui relève de Conseil'));
  });
});

describe('an event less', () => {
  /** The histories that lack one event each, projected in one file: cut back before the event, and continued behind it. */
  async function* histories(): AsyncGenerator<{
    missing: LoggedEvent;
    report: WordedReport | undefined;
    events: OpenedEvent[];
    source: Report | undefined;
  }> {
    const { events } = conference;
    const one = new Workbench({ projections, catalogue, writerKey: conference.writerKey });
    try {
      for (const [index, missing] of events.entries()) {
        if (isOfTheInstallation(missing)) {
          one.projector.apply([missing]);
          continue;
        }
        const source = await composeFrom(one, events.slice(index + 1));
        yield { missing, source, report: source && inWords(source), events: opened.toSpliced(index, 1) };
        one.projector.cutBackTo(index as RecordNumber);
        one.projector.apply([missing]);
      }
    } finally {
      one.close();
    }
  }

  /** Undefined where the history makes no sense any more. */
  async function composeFrom({ projector, reading }: Workbench, rest: readonly LoggedEvent[]): Promise<Report | undefined> {
    try {
      projector.apply(rest);
      const moment = { record: projector.checkpoint.record, isNow: true };
      return await composeReport(new RegisterAt(reading, moment, auditor, projections), conference.meeting as Uuid);
    } catch {
      return undefined;
    }
  }

  it(
    'is missed by the report, whichever it is; and by the facts, where the public report states it',
    async () => {
      const whole = count(sentencesOf(inWords((await compose())!)).map(({ text }) => text));
      const factual = new Set(FACTS.map(({ event }) => event));
      const [unmissed, unfelt, senseless]: [string[], string[], string[]] = [[], [], []];
      for await (const { missing, report, events } of histories()) {
        if (!report) {
          senseless.push(missing.type);
          continue;
        }
        const told = count(sentencesOf(report).map(({ text }) => text));
        if ([...whole].every(([text, times]) => (told.get(text) ?? 0) >= times)) unmissed.push(missing.type);
        const isIllustrative = missing.data.includes('"illustrative":true');
        if (!isIllustrative && factual.has(missing.type) && !isOfFinanceCommittee(missing) && untold(report, events).length === 0)
          unfelt.push(`${missing.type} ${open(missing).texts.join(' ')}`);
      }
      expect(unmissed).toEqual([]);
      expect(unfelt).toEqual([]);
      // Without these nothing at all can be told.
      expect(senseless).toEqual(['meeting-scheduled']);
    },
    PLAYED_WITHIN_MS,
  );

  const isOfFinanceCommittee = ({ type, stream }: LoggedEvent): boolean =>
    type === 'seat-allocation-approved' &&
    conference.events.some((event) => event.stream === stream && event.data.includes('"illustrative":true'));
});

/** The log itself and the tokens with which the play was played. */
const isOfTheInstallation = ({ stream }: LoggedEvent): boolean => stream === 'log' || stream.startsWith('token-');

const count = (texts: readonly string[]): Map<string, number> => {
  const counted = new Map<string, number>();
  for (const text of texts) counted.set(text, (counted.get(text) ?? 0) + 1);
  return counted;
};
