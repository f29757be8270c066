// How much each preset does: `quick` shows within a minute that everything still works, `full` is what figures are quoted from.
export interface Sizes {
  preset: 'quick' | 'full';
  /** Of each comparison; the median counts. */
  rounds: number;
  /** Each side of a round, under load. */
  roundMs: number;
  /** Of `log-read` and `rebuild`. */
  logEvents: number;
  longMeetingRemarks: number;
  /** Of the scenarios that end in `-1m`, and of the versions of one entity among them. */
  manyEvents: number;
  hotVersions: number;
  /** Of each round of `engine-append-…`. */
  engineAppends: number;
}

export const SIZES: Readonly<Record<Sizes['preset'], Sizes>> = {
  quick: {
    preset: 'quick',
    rounds: 3,
    roundMs: 700,
    logEvents: 10_000,
    longMeetingRemarks: 2_000,
    manyEvents: 20_000,
    hotVersions: 2_000,
    engineAppends: 500,
  },
  full: {
    preset: 'full',
    rounds: 5,
    roundMs: 3_000,
    logEvents: 100_000,
    longMeetingRemarks: 10_000,
    manyEvents: 1_000_000,
    hotVersions: 100_000,
    engineAppends: 4_000,
  },
};
