// Every kind of stream, with how it folds.
import { logDecider } from '#event-store';
import type { Category, Decider } from '#kernel';
import { body } from '../../libs/bodies/src/body.js';
import { organisation } from '../../libs/bodies/src/organisation.js';
import { person } from '../../libs/bodies/src/person.js';
import { proposal } from '../../libs/decisions/src/proposal.js';
import { document } from '../../libs/documents/src/document.js';
import { followUp } from '../../libs/follow-ups/src/follow-up.js';
import { token } from '../../libs/identity/src/token.js';
import { meeting } from '../../libs/meetings/src/meeting.js';
import { allocation } from '../../libs/seats/src/allocation.js';

export const deciders: Readonly<Record<Category, Decider<never, never>>> = {
  body,
  organisation,
  person,
  meeting,
  document,
  proposal,
  allocation,
  followup: followUp,
  token,
  log: logDecider,
} as never;
