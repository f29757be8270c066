// Proposals: put to a body, and withdrawn.
import { body, bodyRefusals } from '#bodies/contracts';
import { document } from '#documents/contracts';
import {
  audienceKey,
  command,
  commons,
  present,
  sealOptional,
  sealParty,
  sealReason,
  sealText,
  type Audience,
  type LocalizedText,
  type PartyInput,
  type Reason,
  type SetAudience,
  type Uuid,
} from '#kernel';
import { findUnknownParty, meetingRefusals, notDuring, notOf, whenLate, type MeetingState } from '#meetings/contracts';
import { beforeIntroduced } from './before-introduced.js';
import { decisionRefusals } from './decision-refusals.js';
import { lookAtMeeting } from './look-at-meeting.js';
import { proposal, settledBy, type ProposalState } from './proposal.js';
import { leftOpenLater } from './replaced-decisions.js';

export interface IntroduceProposal {
  body: Uuid;
  meeting?: Uuid;
  sitting?: Uuid;
  item?: Uuid;
  title?: LocalizedText;
  text: LocalizedText;
  proponents?: PartyInput[];
  fromTheFloor?: boolean;
  document?: Uuid;
  takesUp?: Uuid;
  audience?: Audience;
}

export const introduceProposal = command<
  ProposalState,
  IntroduceProposal,
  { meeting: MeetingState | undefined; takesUp: ProposalState | undefined }
>({
  name: 'introduce-proposal',
  on: proposal,
  roles: ['secretariat'],
  stream: 'new',
  creates: 'stream',
  bodiesOf: (input) => [input.body],
  async look(input, look) {
    if (!(await look.at(body, input.body)))
      return bodyRefusals['unknown-body'](`There is no body ${input.body}.`, { fields: [{ field: 'body', reason: 'is no body' }] });
    const unknown = await findUnknownParty(
      (input.proponents ?? []).map((party, index) => ({ party, field: `proponents[${index}]` })),
      look,
    );
    if (unknown) return unknown;
    if (input.document && !(await look.at(document, input.document)))
      return meetingRefusals['unknown-document'](`There is no document ${input.document}.`, {
        fields: [{ field: 'document', reason: 'is not registered' }],
      });
    const at = await lookAtMeeting(input, look);
    return 'meeting' in at ? { ...at, takesUp: input.takesUp && (await look.at(proposal, input.takesUp)) } : at;
  },
  decide(input, _state, context) {
    const { meeting: state, takesUp: earlier } = context.seen;
    // To who writes for another body, one that stands and one that was withdrawn are the same.
    if (input.takesUp && !(earlier?.withdrawn && context.writesForOneOf(proposal.bodies(earlier, input.takesUp))))
      return decisionRefusals['not-withdrawn'](`${input.takesUp} is no withdrawn proposal of a body for which you write.`, {
        fields: [{ field: 'takesUp', reason: 'is no withdrawn proposal' }],
      });
    if (!state && input.sitting)
      return meetingRefusals['unknown-sitting']('Name its meeting too.', {
        fields: [{ field: 'sitting', reason: 'is a sitting of no meeting' }],
      });
    if (!state && input.item)
      return meetingRefusals['unknown-item']('Name its meeting too.', { fields: [{ field: 'item', reason: 'is an item of no meeting' }] });
    const barred = state && (notOf(state, input.body) ?? notDuring(state, context, input));
    if (barred) return barred;
    const { meeting, sitting, item, title, text, proponents, fromTheFloor, document: paper, takesUp, audience } = input;
    const data = {
      ...commons(context),
      ...(state && whenLate(state, context, input)),
      body: input.body,
      ...present({
        meeting,
        sitting,
        item,
        title: sealOptional(title),
        proponents: proponents?.map(sealParty),
        fromTheFloor,
        document: paper,
        takesUp,
        audience,
      }),
      text: sealText(text),
    };
    return [{ type: 'proposal-introduced', data }];
  },
});

export interface WithdrawProposal {
  reason: Reason;
}

export const withdrawProposal = command<ProposalState, WithdrawProposal>({
  name: 'withdraw-proposal',
  on: proposal,
  roles: ['secretariat'],
  stream: 'existing',
  restsOnCompletions: () => true,
  decide(input, state, context) {
    if (state.withdrawn) return [];
    if (!state.introduced) return decisionRefusals['no-proposal']('The decision was taken without one.');
    const settled = settledBy(state);
    if (settled) return decisionRefusals['already-decided'](`The body has ${settled[1].outcome} it.`);
    const stopped = context.rules.check(beforeIntroduced(state, context), ...leftOpenLater(state, context));
    if (stopped) return stopped;
    return [{ type: 'proposal-withdrawn', data: { ...commons(context), reason: sealReason(input.reason) } }];
  },
});

export const setProposalAudience = command<ProposalState, SetAudience>({
  name: 'set-proposal-audience',
  on: proposal,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    if (!state.introduced) return decisionRefusals['no-proposal']('Set the audience of the decision.');
    if (state.audience === audienceKey(input.audience)) return [];
    return [{ type: 'proposal-audience-set', data: { ...commons(context), audience: input.audience, reason: sealReason(input.reason) } }];
  },
});
