import type { Projection } from '#read-models';

/** The registers that reports and dossiers are made from. */
export class ReportSources {
  constructor(readonly projections: readonly Projection[]) {}
}
