// Which event types this release knows, and how their older schema versions are read: stored bytes never change, their reading does.
import type { EventType, JsonObject } from '#kernel';

/** An event that this release cannot read: of a type it does not know, or written by a newer release. */
export class UnknownEvent extends Error {
  constructor(
    readonly type: string,
    readonly schemaVersion: number,
    known: number | undefined,
  ) {
    super(
      known === undefined
        ? `an event of type ${type}, which this release does not know`
        : `an event of type ${type} in schema version ${schemaVersion}; this release reads versions 1 to ${known}`,
    );
  }
}

export class EventCatalogue {
  private readonly types = new Map<string, EventType>();

  constructor(...contexts: readonly Readonly<Record<string, EventType>>[]) {
    for (const [name, type] of contexts.flatMap((types) => Object.entries(types))) {
      if (this.types.has(name)) throw new Error(`the event type ${name} is declared twice`);
      for (let from = 1; from < type.version; from++) {
        if (!type.upcasters?.[from]) throw new Error(`${name} has no upcaster from version ${from}`);
      }
      this.types.set(name, type);
    }
  }

  /** @throws UnknownEvent */
  upcast(type: string, schemaVersion: number, data: JsonObject): JsonObject {
    const known = this.types.get(type);
    if (!known || schemaVersion > known.version || schemaVersion < 1) throw new UnknownEvent(type, schemaVersion, known?.version);
    let read = data;
    for (let from = schemaVersion; from < known.version; from++) read = known.upcasters![from]!(read);
    return read;
  }

  /** The version that is written today. @throws UnknownEvent */
  schemaVersion(type: string): number {
    const known = this.types.get(type);
    if (!known) throw new UnknownEvent(type, 0, undefined);
    return known.version;
  }

  get names(): readonly string[] {
    return [...this.types.keys()];
  }
}
