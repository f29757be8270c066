// Streams that are not exported whole, and of which events are here all the same: what was left out may have taken back what is here.
import type { Findings } from './findings.js';
import { quote } from './quote.js';

export class StreamsInPart {
  private readonly shown = new Set<string>();
  /** The first record that is here without its event, by stream. */
  private readonly alone = new Map<string, number>();

  event(stream: string): void {
    this.shown.add(stream);
  }

  entryAlone(stream: string, record: number): void {
    if (!this.alone.has(stream)) this.alone.set(stream, record);
  }

  judge(findings: Findings): void {
    for (const [stream, record] of this.alone) {
      if (this.shown.has(stream))
        findings.add(
          'gap',
          'completeness',
          'stream-in-part',
          `Of stream ${quote(stream)} there are events, and record ${record} of it is here without what it said: it may have taken back what is here.`,
          { record },
        );
    }
  }
}
