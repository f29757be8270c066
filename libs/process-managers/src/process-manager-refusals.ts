// What an operator is told of a reaction that did not come about.
import { refusals } from '#kernel';

export const processManagerRefusals = refusals({
  'reaction-failed': {
    status: 500,
    title: 'A process manager could not react',
    rule: 'What follows from an event in another stream is recorded there. This never reaches a client: it stands in the log of the server, and what would have followed must be recorded by hand.',
  },
});
