// The lines of a bundle: one NDJSON file that proves what is in it. docs/auditing.md describes each.

export const BUNDLE_FORMAT = 'plenary-bundle/v1';
/** Longer lines are not read: an append holds at most 512 kB. */
export const MAX_LINE_CHARS = 8 * 1024 * 1024;

export interface BundleScope {
  /** What was asked for: `whole`, or one body, meeting, decision … */
  kind: string;
  id?: string;
}

export interface HeaderLine {
  kind: 'header';
  format: typeof BUNDLE_FORMAT;
  origin: string;
  scope: BundleScope;
  /** Of the checkpoint. */
  size: number;
  /** Whether every leaf entry up to the checkpoint is here. */
  complete: boolean;
}

/** That another key signs from some record on: the note of `signing-key-changed`. In the order of the record. */
export interface KeyLine {
  kind: 'key';
  note: string;
}

export interface CheckpointLine {
  kind: 'checkpoint';
  note: string;
}

/** That the bundle's tree goes on from its first `from` records. Incomplete bundles alone need it. */
export interface ConsistencyLine {
  kind: 'consistency';
  from: number;
  proof: string[];
}

/** A stream of which every event is exported. */
export interface StreamLine {
  kind: 'stream';
  name: string;
}

/** The level-0 tile over the entries that follow: up to 256 hashes in base64. Complete bundles alone have it. */
export interface TileLine {
  kind: 'tile';
  index: number;
  hashes: string;
}

/** A leaf entry whose event is not exported. Complete bundles alone have it. */
export interface LeafLine {
  kind: 'leaf';
  index: number;
  entry: string;
}

export interface BundledValue {
  hash: string;
  salt: string;
  value: string;
}

export interface EventLine {
  kind: 'event';
  index: number;
  stream: string;
  rev: number;
  id: string;
  type: string;
  tv: number;
  at: string;
  /** Canonical texts. */
  data: string;
  meta: string;
  salts: { data: string; meta: string };
  seal: string;
  sealed: BundledValue[];
  /** In incomplete bundles: from the leaf's sibling up, in base64. */
  proof?: string[];
}

/** A statement of the report about the event right above it. */
export interface FactLine {
  kind: 'fact';
  /** Where it belongs in the report: they are read in this order. */
  order: number;
  /** Headings, from the outermost on. */
  under: string[];
  label: string;
  event: number;
  /** JSON pointer (RFC 6901) into the part, sealed texts put back. */
  pointer: string;
  part?: 'data' | 'meta' | 'leaf';
  /** What stands there. */
  value: unknown;
}

export interface EndLine {
  kind: 'end';
  events: number;
  leaves: number;
  facts: number;
}

export type BundleLine =
  HeaderLine | KeyLine | CheckpointLine | ConsistencyLine | StreamLine | TileLine | LeafLine | EventLine | FactLine | EndLine;
