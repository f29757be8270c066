// Every command of the record on Nest's CommandBus: what to decide, and for whom. One handler hands all of them to the runner.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Runner, type Outcome } from '#event-store';
import type { AnyCommand, Submission } from '#kernel';

export class RecordCommand extends Command<Outcome> {
  constructor(
    readonly definition: AnyCommand,
    readonly submission: Submission,
  ) {
    super();
  }
}

@CommandHandler(RecordCommand)
export class RecordCommandHandler implements ICommandHandler<RecordCommand> {
  constructor(private readonly runner: Runner) {}

  execute({ definition, submission }: RecordCommand): Promise<Outcome> {
    return this.runner.submit(definition, submission);
  }
}
