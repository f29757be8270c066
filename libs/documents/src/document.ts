// The document as commands need it.
import { audienceKey, type CivilDate, type Decider, type Uuid } from '#kernel';
import type { DocumentEvent, DocumentKind } from './document.events.js';

export interface DocumentState {
  exists: boolean;
  kind: DocumentKind;
  /** The body that issued it: its secretariat keeps it; where there is none, any may. */
  issuer: Uuid | undefined;
  symbol: string | undefined;
  date: CivilDate | undefined;
  versions: Set<string>;
  audience: string;
}

export const document: Decider<DocumentState, DocumentEvent> = {
  category: 'document',
  initial: () => ({
    exists: false,
    kind: 'other',
    issuer: undefined,
    symbol: undefined,
    date: undefined,
    versions: new Set(),
    audience: '',
  }),
  evolve(state, event) {
    switch (event.type) {
      case 'document-registered':
        state.exists = true;
        state.kind = event.data.kind;
        state.issuer = event.data.issuer;
        state.symbol = event.data.symbol;
        state.date = event.data.date;
        state.audience = audienceKey(event.data.audience);
        if (event.data.version) state.versions.add(event.data.version);
        break;
      case 'document-version-added':
        state.versions.add(event.data.version);
        state.date = event.data.date ?? state.date;
        break;
      case 'document-audience-set':
        state.audience = audienceKey(event.data.audience);
        break;
      case 'document-corrected':
        state.symbol = event.data.symbol ?? state.symbol;
        state.date = event.data.date ?? state.date;
        break;
    }
    return state;
  },
  bodies: (state) => (state.issuer ? [state.issuer] : []),
  touches: (_event, stream) => [stream],
};
